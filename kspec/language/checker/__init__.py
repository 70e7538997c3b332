"""The checker: from syntax trees to the checked tree, with every error on the way."""
