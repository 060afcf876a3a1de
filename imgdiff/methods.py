"""The table of methods: the one place to add one.

A method is a pure function, from two pictures to an error map or from a pair to a measurement, and
one entry here. Its title is
the first line of the function's docstring, its help the paragraph that follows, its source the
References section; page, command line, README and the law tests all read this table.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from imgdiff.errors import SettingsError
from imgdiff.method import Measurement, Method, options_of
from imgdiff.metrics.absdiff import absolute_difference
from imgdiff.metrics.changes import find_changes
from imgdiff.metrics.planes import measure_map
from imgdiff.metrics.pool import mean_error, mean_similarity, otsu_threshold
from imgdiff.metrics.ssim import structural_dissimilarity
from imgdiff.types import ErrorMap, Mask, Pair, Settings


def _method(key: str, function: Callable[..., object], **rest: Any) -> Method:
    """A method that takes its words and options from the function that does the work."""
    title, help_text, source = _words(function)
    options = options_of(function)
    return Method(key=key, title=title, help=help_text, source=source, options=options, **rest)


def _with_params(
    measure: Callable[..., Measurement], pair: Pair, settings: Settings
) -> Measurement:
    """Call a function that measures a pair itself with the options that the settings hold."""
    return measure(pair, settings, **settings.params)


def _map_method(
    key: str,
    error_map: Callable[..., ErrorMap],
    *,
    score: Callable[[ErrorMap, Mask], float],
    threshold: Callable[..., float],
    ceiling: float,
    **rest: Any,
) -> Method:
    """A method that is an error map; score and threshold are read off it."""
    limit = partial(threshold, ceiling=ceiling)
    run = partial(measure_map, error_map=error_map, score=score, threshold=limit)
    return _method(key, error_map, run=run, ceiling=ceiling, **rest)


def _words(function: Callable[..., object]) -> tuple[str, str, str]:
    """Title, help and source out of a numpydoc docstring."""
    text = inspect.getdoc(function) or ""
    title, help_text, *_ = text.split("\n\n")
    source = text.partition("References\n----------\n")[2]
    return title.rstrip("."), " ".join(help_text.split()), " ".join(source.split())


_ALL = (
    _method(
        "changes",
        find_changes,
        run=partial(_with_params, find_changes),
        ceiling=30,
        score_name="Image similarity",
        score_help="Mean SSIM of the aligned pictures in one light: 100 % = equal.",
        unit="%",
        worst=0,
        best=1,
    ),
    _map_method(
        "ssim",
        structural_dissimilarity,
        ceiling=1,
        score=mean_similarity,
        score_name="Image similarity",
        score_help="Mean SSIM: 100 % = equal, 0 % = nothing alike.",
        unit="%",
        worst=0,
        best=1,
        threshold=otsu_threshold,
    ),
    _map_method(
        "absdiff",
        absolute_difference,
        ceiling=255,
        score=mean_error,
        score_name="Mean absolute difference",
        score_help="Mean distance of the pixels in gray levels: 0 = equal, 255 = opposite.",
        unit="levels",
        worst=255,
        best=0,
        threshold=otsu_threshold,
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({method.key: method for method in _ALL})


def method_named(key: str) -> Method:
    """The method with this key; SettingsError if there is none."""
    try:
        return METHODS[key]
    except KeyError:
        known = ", ".join(METHODS)
        raise SettingsError(
            f"The method must be one of {known}, but is {key!r}: choose one of these."
        ) from None
