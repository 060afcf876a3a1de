"""A method out of the function that does the work: its words and options are taken from there.

A title is the first line of the function's docstring, its help the paragraph that follows, its
source the References section.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from imgdiff.metrics.planes import measure_map
from imgdiff.types import ErrorMap, Mask, Measurement, Method, Pair, Settings, options_of


def method_of(key: str, function: Callable[..., object], **rest: Any) -> Method:
    """A method that takes its words and options from the function that does the work."""
    title, help_text, source = _words(function)
    options = options_of(function)
    return Method(key=key, title=title, help=help_text, source=source, options=options, **rest)


def measured_with_params(
    measure: Callable[..., Measurement], pair: Pair, settings: Settings
) -> Measurement:
    """Call a function that measures a pair itself with the options that the settings hold."""
    return measure(pair, settings, **settings.params)


def map_method(
    key: str,
    error_map: Callable[..., ErrorMap],
    *,
    score: Callable[[ErrorMap, Mask], float],
    ceiling: float,
    visible: float | None = None,
    **rest: Any,
) -> Method:
    """A method that is an error map; score and threshold are read off it."""
    run = partial(measure_map, error_map=error_map, score=score, ceiling=ceiling, visible=visible)
    return method_of(key, error_map, run=run, ceiling=ceiling, **rest)


def _words(function: Callable[..., object]) -> tuple[str, str, str]:
    """Title, help and source out of a numpydoc docstring."""
    text = inspect.getdoc(function) or ""
    title, help_text, *_ = [*text.split("\n\n"), "", ""]
    source = text.partition("References\n----------\n")[2]
    return title.rstrip("."), " ".join(help_text.split()), " ".join(source.split())
