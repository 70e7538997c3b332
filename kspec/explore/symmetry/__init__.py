"""Symmetry: which objects of a system are interchangeable, and one state for all that differ in them alone."""
