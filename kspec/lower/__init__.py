"""Lowering: from a checked model and one of its clusters to a system."""
