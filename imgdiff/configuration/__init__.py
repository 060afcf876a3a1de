"""How to compare, said in layers: a preset, a file of settings, a line of a list, an option."""
