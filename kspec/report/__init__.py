"""Reports: what a person or another program reads."""
