"""Random runs in machine code."""
