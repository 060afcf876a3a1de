"""The verdict: one sentence, and at most five facts.

All of it follows from the numbers alone, so that two people who compare the same pictures read the
same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from imgdiff.pixels.color import luma
from imgdiff.types import Comparison, FileFacts, Kind, Pair, holds_everywhere
from imgdiff.view.places import (
    changed_fraction,
    count_of_changes,
    ignored_fraction,
    moved_twice,
    place_of,
)
from imgdiff.view.words import alignment_facts, certainty_words, listed, percent
from imgdiff.view.written import named_changes

MOST_CHANGED = 0.5
"""Share of the picture above which counting places says nothing."""

_KINDS: dict[Kind, str] = {
    "brightness": "brighter or darker",
    "text": "in text",
    "changed": "of another kind",
}
"""Kinds whose name alone isn't what one would say."""

_CAUSES = {
    "colour": "its colours",
    "light": "the light",
    "sharpness": "sharpness",
    "noise": "noise",
    "drawing": "how it is drawn",
    "text": "how its text is drawn",
    "ignored": "text that is ignored",
    "unread": "text that wasn't read",
    "layer": "a text in the file that isn't what is seen",
}
_COMPRESSED = {"JPEG", "WEBP", "AVIF", "HEIC"}
"""Formats that mostly lose something, so that noise is likely theirs."""


def headline_of(comparison: Comparison) -> str:
    """The answer in one sentence."""
    if not comparison.pair.related:
        return "These don't look like pictures of the same thing."
    count = count_of_changes(comparison)
    if changed_fraction(comparison) > MOST_CHANGED:
        return "Most of the picture changed."
    if count:
        return _headline_of_places(comparison, count)
    return _headline_without_places(comparison)


def _headline_without_places(comparison: Comparison) -> str:
    """No place stands out: since nothing differs, or all does, or what differs is explained."""
    if comparison.differs_evenly:
        return "The pictures differ everywhere, too evenly for single places to stand out."
    if comparison.indistinct and comparison.pair.alignment.in_part:
        return "They show one place, but nearly all of it looks different."
    if comparison.indistinct:
        return (
            f"The pictures differ all over, by up to ±{comparison.indistinct:.0f} levels: "
            "this method can't tell noise from change here."
        )
    if comparison.faint:
        places = "place" if len(comparison.faint) == 1 else "places"
        return f"No clear change: {len(comparison.faint)} faint {places} may be noise."
    if comparison.errors.any():
        return _headline_of_traces(comparison)
    return _headline_without_error(comparison)


def _headline_of_places(comparison: Comparison, count: int) -> str:
    """How many places changed, and of up to two the words that did: they say most."""
    places = "1 place changed" if count == 1 else f"{count} places changed"
    named, told = named_changes(comparison.regions)
    if not named:
        return f"{places}."
    others = count - told
    rest = [] if others <= 0 else ["1 other place" if others == 1 else f"{others} other places"]
    return f"{places}: {listed([*named, *rest])}."


def facts_of(comparison: Comparison) -> tuple[str, ...]:
    """What else a user should know, one fact for each topic that there is something to say of."""
    related = comparison.pair.related
    topics = (
        _extent(comparison) if related else (),
        _kinds(comparison) if related else (),
        alignment_facts(comparison.pair),
        () if related else _meaningless_score(comparison),
        # Of different things, light and focus explain nothing.
        (*_explained(comparison), *_too_small(comparison), *_files(comparison)) if related else (),
        _left_out(comparison),
    )
    return tuple(filter(None, (" ".join(sentences) for sentences in topics)))


def _headline_of_traces(comparison: Comparison) -> str:
    """Something differs, but no place that counts."""
    causes = list(_causes(comparison))
    if causes and comparison.explained and not comparison.made_out:
        return f"The same picture, apart from {listed(causes)}."
    limit = comparison.settings.min_area
    return f"No change larger than {limit:g} px² found, though the pictures are not equal."


def _causes(comparison: Comparison) -> Iterator[str]:
    """What explains the differences, each once."""
    pair = comparison.pair
    if pair.alignment.sentence:
        yield "its position"
    formats = {image.file.format for image in (pair.reference, pair.unmoved) if image.file}
    told = (e.cause for e in comparison.explained if e.cause in _CAUSES)
    for cause in dict.fromkeys(told):
        compressed = cause == "noise" and formats & _COMPRESSED
        yield "compression noise" if compressed else _CAUSES[cause]


def _headline_without_error(comparison: Comparison) -> str:
    """The method saw no difference; there may be one all the same."""
    pair = comparison.pair
    before, after = pair.reference.pixels, pair.test.pixels
    if _equal_pixels(pair):
        return _headline_of_equal(comparison)
    if comparison.settings.grayscale and not ((luma(before) != luma(after)) & pair.valid).any():
        return "The pictures are equal in grayscale; compare in colour to see the rest."
    return "The pictures differ by less than this method can tell."


def _equal_pixels(pair: Pair) -> bool:
    """Whether what is compared is equal to the bit."""
    return not ((pair.reference.pixels != pair.test.pixels).any(axis=2) & pair.valid).any()


def _headline_of_equal(comparison: Comparison) -> str:
    """Of pictures whose pixels are equal, as far as both show them."""
    alignment = comparison.pair.alignment
    partly = alignment.only_in_reference or alignment.only_in_test
    where = ", where they overlap" if partly else ""
    if alignment.saved_edges:
        where = ", but for noise along their edges"
    if alignment.sentence:
        return f"The same picture once it's {alignment.sentence}: equal, pixel for pixel{where}."
    if _are_one_file(comparison):
        return "The two files are identical, byte for byte."
    return f"The pictures are equal, pixel for pixel{where}."


def _extent(comparison: Comparison) -> Iterator[str]:
    """How much changed, and the largest place."""
    if not comparison.regions:
        return
    whole = "the picture" if holds_everywhere(comparison.pair.valid) else "what is compared"
    yield f"{percent(changed_fraction(comparison))} of {whole} changed."
    yield f"The largest place is {place_of(comparison.regions[0].place, comparison)}."


def _meaningless_score(comparison: Comparison) -> Iterator[str]:
    """The number, with what it is worth: flat areas alone make any two photographs score."""
    name = comparison.method.score_name
    score = comparison.method.in_words(comparison.score)
    yield f"{name}: {score}, which means nothing for pictures of different things."


def _kinds(comparison: Comparison) -> Iterator[str]:
    """What happened, and how sure that is, where the method can tell."""
    kinds = Counter(region.kind for region in comparison.regions)
    kinds["moved"] -= moved_twice(comparison)
    kinds = +kinds
    if set(kinds) - {"changed"}:
        told = [f"{count} {_KINDS.get(kind, kind)}" for kind, count in kinds.most_common()]
        yield f"Of the places: {listed(told)}."
    sure = [region.confidence for region in comparison.regions if region.confidence is not None]
    if sure:
        yield certainty_words(sure, len(comparison.regions))


def _explained(comparison: Comparison) -> Iterator[str]:
    """What was left out of account; and where to turn if nothing could be told."""
    for explanation in comparison.explained:
        if not (comparison.indistinct and explanation.cause == "noise"):
            yield explanation.sentence
    if comparison.faint:
        yield _faint_words(len(comparison.faint), beside=bool(comparison.regions))
    if comparison.indistinct:
        yield "To see every difference, choose the method absdiff."


def _too_small(comparison: Comparison) -> Iterator[str]:
    """What differs in places too small to count, where nothing else changed."""
    places = comparison.made_out
    if places and not comparison.regions:
        largest = f"{max(place.area for place in places):,} px²"
        if len(places) == 1:
            yield f"1 place of {largest} doesn't count: a lower area threshold shows it."
        else:
            what = f"{len(places):,} places of up to {largest}"
            yield f"{what} don't count: a lower area threshold shows them."


def _faint_words(count: int, *, beside: bool) -> str:
    """What is told apart, and how to have it counted."""
    they = "it" if count == 1 else "them"
    if not beside:
        return f"Sensitivity 4, “Faint changes too”, counts {they}."
    what = "1 faint place" if count == 1 else f"{count} faint places"
    return f"Besides, {what} may be noise: sensitivity 4, “Faint changes too”, counts {they}."


def _left_out(comparison: Comparison) -> Iterator[str]:
    """What wasn't compared, and what loading had to decide."""
    if comparison.settings.ignored_areas:
        yield f"{percent(ignored_fraction(comparison))} of the picture is ignored."
    region = comparison.settings.region_box
    if region is not None:
        yield f"Only {region.width} × {region.height} px at ({region.x}, {region.y}) are compared."
    pair = comparison.pair
    for role, image in (("Before", pair.reference), ("After", pair.unmoved)):
        for note in image.notes:
            yield f"{role}: {note}"


def _files(comparison: Comparison) -> Iterator[str]:
    """That equal pictures come in different files, and what these differ in."""
    pair = comparison.pair
    before, after = pair.reference.file, pair.unmoved.file
    if comparison.errors.any() or before is None or after is None:
        return
    # Of a document this is but one page: the others may be what differs.
    whole = not (pair.alignment.sentence or pair.alignment.blocks or _shown_in_part(comparison))
    whole = whole and _equal_pixels(pair)
    if before.sha256 != after.sha256 and whole and before.format != "PDF":
        yield _difference_of(before, after)


def _shown_in_part(comparison: Comparison) -> bool:
    """Whether a file may hold more than was compared: what loading left out stands in its notes."""
    pair = comparison.pair
    alone = pair.alignment.only_in_reference or pair.alignment.only_in_test
    return bool(
        alone or comparison.settings.ignored_areas or pair.reference.notes or pair.unmoved.notes
    )


def _difference_of(before: FileFacts, after: FileFacts) -> str:
    if before.format != after.format:
        return f"The files differ all the same: one is {before.format}, the other {after.format}."
    return "The files differ all the same, in metadata or compression that nobody sees."


def _are_one_file(comparison: Comparison) -> bool:
    """Whether both pictures come from the same bytes, as far as that is known."""
    before, after = comparison.pair.reference.file, comparison.pair.unmoved.file
    return before is not None and after is not None and before == after
