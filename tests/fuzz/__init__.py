"""Damaged pictures by the thousand: ``python -m tests.fuzz --count 20000 --seed 0``."""
