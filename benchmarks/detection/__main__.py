"""Measure how well changes are told from noise: ``python -m benchmarks.detection [FOLDER]``.

Makes pairs whose every change is known, lets imgdiff, the classic recipe and the peers that are
installed look for the changes, and prints tables. FOLDER may hold real pairs (see `real.py`).
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.detection.pairs import KnownPair, happenings, pairs, scenes
from benchmarks.detection.real import RealPair, real_pairs
from benchmarks.detection.rivals import Rival, rivals
from benchmarks.detection.scoring import Score, f1, score

Scores = dict[str, list[tuple[KnownPair | RealPair, Score]]]

_FAINT = 14
"""Levels up to which a change is faint."""


def run(looking: Iterable[KnownPair | RealPair], methods: Mapping[str, Rival]) -> Scores:
    """What each method makes of each pair; the time goes to the screen."""
    scores: Scores = defaultdict(list)
    seconds: dict[str, float] = defaultdict(float)
    for pair in looking:
        for name, find in methods.items():
            start = time.perf_counter()
            found = find(pair.before, pair.after)
            seconds[name] += time.perf_counter() - start
            scores[name].append((pair, score(pair.changes, found, pair.before.shape[:2])))
    for name, spent in seconds.items():
        print(f"{name}: {len(scores[name])} pairs, {spent / len(scores[name]):.2f} s each")
    return scores


def overview(scores: Scores) -> None:
    """One row a method."""
    names = ("F1", "without nuisance", "clean", "pixel IoU", "kind right", "stress", "faint")
    print("\n| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for method, rows in scores.items():
        everything = [s for _, s in rows]
        values = (
            f1(everything),
            f1(_under(rows, "none")),
            _mean(s.clean for s in everything),
            _mean(s.iou for s in everything),
            _mean(_right(c) for s in everything for c in s.changes if c[0] != "tiny"),
            f1(_under(rows, "stress")),
            _mean(c[2] for s in everything for c in s.changes if c[1] <= _FAINT),
        )
        print(f"| {method} | " + " | ".join(_number(value) for value in values) + " |")


def details(rows: Sequence[tuple[KnownPair | RealPair, Score]]) -> None:
    """One method by nuisance, by kind of change, by half of the bases, by confidence."""
    nuisances = dict.fromkeys(p.nuisance for p, _ in rows if isinstance(p, KnownPair))
    print("\n| nuisance | F1 | clean |\n|---|---|---|")
    for nuisance in nuisances:
        part = _under(rows, nuisance)
        print(f"| {nuisance} | {f1(part):.3f} | {_number(_mean(s.clean for s in part))} |")

    changes = [change for _, s in rows for change in s.changes]
    print("\n| change | found | named right |\n|---|---|---|")
    for kind in sorted({change[0] for change in changes}):
        found = _mean(change[2] for change in changes if change[0] == kind)
        named = _mean(_right(change) for change in changes if change[0] == kind)
        print(f"| {kind} | {_number(found)} | {_number(named)} |")

    print("\n| bases | F1 | clean |\n|---|---|---|")
    for held_out in (False, True):
        part = [s for p, s in rows if isinstance(p, KnownPair) and p.held_out == held_out]
        clean = _number(_mean(s.clean for s in part))
        print(f"| {'held out' if held_out else 'tuned on'} | {f1(part):.3f} | {clean} |")

    print("\n| confidence | boxes | of them true |\n|---|---|---|")
    trust = [t for _, s in rows for t in s.trust]
    for low, high in ((0, 0.6), (0.6, 0.9), (0.9, 1.01)):
        part_true = [true for confidence, true in trust if low <= confidence < high]
        print(f"| {low:g} to {min(high, 1):g} | {len(part_true)} | {_number(_mean(part_true))} |")


def confusion(rows: Sequence[tuple[KnownPair | RealPair, Score]]) -> None:
    """What each kind of change was called, as shares of those that were found."""
    named = [(c[0], c[3]) for _, s in rows for c in s.changes if c[3] is not None]
    calls = sorted({call for _, call in named})
    print("\n| what happened | found | right | " + " | ".join(calls) + " |")
    print("|---|---|---|" + "---|" * len(calls))
    for kind in sorted({kind for kind, _ in named}):
        of_it = [call for happened, call in named if happened == kind]
        shares = [_number(of_it.count(call) / len(of_it)) for call in (kind, *calls)]
        print(f"| {kind} | {len(of_it)} | " + " | ".join(shares) + " |")
    print(f"\nKind right: {_number(_mean(kind == call for kind, call in named))}")


def worst(rows: Sequence[tuple[KnownPair | RealPair, Score]], count: int = 8) -> None:
    """The pairs with most mistakes."""

    def mistakes(row: tuple[KnownPair | RealPair, Score]) -> int:
        return row[1].false + sum(not change[2] for change in row[1].changes)

    print("\nMost mistakes:")
    for pair, result in sorted(rows, key=mistakes, reverse=True)[:count]:
        missed = [change[0] for change in result.changes if not change[2]]
        name = f"{pair.base} {pair.nuisance}" if isinstance(pair, KnownPair) else pair.group
        print(f"- {name}: {result.false} false, missed {missed}")


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path, help="real pairs with known changes")
    parser.add_argument("--step", type=int, default=1, help="about every N-th pair only")
    parser.add_argument("--seed", type=int, default=0, help="another draw")
    parser.add_argument("--half", default="all", choices=("all", "tuning", "held-out"))
    parser.add_argument("--only", help="this method alone")
    options = parser.parse_args()

    methods = {n: r for n, r in rivals().items() if options.only in (None, n)}
    scores = run(pairs(seed=options.seed, step=options.step, half=options.half), methods)
    overview(scores)
    first = next(iter(scores.values()))
    details(first)
    worst(first)
    ours = {name: find for name, find in methods.items() if name == "imgdiff"}
    if ours:
        print("\n### Scenes\n")
        drawn = scenes(seed=options.seed, step=options.step, half=options.half)
        rows = run(drawn, ours)["imgdiff"]
        details(rows)
        worst(rows)
        print("\n### What happened\n")
        happened = happenings(seed=options.seed, step=options.step, half=options.half)
        rows = run(happened, ours)["imgdiff"]
        for held_out in (False, True):
            part = [(p, s) for p, s in rows if _is_held_out(p) == held_out]
            if part:
                print("\nHeld out:" if held_out else "\nTuned on:")
                confusion(part)
    if options.folder:
        print(f"\n### Real pairs of {options.folder.name}\n")
        real = run(real_pairs(options.folder), methods)
        for method, rows in real.items():
            groups = sorted({p.group for p, _ in rows if isinstance(p, RealPair)})
            parts = (f"{g} {f1([s for p, s in rows if _group(p) == g]):.3f}" for g in groups)
            print(f"{method}: " + ", ".join(parts))


def _under(rows: Sequence[tuple[KnownPair | RealPair, Score]], nuisance: str) -> list[Score]:
    return [s for p, s in rows if isinstance(p, KnownPair) and p.nuisance == nuisance]


def _is_held_out(pair: KnownPair | RealPair) -> bool:
    return isinstance(pair, KnownPair) and pair.held_out


def _right(change: tuple[str, float, bool, str | None]) -> bool | None:
    """Whether a change was called what it is; None if it was called nothing."""
    kind, _, _, named = change
    return None if named is None else named == kind


def _group(pair: KnownPair | RealPair) -> str:
    return pair.group if isinstance(pair, RealPair) else ""


def _mean(values: Iterable[float | bool | None]) -> float | None:
    """Mean of what is known; None if nothing is."""
    known = [float(value) for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
