"""``imgdiff compare`` of pictures too large to be held: numbers and words, no pictures."""

from __future__ import annotations

import argparse
import json
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from imgdiff.cli.bounds import bounded_memory, bounded_time
from imgdiff.cli.exit_codes import ALIKE, CHANGED
from imgdiff.cli.table_text import table_line
from imgdiff.cli.terminal import note, tell
from imgdiff.comparison.large_pair import SQUARE, LargeComparison, compare_large
from imgdiff.comparison.passing import Figures, beyond_limits
from imgdiff.configuration.rules import Rules
from imgdiff.errors import Cancelled, SettingsError
from imgdiff.load import blamed_on
from imgdiff.load.large import LargePicture, open_large
from imgdiff.report.numbers import REGION_COLUMNS, SCHEMA_VERSION, csv_text
from imgdiff.types import Region, Tolerance
from imgdiff.view.words import (
    certainty_words,
    confidence_word,
    gate_sentences,
    kind_words,
    percent,
)

_SECONDS = 600
"""For a pair, unless the environment says otherwise: four times as large as any that is held."""

_WANTED = ("out", "report", "gif")


def run_large(options: argparse.Namespace, rules: Rules) -> tuple[str, int]:
    """What to print, and the exit code, of a pair of which one is too large to be held."""
    _check(options, rules.tolerance)
    start = time.perf_counter()
    with bounded_memory(), bounded_time(_SECONDS), stoppable() as stopped:
        pages = options.page or (None, None)
        paths = options.before, options.after
        before, after = (_opened(*place) for place in zip(paths, pages, strict=True))
        found = compare_large(before, after, rules.settings, progress=_progress, cancel=stopped)
    tell("")
    seconds = time.perf_counter() - start
    note(f"{rules.settings}, {rules.tolerance}; {seconds:.1f} s", wanted=options.verbose)
    total = found.total
    share = total.different_pixels / total.compared_pixels
    figures = Figures(total.alike, total.different_pixels, share, found.method, total.score)
    failed = tuple(beyond_limits(figures, rules.tolerance))
    code = CHANGED if failed else ALIKE
    if options.json:
        return _json(found, failed, seconds), code
    return (_csv(found) if options.csv else _summary(found, failed)), code


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Give what tells whether somebody pressed Ctrl-C; a second time it interrupts as ever.

    While libvips is at work it may ask Python to log, and an exception raised there is lost.
    """
    pressed = threading.Event()
    ordinary = signal.getsignal(signal.SIGINT)

    def press(*_: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, ordinary)

    if ordinary != signal.SIG_IGN:  # as a shell has it of what runs in the background
        signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    except Cancelled:
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGINT, ordinary)


def _check(options: argparse.Namespace, tolerance: Tolerance) -> None:
    """Refuse what can't be had of pictures this large."""
    wanted = [f"--{name}" for name in _WANTED if getattr(options, name) is not None]
    if tolerance.diff_window is not None:
        wanted.append("--diff-window")
    if wanted:
        raise SettingsError(
            f"Of files or pictures this large numbers alone can be had, but {wanted[0]} is given: "
            "leave it away, or crop both to the place that matters."
        )


def _opened(path: str, page: int | None) -> LargePicture:
    with blamed_on(path):
        return open_large(path, page=page)


def _progress(share: float) -> None:
    tell(f"Comparing … {100 * share:.0f} %")


def _summary(found: LargeComparison, failed: tuple[str, ...]) -> str:
    """As lines of text."""
    method, total = found.method, found.total
    meaning = method.score_help.rstrip(".")
    score = f"{method.score_name}: {method.in_words(total.score)} ({meaning})."
    lines = [_verdict(found), score, *_facts(found), *gate_sentences(failed, alike=total.alike)]
    rows = _rows(found)
    if rows:
        lines += ["", table_line(dict(zip(rows[0], rows[0], strict=True)))]
        lines += [table_line(row) for row in rows]
    return "\n".join(lines)


def _verdict(found: LargeComparison) -> str:
    """The answer in one sentence."""
    total, count = found.total, len(found.total.regions)
    if count:
        return "1 place changed." if count == 1 else f"{count} places changed."
    if total.indistinct:
        return (
            f"The pictures differ, in parts all over, by up to ±{total.indistinct:.0f} levels: "
            "this method can't tell noise from change there."
        )
    if total.equal:
        return "The pictures are equal, pixel for pixel."
    limit = found.settings.min_area
    return f"No change larger than {limit:g} px² found, though the pictures are not equal."


def _facts(found: LargeComparison) -> list[str]:
    """What else a user should know."""
    total, facts = found.total, []
    if total.regions:
        share, box = total.different_pixels / total.compared_pixels, total.regions[0].box
        facts.append(
            f"{percent(share)} of the pixels differ. The largest place is {box.width} × "
            f"{box.height} px at ({box.x}, {box.y})."
        )
        sure = [r.confidence for r in total.regions if r.confidence is not None]
        facts += [certainty_words(sure, len(total.regions))] if sure else []
    facts.append(
        f"Compared as they lie, in pieces of up to {SQUARE} px: files or pictures this large are "
        "neither aligned nor read."
    )
    for role, picture in (("Before", found.before), ("After", found.after)):
        facts += [f"{role}: {told}" for told in picture.notes]
    return facts


def _rows(found: LargeComparison) -> list[dict[str, float | str]]:
    """The places as a table."""
    return [_row(number, region) for number, region in enumerate(found.total.regions, 1)]


def _row(number: int, region: Region) -> dict[str, float | str]:
    box = region.box
    words = kind_words(region), confidence_word(region.confidence), "", "", "", "", ""
    values = (number, box.x, box.y, box.width, box.height, region.area, *words)
    return dict(zip(REGION_COLUMNS, values, strict=True))


def _csv(found: LargeComparison) -> str:
    return csv_text(REGION_COLUMNS, _rows(found)).rstrip("\n")


def _json(found: LargeComparison, failed: tuple[str, ...], seconds: float) -> str:
    """The numbers; keys are only ever added."""
    method, total = found.method, found.total
    facts: dict[str, Any] = {
        "schema": SCHEMA_VERSION,
        "large": True,
        "method": method.key,
        "score": total.score if math.isfinite(total.score) else None,
        "score_text": method.in_words(total.score),
        "score_help": method.score_help,
        "similarity_percent": method.similarity_percent(total.score),
        "verdict": _verdict(found),
        "facts": _facts(found),
        "alike": total.alike,
        "passed": not failed,
        "failures": list(failed),
        "reference": _picture(found.before),
        "test": _picture(found.after),
        "different_pixels": total.different_pixels,
        "changed_fraction": total.different_pixels / total.compared_pixels,
        "threshold": total.threshold,
        "regions": [_region(number, r) for number, r in enumerate(total.regions, 1)],
        "seconds": {"compare": seconds},
    }
    return json.dumps(facts, indent=2, ensure_ascii=False)


def _picture(picture: LargePicture) -> dict[str, Any]:
    size = {"width": picture.width, "height": picture.height}
    return {"name": picture.name, **size, "format": picture.format, "notes": list(picture.notes)}


def _region(number: int, region: Region) -> dict[str, Any]:
    box = region.box
    return {
        "id": number,
        "box": [box.x, box.y, box.width, box.height],
        "area": region.area,
        "peak": region.peak,
        "mean": region.mean,
        "kind": region.kind,
        "confidence": region.confidence,
    }
