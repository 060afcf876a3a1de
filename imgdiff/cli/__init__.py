"""The command line: ``imgdiff compare BEFORE AFTER`` and ``imgdiff similar …``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import get_args

# Nothing here multiplies matrices: numpy needn't start a pool of threads for it, which takes longer
# than comparing two screenshots.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from imgdiff.cli import similar
from imgdiff.cli.terminal import tell
from imgdiff.errors import ImgdiffError, SettingsError
from imgdiff.load import load_pair
from imgdiff.method import Option
from imgdiff.methods import METHODS
from imgdiff.pipeline import compare
from imgdiff.report import png_pieces, region_rows, to_html, to_json
from imgdiff.types import Align, Box, Settings
from imgdiff.view import Layer, View, view_of

_WRITTEN = ("diff", "boxed_before", "boxed_after", "mask", "filled")

_OPTIONS = {option.name: option for method in METHODS.values() for option in method.options}

ALIKE, CHANGED, FAILED = 0, 1, 2
"""Exit codes: also the order of how bad it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 alike, 1 changed, 2 error."""
    options = _parser().parse_args(arguments)
    try:
        text, code = options.run(options)
    except ImgdiffError as error:
        tell("")
        print(f"imgdiff: {error}", file=sys.stderr)
        return FAILED
    except Exception:  # noqa: BLE001 (told in full; but Python's own exit code would say "changed")
        sys.excepthook(*sys.exc_info())
        return FAILED
    return code if _print(text) else FAILED


def _print(text: str) -> bool:
    """Print to standard output, in its own encoding; whether that worked."""
    if sys.stdout is None:  # closed, as by ">&-"
        return False
    try:
        encoding = sys.stdout.encoding
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except OSError as error:
        # Python flushes once more at exit, and would complain, unless there is somewhere to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # as of "| head": the reader has seen enough
            print(f"imgdiff: The result can't be printed: {error.strerror}.", file=sys.stderr)
        return False
    return True


def _compare(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    start = time.perf_counter()
    tell("Reading …")
    reference, test = load_pair(options.before, options.after)
    seconds = {"load": time.perf_counter() - start}

    tell("Comparing …")
    view = view_of(compare(reference, test, _settings(options)))
    tell("Writing …")
    _write_files(view, options)
    tell("")

    text = to_json(view, seconds=seconds) if options.json else _summary(view)
    return text, ALIKE if view.comparison.alike else CHANGED


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        method=options.method,
        grayscale=options.grayscale,
        align=options.align,
        threshold=options.threshold,
        min_area=options.min_area,
        ignore=tuple(options.ignore),
        params=_params(options),
    )


def _params(options: argparse.Namespace) -> dict[str, float]:
    """The method's own options, as far as they were given."""
    given = {name: getattr(options, name) for name in _OPTIONS}
    return {name: value for name, value in given.items() if value is not None}


def _write_files(view: View, options: argparse.Namespace) -> None:
    """Write the pictures and the report that were asked for."""
    try:
        if options.out is not None:
            options.out.mkdir(parents=True, exist_ok=True)
            layers = [view.layers[key] for key in _WRITTEN]
            with ThreadPoolExecutor() as pool:
                list(pool.map(partial(_write_png, options.out), layers))
        if options.report is not None:
            options.report.write_text(to_html(view), encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"The results can't be written to {error.filename} ({error.strerror}): "
            "choose another place."
        ) from None


def _write_png(folder: Path, layer: Layer) -> None:
    with (folder / f"{layer.key}.png").open("wb") as file:
        file.writelines(png_pieces(layer))


def _summary(view: View) -> str:
    """The view as lines of text."""
    lines = [view.headline, f"{view.score_name}: {view.score_text} ({view.score_help})"]
    lines.extend(view.facts)
    rows = region_rows(view)
    if rows:
        lines += ["", _line(dict(zip(rows[0], rows[0], strict=True)))]
        lines += [_line(row) for row in rows]
    return "\n".join(lines)


def _line(row: Mapping[str, float | str]) -> str:
    """A row of the table of regions: numbers to the right, words to the left, the last first."""
    *numbers, kind, confidence = (
        value if isinstance(value, str) else f"{value:g}" for value in row.values()
    )
    cells = "".join(f"{number:>8}" for number in numbers)
    return f"{cells}  {confidence:<10}  {kind}".rstrip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="imgdiff", description="Find what changed between pictures, and how alike they are."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    compare_parser = commands.add_parser(
        "compare",
        help="compare two pictures",
        description="Compare two pictures. Exits 0 if alike, 1 if changed, 2 on an error.",
    )
    _add_compare_options(compare_parser)
    compare_parser.set_defaults(run=_compare)
    similar.add_to(commands)
    return parser


def _add_compare_options(parser: argparse.ArgumentParser) -> None:
    default = Settings()
    methods = "; ".join(f"{method.key}: {method.title}" for method in METHODS.values())
    parser.add_argument("before", metavar="BEFORE", help="the reference picture")
    parser.add_argument("after", metavar="AFTER", help="the picture to test against it")
    parser.add_argument(
        "--method", choices=METHODS, default=default.method, help=f"{methods} (%(default)s)"
    )
    channels = parser.add_mutually_exclusive_group()
    channels.add_argument(
        "--grayscale",
        action="store_true",
        default=default.grayscale,
        help="compare brightness alone",
    )
    channels.add_argument(
        "--color", dest="grayscale", action="store_false", help="compare colours too (the default)"
    )
    parser.add_argument(
        "--align",
        choices=get_args(Align),
        default=default.align,
        help="how the picture after may be moved to fit: as needed; not at all; stretched to the "
        "size; or at most by this kind of motion (%(default)s)",
    )
    parser.add_argument(
        "--min-area",
        type=float,
        metavar="N",
        default=default.min_area,
        help="only regions larger than N px² count (%(default)s)",
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
    for option in _OPTIONS.values():
        _add_method_option(parser, option)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the pictures there as PNG")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML report")


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
