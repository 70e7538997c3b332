"""From formulas of the text to formulas of the system."""
