"""Searches for fair cycles over the product of a graph with a formula; begin at `search.py`."""
