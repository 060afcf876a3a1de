"""Named values, whoever wrote them → settings and tolerance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast, get_args

import numpy as np

from imgdiff.errors import SettingsError
from imgdiff.load import load_image
from imgdiff.metrics.registry import method_named, method_options
from imgdiff.types import (
    Align,
    Area,
    AreaMask,
    MotionKind,
    PointPair,
    Read,
    Settings,
    Tolerance,
    area_of,
    preset_named,
)

SettingsLayer = Mapping[str, object]
"""Values by the names of the command's options, without the hyphens in front."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How to compare a pair, and how much of it may differ."""

    settings: Settings = field(default_factory=Settings)
    tolerance: Tolerance = field(default_factory=Tolerance)


def with_layer(rules: Rules, layer: SettingsLayer) -> Rules:
    """Rules refined by named values.

    A preset starts anew, but what is ignored and how much may differ stay; another method drops
    what the one before was told; areas to ignore are added; all else is replaced.

    Raises
    ------
    SettingsError
        A name is unknown, or a value isn't what its name wants.
    """
    check_names(layer)
    values = {name: _READ.get(name, _param)(name, value) for name, value in layer.items()}
    rules = _with_preset(rules, values.pop("preset", None))
    rules = _with_method(rules, values.pop("method", None))
    ignored = (*values.pop("ignore", ()), *values.pop("ignore-mask", ()))
    settings: dict[str, Any] = {}
    tolerance: dict[str, Any] = {}
    params: dict[str, Any] = dict(rules.settings.params)
    for name, value in values.items():
        target = tolerance if name in _TOLERANCE else settings if name in _READ else params
        target[name.replace("-", "_")] = value
    if params:
        method_named(rules.settings.method).check(params)
    return Rules(
        replace(
            rules.settings,
            ignore=(*rules.settings.ignored_areas, *ignored),
            params=params,
            **settings,
        ),
        replace(rules.tolerance, **tolerance),
    )


def check_names(names: Iterable[str], *, where: str = "") -> None:
    """SettingsError if a name is unknown, with those there are."""
    unknown = [name for name in names if name not in _READ]
    if not unknown:
        return  # without a look at what all the methods can be told
    known = (*_READ, *(option.replace("_", "-") for option in method_options()))
    for name in unknown:
        if name not in known:
            raise SettingsError(
                f"{where}A setting's name is expected, but {name!r} is none: there are "
                f"{', '.join(known)}."
            )


def _with_preset(rules: Rules, name: object) -> Rules:
    if name is None:
        return rules
    preset = preset_named(cast("str", name))
    before = rules.settings
    settings = replace(preset.settings, ignore=before.ignored_areas, region=before.region_box)
    return Rules(settings, replace(rules.tolerance, allow=preset.allow))


def _with_method(rules: Rules, key: object) -> Rules:
    if key in (None, rules.settings.method):
        return rules
    # What one method is told means nothing to another.
    settings = replace(rules.settings, method=cast("str", key), threshold=None, params={})
    return replace(rules, settings=settings)


def _wrong(name: str, expected: str, value: object) -> SettingsError:
    return SettingsError(f"{name} must be {expected}, but is {value!r}: change it.")


def _word(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, "a word in quotes", value)
    return value


def _words(name: str, value: object) -> tuple[str, ...]:
    """One word, or a list of them."""
    parts = value if isinstance(value, list | tuple) else [value]
    return tuple(_word(name, part) for part in parts)


def _one_of(*words: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if value not in words:
            raise _wrong(name, f"one of {', '.join(words)}", value)
        return value

    return read


def _method(name: str, value: object) -> str:
    return method_named(_word(name, value)).key


def _number(name: str, value: object) -> float:
    try:
        if isinstance(value, bool):
            raise TypeError
        return float(cast("str", value))
    except (TypeError, ValueError):
        raise _wrong(name, "a number", value) from None


def _whole(name: str, value: object) -> int:
    number = _number(name, value)
    if not number.is_integer():
        raise _wrong(name, "a whole number", value)
    return int(number)


def _switch(name: str, value: object) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, str):
        value = words.get(value.lower(), value)
    if not isinstance(value, bool):
        raise _wrong(name, "true or false", value)
    return value


def _param(name: str, value: object) -> float:
    option = method_options()[name.replace("-", "_")]
    if option.is_switch:
        return _switch(name, value)
    return _whole(name, value) if isinstance(option.default, int) else _number(name, value)


def _motions(name: str, value: object) -> frozenset[MotionKind]:
    known = get_args(MotionKind)
    words = value.split(",") if isinstance(value, str) else value
    if words in (["all"], ["none"]):
        return frozenset(known if words == ["all"] else ())
    if not isinstance(words, list | tuple | frozenset) or not {*words} <= {*known}:
        raise _wrong(name, f"some of {','.join(known)}, or all or none", value)
    return frozenset(words)


def _areas(name: str, value: object) -> tuple[Area, ...]:
    """A list of boxes, {polygon = …} and {mask = …}; of text, boxes with semicolons between."""
    if isinstance(value, str):
        value = [part.split(",") for part in value.split(";") if part.strip()]
    if not isinstance(value, list | tuple):
        raise _wrong(name, "a list of areas", value)
    return tuple(_area(name, item) for item in value)


def _area(name: str, item: object) -> Area:
    if isinstance(item, dict):
        if {*item} == {"polygon"}:
            return area_of(item["polygon"])
        if {*item} == {"mask"}:
            return mask_of_file(_word(name, item["mask"]))
        raise _wrong(name, "made of [x, y, width, height], {polygon = …} or {mask = …}", item)
    if isinstance(item, list):
        item = [_whole(name, part) if isinstance(part, str) else part for part in item]
    return area_of(item)


def _masks(name: str, value: object) -> tuple[Area, ...]:
    paths = value if isinstance(value, list | tuple) else [value]
    return tuple(mask_of_file(_word(name, path)) for path in paths if path != "")


def mask_of_file(path: str) -> AreaMask:
    """The area that a picture paints: white, or whatever isn't black, where it's opaque."""
    image = load_image(path)
    inside = (image.pixels != 0).any(axis=2)
    if image.alpha is not None:
        inside &= image.alpha != 0
    return AreaMask.of(np.asarray(inside))


def _region(name: str, value: object) -> object:
    if isinstance(value, str):
        value = [_whole(name, part) for part in value.split(",")]
    return area_of(value)


def _points(name: str, value: object) -> tuple[PointPair, ...]:
    """A list of [x, y, x, y]; of text, pairs with semicolons between: X,Y:X,Y;X,Y:X,Y."""
    if isinstance(value, str):
        value = [part.replace(":", ",").split(",") for part in value.split(";") if part.strip()]
    if not isinstance(value, list | tuple):
        raise _wrong(name, "a list of pairs of points, X,Y:X,Y each", value)
    return tuple(_point_pair(name, item) for item in value)


def _point_pair(name: str, item: object) -> PointPair:
    if not isinstance(item, list | tuple) or len(item) != 4:
        raise _wrong(name, "made of a place before and one after, X,Y:X,Y", item)
    x, y, test_x, test_y = (_number(name, part) for part in item)
    return x, y, test_x, test_y


_TOLERANCE: Final[Mapping[str, Callable[[str, object], object]]] = {
    "max-diff-pixels": _whole,
    "diff-window": _whole,
    "max-diff-percent": _number,
    "fail-under": _number,
    "allow": _motions,
}
_READ: Final[Mapping[str, Callable[[str, object], Any]]] = {
    "preset": _word,
    "method": _method,
    "grayscale": _switch,
    "align": _one_of(*get_args(Align)),
    "threshold": _number,
    "min-area": _number,
    "ignore": _areas,
    "ignore-mask": _masks,
    "region": _region,
    "points": _points,
    "read": _one_of(*get_args(Read)),
    "ignore-redrawn": _switch,
    "ignore-text": _words,
    **_TOLERANCE,
}
SETTING_NAMES: Final = tuple(_READ)
"""The names that a layer may have, whatever the method; each method's options are others."""
