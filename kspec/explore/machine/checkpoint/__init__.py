"""Checkpoints of a search in machine code: written at ends of levels, and gone on from."""
