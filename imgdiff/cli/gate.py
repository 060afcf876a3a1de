"""The options that say how much may differ, the same for every command that can fail for it."""

from __future__ import annotations

import argparse
from typing import cast, get_args

from imgdiff.types import MotionKind


def add_gate(parser: argparse.ArgumentParser) -> None:
    """Add an option for each of the limits of a `Tolerance`."""
    gate = parser.add_argument_group("how much may differ")
    gate.add_argument("--max-diff-pixels", type=int, metavar="N", help="so many pixels may differ")
    gate.add_argument(
        "--diff-window",
        type=int,
        metavar="N",
        help="count the pixels of --max-diff-pixels in any square of N × N px, instead of in all",
    )
    gate.add_argument(
        "--max-diff-percent", type=float, metavar="P", help="P %% of the pixels may differ"
    )
    gate.add_argument(
        "--fail-under",
        type=float,
        metavar="SCORE",
        help="fail if the score is worse, on the method's own scale",
    )
    gate.add_argument(
        "--allow",
        type=_motions,
        metavar="MOTION,…",
        help=f"motions that pass, of {', '.join(get_args(MotionKind))}, or all or none; with "
        "--preset, what its purpose allows; otherwise all",
    )


def _motions(text: str) -> frozenset[MotionKind]:
    """Motions from "shift,scale"."""
    known = get_args(MotionKind)
    if text in ("all", "none"):
        return frozenset(known if text == "all" else ())
    kinds = text.split(",")
    if not {*kinds} <= {*known}:
        raise argparse.ArgumentTypeError(
            f"expected some of {','.join(known)}, or all or none, found {text!r}"
        )
    return frozenset(cast("list[MotionKind]", kinds))
