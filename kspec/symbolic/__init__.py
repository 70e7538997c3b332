"""Z3: bounded model checking and induction on the system."""
