"""Traces: runs told in the words of the model, stored, and replayed."""
