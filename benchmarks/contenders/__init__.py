"""The ways to search a model that are compared: one file each."""
