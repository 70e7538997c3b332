"""Code that puts a packed state into its canonical form: the same one for all states that the symmetries of the system
map onto each other, and one of them.

The state is read as links between objects (`links`), objects get colours that are refined along links (`colours`),
tied objects are ordered (`forest`, `search`), every object goes where its colour and turn say (`targets`), and the
state is written anew (`rewrite`). `kspec.explore.symmetry` says what all of that means, state by state.
"""
