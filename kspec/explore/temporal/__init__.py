"""Temporal properties: fair runs of the complete graph that break a formula."""
