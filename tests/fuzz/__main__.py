"""Load mutants in worker processes and count what becomes of them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from .run import fuzz


def main() -> int:
    """Print the tally; 1 if anything but a picture or a refusal came of a mutant."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    tally: Counter[str] = Counter()
    for index, outcome in fuzz(options.seed, options.count):
        tally[outcome] += 1
        if outcome not in ("picture", "refused"):
            print(f"seed {options.seed}, mutant {index}: {outcome}", flush=True)
    print(f"{sum(tally.values())} mutants: {dict(tally)}")
    return int(bool(set(tally) - {"picture", "refused"}))


if __name__ == "__main__":
    sys.exit(main())
