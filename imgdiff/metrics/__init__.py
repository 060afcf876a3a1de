"""Pure functions (reference, test) → error map, one family a file; `pool` makes numbers of maps."""
