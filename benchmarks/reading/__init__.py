"""How well changed words are told, on pages of text made in code."""
