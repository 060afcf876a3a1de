"""How well changes are told from noise: pairs whose every change is known, and a table."""
