"""The language: from text to a checked model."""
