"""The command line: ``imgdiff compare``, ``batch``, ``accept`` and ``similar``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

# Nothing here multiplies matrices: numpy needn't start a pool of threads for it, which takes longer
# than comparing two screenshots.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from imgdiff.cli import accept, batch, similar
from imgdiff.cli.settings import add_settings, settings_of
from imgdiff.cli.terminal import tell
from imgdiff.errors import ImgdiffError, SettingsError
from imgdiff.load import load_pair
from imgdiff.pipeline import compare
from imgdiff.report import png_pieces, region_rows, to_html, to_json
from imgdiff.view import Layer, View, view_of

_WRITTEN = ("diff", "boxed_before", "boxed_after", "mask", "filled")

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
    view = view_of(compare(reference, test, settings_of(options)))
    tell("Writing …")
    _write_files(view, options)
    tell("")

    text = to_json(view, seconds=seconds) if options.json else _summary(view)
    return text, ALIKE if view.comparison.alike else CHANGED


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
    batch.add_to(commands)
    accept.add_to(commands)
    similar.add_to(commands)
    return parser


def _add_compare_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="BEFORE", help="the reference picture")
    parser.add_argument("after", metavar="AFTER", help="the picture to test against it")
    add_settings(parser)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the pictures there as PNG")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML report")
