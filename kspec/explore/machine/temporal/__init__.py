"""The complete graph of a system in machine code."""
