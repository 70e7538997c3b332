"""Random runs of a system."""
