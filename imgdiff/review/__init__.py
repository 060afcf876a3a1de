"""Reviews as files: a pair, how it was compared, and what people said of its changes."""
