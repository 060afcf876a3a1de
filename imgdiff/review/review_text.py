"""What a review file says besides its pictures, as JSON: written, and read from anybody.

`docs/review.md` describes it. What is read is checked value by value: it may have been made to do
harm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from imgdiff.configuration.rules import Rules, with_layer
from imgdiff.errors import ReviewError, SettingsError
from imgdiff.review.judgement_text import (
    MAX_NAME,
    MAX_NOTE,
    clean_text,
    corners_of,
    ensured,
    judgement_from_dict,
    judgement_to_dict,
    whole_numbers,
)
from imgdiff.types import AreaMask, Box, Polygon, Review, Settings

FORMAT: Final = "imgdiff review"
VERSION: Final = 1
"""To be raised when older readers would misunderstand; keys that are only added don't."""

MAX_JUDGEMENTS: Final = 10_000
MAX_TEXT: Final = 8 * 2**20
"""Bytes of the JSON: each of so many judgements may have a note of 700 characters."""
_FARTHEST: Final = 10**6
"""px; no picture is larger."""
_MOST_AREAS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One of the two files of a review.

    Attributes
    ----------
    name : str
        What its user calls it: text to show.
    sha256 : str
        Of its content.
    data : bytes
        The content; empty in a review without its pictures.
    """

    name: str
    sha256: str
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """All of a review file.

    Attributes
    ----------
    before, after : Enclosed
        The two files.
    layer : mapping
        The settings, by the names of the command's options.
    nudge : (float, float)
        How far the picture after was moved by hand, px right and down.
    examples : str
        Of text to ignore, as they stand on the page.
    verdict : str
        The answer, when it was made.
    review : Review
        What people said.
    """

    before: Enclosed
    after: Enclosed
    layer: Mapping[str, Any] = field(default_factory=dict)
    nudge: tuple[float, float] = (0, 0)
    examples: str = ""
    verdict: str = ""
    review: Review = field(default_factory=Review)

    @property
    def settings(self) -> Settings:
        """How to compare; SettingsError if that can't be."""
        return with_layer(Rules(Settings(nudge=self.nudge)), self.layer).settings


def layer_of_settings(settings: Settings) -> dict[str, Any]:
    """Settings by the names of the command's options, ready for JSON; only what isn't usual.

    Raises
    ------
    ReviewError
        An ignored area is a mask, which no review file holds.
    """
    usual = Settings(method=settings.method)
    values: dict[str, Any] = {
        "method": settings.method,
        "grayscale": settings.grayscale,
        "align": settings.align,
        "threshold": settings.threshold,
        "min-area": settings.min_area,
        "read": settings.read,
        "ignore-redrawn": settings.ignore_redrawn,
        "ignore-text": list(settings.ignore_text),
    }
    defaults = {name: getattr(usual, name.replace("-", "_"), None) for name in values}
    defaults |= {"method": None, "ignore-text": []}
    layer = {name: value for name, value in values.items() if value != defaults[name]}
    if settings.ignored_areas:
        layer["ignore"] = [_area_to_json(area) for area in settings.ignored_areas]
    if settings.region_box is not None:
        layer["region"] = corners_of(settings.region_box)
    if settings.points:
        layer["points"] = [list(pair) for pair in settings.points]
    return layer | {name.replace("_", "-"): value for name, value in settings.params.items()}


def review_to_json(file: ReviewFile) -> str:
    """The text of a review; as short as it can be read.

    Raises
    ------
    ReviewError
        There are more judgements than a review file holds.
    """
    judgements = file.review.judgements
    if len(judgements) > MAX_JUDGEMENTS:
        raise _too_many(len(judgements))
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "before": {"name": file.before.name, "sha256": file.before.sha256},
        "after": {"name": file.after.name, "sha256": file.after.sha256},
        "settings": dict(file.layer),
        "nudge": list(file.nudge),
        "examples": file.examples,
        "verdict": file.verdict,
        "judgements": [judgement_to_dict(one) for one in judgements],
    }
    return json.dumps(facts, indent=1, ensure_ascii=False)


def review_from_json(text: str) -> ReviewFile:
    """A review without its pictures.

    Raises
    ------
    ReviewError
        The text isn't what a review file holds, or of a later version.
    """
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        raise _no_review("its text can't be read") from None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise _no_review("its text is something else")
    version = facts.get("version")
    if isinstance(version, int) and version > VERSION:
        raise ReviewError(
            f"A review file of version {VERSION} is expected, but this one has version "
            f"{version}: get a newer imgdiff."
        )
    try:
        return _file(facts)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError, OverflowError):
        raise _no_review("a value in it makes no sense") from None


def _file(facts: Mapping[str, Any]) -> ReviewFile:
    judgements = facts.get("judgements", [])
    if len(judgements) > MAX_JUDGEMENTS:
        raise _too_many(len(judgements))
    right, down = facts.get("nudge", (0, 0))
    file = ReviewFile(
        before=_enclosed(facts["before"]),
        after=_enclosed(facts["after"]),
        layer=_layer(facts.get("settings", {})),
        nudge=(_shift(right), _shift(down)),
        examples=clean_text(facts.get("examples", ""), 200),
        verdict=clean_text(facts.get("verdict", ""), MAX_NOTE),
        review=Review().merged(Review(tuple(map(judgement_from_dict, judgements)))),
    )
    try:
        _ = file.settings
    except SettingsError as error:
        raise ReviewError(f"The settings of this review file can't be used: {error}") from None
    return file


def _enclosed(facts: Mapping[str, Any]) -> Enclosed:
    digest = facts["sha256"]
    return Enclosed(
        clean_text(facts["name"], MAX_NAME).replace("\n", " "),
        ensured(digest, re.fullmatch("[0-9a-f]{64}", digest) is not None),
    )


def _layer(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that name no file: an area read from a path would be somebody else's."""
    layer = {clean_text(name, MAX_NAME): value for name, value in values.items()}
    if "ignore-mask" in layer:
        raise ValueError
    if "ignore" in layer:
        areas = ensured(layer["ignore"], len(layer["ignore"]) <= _MOST_AREAS)
        layer["ignore"] = [_area(area) for area in areas]
    if "region" in layer:
        layer["region"] = list(whole_numbers(layer["region"], 4))
    return layer


def _area(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, dict):
        corners = [list(whole_numbers(corner, 2)) for corner in value["polygon"][:_MOST_AREAS]]
        return {"polygon": corners}
    return list(whole_numbers(value, 4))


def _area_to_json(area: object) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(area, AreaMask):
        raise ReviewError(
            "A review file holds areas to ignore that are boxes or polygons, but one is a mask: "
            "name a box in its place."
        )
    if isinstance(area, Polygon):
        return {"polygon": [list(corner) for corner in area.corners]}
    return corners_of(cast("Box", area))


def _shift(value: Any) -> float:  # noqa: ANN401
    number = float(value)
    if not abs(number) <= _FARTHEST:
        raise ValueError
    return number


def _too_many(count: int) -> ReviewError:
    return ReviewError(
        f"A review may have {MAX_JUDGEMENTS:,} judgements, but this one has {count:,}: "
        "raise the area threshold, so that fewer places are changes."
    )


def _no_review(why: str) -> ReviewError:
    return ReviewError(
        f"A review file of imgdiff is expected, but of this one {why}: ask for it anew."
    )
