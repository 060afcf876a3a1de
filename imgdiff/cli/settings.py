"""The options that say how to compare, the same for every command that does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from imgdiff.configuration.rules import SETTING_NAMES
from imgdiff.configuration.settings_file import NAME, Configuration, found_configuration
from imgdiff.types import PRESETS, Align, Box, Read, Settings

if TYPE_CHECKING:
    from imgdiff.cli.parser import CommandParser
    from imgdiff.types import Option, PointPair

_METHOD_OPTIONS: Final = "method_options"
"""Where the names of the methods' options stand among the values of all options."""


def add_settings(parser: CommandParser) -> None:
    """Add an option for each of the `Settings`; what isn't given is None."""
    default = Settings()
    presets = "; ".join(f"{name}: {preset.help}" for name, preset in PRESETS.items())
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help=f"settings that suit a purpose, which the other options refine; {presets}",
    )
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help=f"a file of settings, which the options refine (by default {NAME}, if it's there)",
    )
    method = parser.add_argument("--method", metavar="KEY")
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
        "--ignore-mask",
        metavar="FILE",
        action="append",
        default=[],
        help="leave out what isn't black in this picture; may be given several times",
    )
    parser.add_argument("--region", type=_box, metavar="X,Y,W,H", help="compare this area alone")
    parser.add_argument(
        "--points",
        type=_point_pair,
        metavar="X,Y:X,Y",
        action="append",
        default=[],
        help="a place before and the same after, px, where alignment needs help; two tell shift, "
        "turn and scale, four a view from elsewhere",
    )
    parser.add_argument(
        "--threshold",
        type=float,
        metavar="T",
        help="errors above T count, in the method's unit (by default the method decides)",
    )
    _add_reading(parser)
    parser.add_later(lambda: _add_methods(parser, method))


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


def layer_of(options: argparse.Namespace) -> dict[str, object]:
    """What was asked for, by name: the last layer of settings."""
    names = (*SETTING_NAMES, *getattr(options, _METHOD_OPTIONS, ()))
    given = {name: getattr(options, name.replace("-", "_"), None) for name in names}
    return {name: value for name, value in given.items() if value not in (None, [])}


def configuration_of(options: argparse.Namespace, *folders: Path) -> Configuration:
    """The settings file that was named, or the one that lies here or in one of the folders."""
    return found_configuration(options.config, Path(), *folders)


def _add_methods(parser: CommandParser, method: argparse.Action) -> None:
    """Which methods there are, and an option for each thing that one of them can be told."""
    from imgdiff.metrics.registry import METHODS, method_options  # noqa: PLC0415 (slow, all of it)

    titles = "; ".join(f"{method.key}: {method.title}" for method in METHODS.values())
    method.help = f"{titles} ({Settings().method})"
    options = method_options()
    parser.set_defaults(**{_METHOD_OPTIONS: [name.replace("_", "-") for name in options]})
    group = parser.add_argument_group("what methods can be told")
    for option in options.values():
        _add_method_option(group, option)


def _add_method_option(group: argparse._ArgumentGroup, option: Option) -> None:
    """An option of one of the methods; None unless it's given."""
    flag = f"--{option.name.replace('_', '-')}"
    if option.is_switch:
        state = "on" if option.default else "off"
        group.add_argument(
            flag,
            action=argparse.BooleanOptionalAction,
            default=None,
            help=f"{option.param.help} ({state})",
        )
        return
    steps = ", ".join(f"{step}: {word.lower()}" for step, word in option.choices.items())
    group.add_argument(
        flag,
        type=type(option.default),
        metavar="N",
        help=f"{option.param.help.rstrip('.')} ({f'{steps}; ' if steps else ''}{option.default})",
    )


def _point_pair(text: str) -> PointPair:
    """A place before and one after from "X,Y:X,Y"."""
    try:
        x, y, test_x, test_y = map(float, text.replace(":", ",").split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a place before and one after, X,Y:X,Y, found {text!r}"
        ) from None
    return x, y, test_x, test_y


def _box(text: str) -> Box:
    """A box from "X,Y,W,H"."""
    try:
        x, y, width, height = map(int, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected four whole numbers X,Y,W,H, found {text!r}"
        ) from None
    return Box(x, y, width, height)
