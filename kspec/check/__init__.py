"""Checking: which engine settles which property, and the verdicts."""
