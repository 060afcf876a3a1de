"""Pairs whose every change is known: a base, edited, then seen through a nuisance."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.detection.bases import Picture, bases
from benchmarks.detection.edits import EDITS, Canvas, Change
from benchmarks.detection.happenings import GROUNDS, HAPPENINGS, Stage, seen, told
from benchmarks.detection.nuisances import NUISANCES
from benchmarks.detection.scenery import Samples
from benchmarks.detection.scenes import SCENES


@dataclass(frozen=True, slots=True)
class KnownPair:
    """Two pictures and what changed between them, in the first one's frame."""

    base: str
    nuisance: str
    before: Samples
    after: Samples
    changes: tuple[Change, ...]
    held_out: bool


_GROUNDS = 6
"""So many draws of each ground, since there's much that they can be."""

_COLOURLESS = 8
"""Mean spread of the channels, levels, below which a picture has no colours to lose."""


def _rng(*names: object) -> np.random.Generator:
    """The same numbers for the same names, on every machine."""
    return np.random.default_rng(zlib.crc32(repr(names).encode()))


def pairs(*, seed: int = 0, step: int = 1, half: str = "all") -> Iterator[KnownPair]:
    """All pairs: each base under each nuisance, once changed and once not.

    Parameters
    ----------
    seed : int
        Another draw of everything.
    step : int
        Take every `step`-th of them only.
    half : {"all", "tuning", "held-out"}
        Which bases: the parameters were chosen on the one half, and are judged by the other.
    """
    pictures = bases()
    names = list(pictures)
    for index, name in enumerate(names):
        held_out = index % 2 == 1
        if half not in ("all", "held-out" if held_out else "tuning"):
            continue
        donor = pictures[names[(index + 2 + seed) % len(names)]]
        for nuisance in NUISANCES:
            for changed in (True, False):
                rng = _rng(name, nuisance, changed, seed)
                if rng.integers(step) == 0:
                    yield _pair((name, nuisance, held_out), pictures[name], donor, changed, rng)


def scenes(*, seed: int = 0, step: int = 1, half: str = "all") -> Iterator[KnownPair]:
    """The kinds that nuisances of a picture don't cover, drawn by each base: as `pairs`."""
    for index, (name, picture) in enumerate(bases().items()):
        held_out = index % 2 == 1
        if half not in ("all", "held-out" if held_out else "tuning"):
            continue
        for kind, scene in SCENES.items():
            for changed in (True, False):
                rng = _rng(name, kind, changed, seed)
                if rng.integers(step) or (kind == "gray" and _colourless(picture)):
                    continue
                made = scene(picture, rng, changed=changed)
                yield KnownPair(name, kind, made.before, made.after, made.changes, held_out)


def happenings(*, seed: int = 0, step: int = 1, half: str = "all") -> Iterator[KnownPair]:
    """One thing that happened in each picture, to be named: as `pairs`.

    The pictures are all bases, and grounds that are flat, graded or patterned, drawn anew.
    """
    pictures = bases()
    names = list(pictures)
    grounds = [name for _ in range(_GROUNDS) for name in GROUNDS]
    for index, name in enumerate([*names, *grounds]):
        held_out = index % 2 == 1
        if half not in ("all", "held-out" if held_out else "tuning"):
            continue
        for kind, happen in HAPPENINGS.items():
            rng = _rng(name, index, kind, seed)
            if rng.integers(step):
                continue
            ground = pictures[name] if name in pictures else GROUNDS[name](rng)
            donor = pictures[names[(2 * index + 2 * seed + index % 2) % len(names)]]
            try:
                before, after = happen(Stage(name, ground, donor, rng))
            except LookupError:
                continue
            change = told(kind, before, after)
            if change is not None:
                shown = seen(before, rng), seen(after, rng)
                yield KnownPair(name, kind, *shown, (change,), held_out)


def _colourless(picture: Picture) -> bool:
    return float(np.ptp(picture.astype(int), axis=2).mean()) < _COLOURLESS


def _pair(
    names: tuple[str, str, bool],
    base: Picture,
    donor: Picture,
    changed: bool,
    rng: np.random.Generator,
) -> KnownPair:
    canvas, changes = Canvas(base, donor, rng), []
    if changed:
        for kind in rng.permutation(list(EDITS))[: int(rng.integers(1, 5))]:
            for _ in range(3):
                kept = canvas.before.copy(), canvas.after.copy()
                try:
                    change = EDITS[kind](canvas)
                except LookupError:
                    change = None
                if change:
                    changes.append(change)
                    break
                canvas.before, canvas.after = kept
    after = NUISANCES[names[1]](canvas.after, rng)
    return KnownPair(names[0], names[1], canvas.before, after, tuple(changes), names[2])
