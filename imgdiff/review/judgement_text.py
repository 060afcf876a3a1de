"""Judgements as JSON: written, and read from anybody, value by value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar, cast, get_args

from imgdiff.types import Box, Intent, Judgement

MAX_NOTE: Final = 2_000
MAX_NAME: Final = 255
_LARGEST: Final = 10**6
"""px; no picture is larger."""
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")

_T = TypeVar("_T")


def judgement_to_dict(one: Judgement) -> dict[str, Any]:
    """A judgement, ready for JSON; without what it doesn't say."""
    facts = {
        "box": None if one.box is None else corners_of(one.box),
        "intent": one.intent,
        "note": one.note,
        "pin": None if one.pin is None else list(one.pin),
        "by": one.by,
        "at": one.at,
        "pages": None if one.pages is None else list(one.pages),
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def judgement_from_dict(facts: Mapping[str, Any]) -> Judgement:
    """A judgement that anybody may have written.

    Raises
    ------
    TypeError, ValueError, KeyError
        It makes no sense.
    """
    intent = facts.get("intent", "")
    return Judgement(
        box=_maybe(_box, facts.get("box")),
        intent=cast("Intent", ensured(intent, intent in get_args(Intent))),
        note=clean_text(facts.get("note", ""), MAX_NOTE),
        pin=_maybe(lambda pin: whole_numbers(pin, 2), facts.get("pin")),
        by=clean_text(facts.get("by", ""), MAX_NAME),
        at=clean_text(facts.get("at", ""), MAX_NAME),
        pages=_maybe(lambda pages: whole_numbers(pages, 2), facts.get("pages")),
    )


def clean_text(value: object, longest: int) -> str:
    """Text without what isn't to be seen, cut to a length; TypeError if it's no text."""
    if not isinstance(value, str):
        raise TypeError
    text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", value.replace("\r\n", "\n"))
    return text.encode("utf-8", "replace").decode()[:longest]


def corners_of(box: Box) -> list[int]:
    """A box as x, y, width and height."""
    return [box.x, box.y, box.width, box.height]


def _box(value: Any) -> Box:  # noqa: ANN401
    return Box(*whole_numbers(value, 4))


def whole_numbers(value: Sequence[Any], count: int) -> Any:  # noqa: ANN401 (a tuple of so many)
    """Whole numbers of a picture's size, `count` of them; ValueError if they aren't."""
    fits = isinstance(value, list) and len(value) == count
    return tuple(
        ensured(number, type(number) is int and 0 <= number <= _LARGEST)
        for number in ensured(value, fits)
    )


def _maybe(read: Callable[[Any], _T], value: Any) -> _T | None:  # noqa: ANN401
    return None if value is None else read(value)


def ensured(value: Any, holds: bool) -> Any:  # noqa: ANN401
    """A value of which something holds; ValueError if it doesn't."""
    if not holds:
        raise ValueError
    return value
