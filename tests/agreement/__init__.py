"""Do all engines say the same? Random models, and fixed ones, through the reference checker and every engine."""
