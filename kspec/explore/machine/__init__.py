"""The explorer in machine code: the code of one system and of the search over it."""
