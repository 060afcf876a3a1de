"""Numbers, regions and alignments in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from imgdiff.pixels.depth import Span
from imgdiff.types import Alignment, Kind, Pair, Region
from imgdiff.view.line_words import block_facts, block_in_words
from imgdiff.view.written import with_its_text

_SIGNS: dict[Kind, str] = {
    "added": "+",
    "removed": "−",
    "moved": "→",
    "recoloured": "◐",
    "brightness": "☼",
    "text": "T",
    "changed": "≠",
}
"""Told by sign and word, so that nobody needs to see a colour."""

_CERTAIN, _LIKELY = 0.9, 0.6
"""Least confidence of what is called so."""

_WORTH_TELLING = 0.005
"""Smaller shares of a picture at its borders go without saying."""


def percent(fraction: float) -> str:
    """A share with two digits: 47 %, 3.0 %, 0.042 %; 0 and 100 only where it's exact."""
    value = 100 * fraction
    if 99.5 <= value < 100:
        return "over 99 %"
    if 0 < value < 0.001:
        return "under 0.001 %"
    if value == 0 or value >= 9.95:
        return f"{value:.0f} %"
    return f"{value:.1f} %" if value >= 0.995 else f"{value:.2g} %"


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence: "a", "a and b", "a, b and c"."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def region_words(region: Region) -> str:
    """What happened in a region and how sure that is, as far as the method can tell; or "".

    What is written there isn't among it: see `with_its_text`.
    """
    words = "" if region.kind == "changed" else kind_words(region)
    if region.block is not None:
        words = block_in_words(region.block)
    return " · ".join(filter(None, (words, confidence_word(region.confidence))))


def kind_words(region: Region) -> str:
    """What happened there, with its sign: "+ added", "→ moved 150 px right, 60 px up"."""
    return f"{_SIGNS[region.kind]} {_happening(region)}"


def happening(region: Region) -> str:
    """What happened there as a title: "Added", "57 rows inserted at y 210", "Text: 1 → 7"."""
    words = _happening(region) if region.block is None else block_in_words(region.block)
    if region.text is not None:
        words = with_its_text(words, region.text)
    return words[0].upper() + words[1:]


def _happening(region: Region) -> str:
    if region.move is None:
        return region.kind
    across, down = region.move.dx, region.move.dy
    steps = [
        f"{abs(step)} px {way[step > 0]}"
        for step, way in ((across, ("left", "right")), (down, ("up", "down")))
        if step
    ]
    return f"{region.kind} {', '.join(steps)}"


def confidence_word(confidence: float | None) -> str:
    """How sure it is that something changed: sure, likely or faint; "" if that isn't known."""
    if confidence is None:
        return ""
    if confidence >= _CERTAIN:
        return "sure"
    return "likely" if confidence >= _LIKELY else "faint"


def certainty_words(confidences: Sequence[float], count: int) -> str:
    """How sure the places are: "2 are sure and 1 is faint.", in that order.

    `count` is that of all places; of some it may not be known.
    """
    counts = Counter(confidence_word(confidence) for confidence in confidences)
    if len(counts) == 1 and len(confidences) == count:
        (word,) = counts
        told = f"It is {word}" if count == 1 else f"All are {word}"
    else:
        told = listed([f"{n} {'is' if n == 1 else 'are'} {word}" for word, n in _in_order(counts)])
    return f"{told}."


def _in_order(counts: Counter[str]) -> list[tuple[str, int]]:
    """Surest first."""
    return [(word, counts[word]) for word in ("sure", "likely", "faint") if counts[word]]


def alignment_facts(pair: Pair) -> Iterator[str]:
    """What was done to the picture after, and what of it to be careful with, a sentence each."""
    alignment = pair.alignment
    if not pair.related:
        if alignment.quality is not None:
            yield f"Hardly any of their details agree: {percent(alignment.quality)}."
        fits = pair.unmoved.pixels.shape[:2] == pair.reference.pixels.shape[:2]
        yield f"They were laid on each other {'as they are' if fits else 'stretched to fit'}."
        return
    if alignment.sentence:
        yield f"The picture after was lined up{_how_well(alignment)}: {alignment.sentence}."
    if alignment.covered:
        yield (
            f"Along the edges of nearer things, {percent(alignment.covered)} of the picture, one "
            "may cover what the other shows: nothing is compared there."
        )
    if alignment.ambiguous:
        yield "The pattern repeats, so the smallest motion that fits was taken."
    if alignment.in_part:
        yield (
            "The two agree in part only: check the alignment by eye; if it's wrong, move the "
            "picture after by hand, or give points that belong together."
        )
    if alignment.saved_edges:
        edges = "edge" if len(alignment.saved_edges) == 1 else "edges"
        yield (
            f"Along the {listed(alignment.saved_edges)} {edges} the pixels were only saved anew: "
            "what differs faintly there isn't counted."
        )
    yield from block_facts(alignment.blocks, pair.overlap.shape)
    if not alignment.blocks:
        yield from _alone_facts(alignment)


def is_doubtful(pair: Pair) -> bool:
    """Whether somebody should look at how the pictures lie, or nobody knows how they would."""
    return not pair.related or pair.alignment.ambiguous or pair.alignment.in_part


def _alone_facts(alignment: Alignment) -> Iterator[str]:
    """How much of each picture the other one doesn't show, if it's worth telling."""
    shares = (
        (alignment.only_in_reference, "Before", "After"),
        (alignment.only_in_test, "After", "Before"),
    )
    for share, one, other in shares:
        if share > _WORTH_TELLING:
            yield f"{percent(share)} of {one} lies outside {other}."


def _how_well(alignment: Alignment) -> str:
    """How exact an alignment is: " to within 0.3 px"; or ""."""
    sure = alignment.uncertainty
    return f" to within {sure:.1f} px" if sure is not None and sure >= 0.05 else ""


def levels_in_words(levels: Span | None) -> str:
    """That pictures with few levels are shown with all of the range; "" if they aren't."""
    if levels is None:
        return ""
    low, high = levels
    return f"Shown stretched: of 65,536 levels, {low:,} is shown black and {high:,} white."


def gate_sentences(failed: Sequence[str], *, alike: bool) -> tuple[str, ...]:
    """Why a gate is closed or open, where whether the pictures are alike doesn't say it already."""
    if bool(failed) != alike:
        return ()
    return tuple(failed) or ("What differs is within what may differ.",)
