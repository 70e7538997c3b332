"""From formulas of linear temporal logic to automata on infinite words; begin at `translate.py`."""
