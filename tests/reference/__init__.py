"""The reference checker: the language once more, as directly as possible, and independent of every engine.

It interprets the checked tree. From kspec it imports the checked tree, its types and spans, and nothing else.
"""
