"""Light and focus: what they explain is taken out before pictures are compared."""
