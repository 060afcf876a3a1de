"""The options that say how to compare, the same for every command that does."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import get_args

from imgdiff.metrics.registry import METHODS
from imgdiff.types import PRESETS, Align, Box, Option, Read, Settings

_OPTIONS = {option.name: option for method in METHODS.values() for option in method.options}
_SIMPLE = ("grayscale", "align", "threshold", "min_area", "read", "ignore_redrawn")
"""Settings that an option replaces as a whole."""


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each of the `Settings`; what isn't given is None."""
    default = Settings()
    presets = "; ".join(f"{name}: {preset.help}" for name, preset in PRESETS.items())
    methods = "; ".join(f"{method.key}: {method.title}" for method in METHODS.values())
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help=f"settings that suit a purpose, which the other options refine; {presets}",
    )
    parser.add_argument("--method", choices=METHODS, help=f"{methods} ({default.method})")
    channels = parser.add_mutually_exclusive_group()
    channels.add_argument(
        "--grayscale",
        action="store_true",
        default=None,
        help="compare brightness alone",
    )
    channels.add_argument(
        "--color", dest="grayscale", action="store_false", help="compare colours too (the default)"
    )
    parser.add_argument(
        "--align",
        choices=get_args(Align),
        help="how the picture after may be moved to fit: as needed; not at all (none: both must "
        "have one size; corner: another size is a change); stretched to the "
        f"size; or at most by this kind of motion ({default.align})",
    )
    parser.add_argument(
        "--min-area",
        type=float,
        metavar="N",
        help=f"only regions larger than N px² count ({default.min_area})",
    )
    parser.add_argument(
        "--ignore",
        type=_box,
        metavar="X,Y,W,H",
        action="append",
        default=[],
        help="leave this area out; may be given several times",
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="T",
        help="errors above T count, in the method's unit (by default the method decides)",
    )
    _add_reading(parser)
    for option in _OPTIONS.values():
        _add_method_option(parser, option)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--read",
        choices=get_args(Read),
        help="of changes: what is read to say which words changed: places that did, and the page "
        "if there are none; always the whole page; or nothing (places)",
    )
    parser.add_argument(
        "--ignore-redrawn",
        action=argparse.BooleanOptionalAction,
        help="of changes: text that says the same and is only drawn in another way, as all over "
        "the page, is no change (on)",
    )
    parser.add_argument(
        "--ignore-text",
        metavar="REGEX",
        action="append",
        default=[],
        help="of changes: changed words that this matches don't count; may be given several times",
    )


def settings_of(options: argparse.Namespace) -> Settings:
    """The settings that were asked for: those of the preset, and what was said besides."""
    base = Settings() if options.preset is None else Settings.preset(options.preset)
    if options.method not in (None, base.method):
        # What one method is told means nothing to another.
        base = replace(base, method=options.method, threshold=None, params={})
    given = {name: getattr(options, name) for name in _SIMPLE}
    return replace(
        base,
        ignore=tuple(options.ignore),
        ignore_text=tuple(options.ignore_text),
        params={**base.params, **_params(options)},
        **{name: value for name, value in given.items() if value is not None},
    )


def _params(options: argparse.Namespace) -> dict[str, float]:
    """The method's own options, as far as they were given."""
    given = {name: getattr(options, name) for name in _OPTIONS}
    return {name: value for name, value in given.items() if value is not None}


def _add_method_option(parser: argparse.ArgumentParser, option: Option) -> None:
    """An option of one of the methods; None unless it's given."""
    flag = f"--{option.name.replace('_', '-')}"
    if option.is_switch:
        state = "on" if option.default else "off"
        parser.add_argument(
            flag,
            action=argparse.BooleanOptionalAction,
            default=None,
            help=f"{option.param.help} ({state})",
        )
        return
    steps = ", ".join(f"{step}: {word.lower()}" for step, word in option.choices.items())
    parser.add_argument(
        flag,
        type=type(option.default),
        metavar="N",
        help=f"{option.param.help.rstrip('.')} ({f'{steps}; ' if steps else ''}{option.default})",
    )


def _box(text: str) -> Box:
    """A box from "X,Y,W,H"."""
    try:
        x, y, width, height = map(int, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected four whole numbers X,Y,W,H, found {text!r}"
        ) from None
    return Box(x, y, width, height)
