"""Comparisons in processes of their own: what a file does there, it does to nobody else."""
