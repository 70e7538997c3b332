"""Evaluation: what a system means, one state and one step at a time."""
