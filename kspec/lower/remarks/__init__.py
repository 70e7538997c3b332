"""What the text alone shows to be odd: findings that need no search."""
