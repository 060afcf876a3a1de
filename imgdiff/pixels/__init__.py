"""Arrays in, arrays out: colour, PNG, drawing, and the regions of a map."""
