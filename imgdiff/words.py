"""Numbers, regions and alignments in words."""

from __future__ import annotations

from collections.abc import Iterator

from imgdiff.types import Block, Kind, Pair, Region

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

_MOST_BLOCKS = 5
_SURE = 0.45
"""Below this quality a user should have a look: the pictures match in part only."""

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


def kind_words(region: Region) -> str:
    """What happened there, with its sign: "+ added", "→ moved 150 px right, 60 px up"."""
    words = f"{_SIGNS[region.kind]} {region.kind}"
    if region.move is None:
        return words
    across, down = region.move.dx, region.move.dy
    steps = [
        f"{abs(step)} px {way[step > 0]}"
        for step, way in ((across, ("left", "right")), (down, ("up", "down")))
        if step
    ]
    return f"{words} {', '.join(steps)}"


def confidence_word(confidence: float | None) -> str:
    """How sure it is that something changed: certain, likely or faint; "" if that isn't known."""
    if confidence is None:
        return ""
    if confidence >= _CERTAIN:
        return "certain"
    return "likely" if confidence >= _LIKELY else "faint"


def alignment_facts(pair: Pair) -> Iterator[str]:
    """What was done to the picture after, and what of it to be careful with, a sentence each."""
    alignment = pair.alignment
    if not pair.related:
        if alignment.quality is not None:
            yield f"Hardly any of their details agree: {percent(alignment.quality)}."
        yield "They were laid on each other stretched to fit."
        return
    if alignment.sentence:
        sure = alignment.uncertainty
        margin = "" if sure is None or sure < 0.05 else f" (corners to ±{sure:.1f} px)"
        yield f"The picture after was aligned: {alignment.sentence}{margin}."
    if alignment.ambiguous:
        yield "The pattern repeats, so the smallest motion that fits was taken."
    if alignment.quality is not None and alignment.quality < _SURE and alignment.sentence:
        yield "The two agree in part only: check the alignment."
    yield from _block_facts(alignment.blocks)
    shares = (alignment.only_in_reference, "before"), (alignment.only_in_test, "after")
    for share, name in shares if not alignment.blocks else ():
        if share > _WORTH_TELLING:
            yield f"{percent(share)} of the picture {name} is seen in it alone."


def block_in_words(block: Block) -> str:
    """In words: "57 rows inserted at y 210"."""
    lines = block.axis if block.count > 1 else block.axis.removesuffix("s")
    what = "inserted" if block.kind == "added" else "removed"
    return f"{block.count} {lines} {what} at {'y' if block.axis == 'rows' else 'x'} {block.at}"


def _block_facts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks[:_MOST_BLOCKS]:
        yield f"{block_in_words(block)}."
    if len(blocks) > _MOST_BLOCKS:
        yield f"{len(blocks) - _MOST_BLOCKS} more places have rows or columns put in or taken out."
