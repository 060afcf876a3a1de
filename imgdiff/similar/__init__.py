"""How alike are any pictures? Of two, or in a set."""
