"""From a mask of evidence to places that have a name."""
