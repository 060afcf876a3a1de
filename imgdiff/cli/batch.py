"""``imgdiff batch``: compare two folders, two archives, or the pairs of a list."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from imgdiff.cli.exit_codes import ALIKE, CHANGED, FAILED, INTERRUPTED
from imgdiff.cli.gate import add_gate
from imgdiff.cli.parser import add_command, add_verbose
from imgdiff.cli.settings import add_settings, configuration_of, layer_of
from imgdiff.cli.terminal import complain_of, note, unwritable
from imgdiff.errors import SettingsError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from imgdiff.batch import FilePair, Row
    from imgdiff.cli.parser import Commands
    from imgdiff.configuration.rules import Rules


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "batch",
        description="Compare the pictures of two folders or ZIP archives, paired by relative "
        "path, or the pairs of a CSV file with the columns before and after. "
        "Exits 0 if all are alike, 1 if something changed, 2 on an error.",
        examples=(
            "imgdiff batch baseline screenshots --preset screenshot --report out/report.html",
            "imgdiff batch baseline screenshots --include 'home/*' --markdown out/comment.md",
            "imgdiff batch pairs.csv --json",
        ),
    )
    parser.add_argument(
        "before", metavar="BEFORE", type=Path, help="a folder or ZIP archive, or a CSV file"
    )
    parser.add_argument(
        "after", metavar="AFTER", type=Path, nargs="?", help="a folder or ZIP archive; none for CSV"
    )
    parser.add_argument(
        "--match",
        choices=("path", "stem"),
        default="path",
        help="pair by whole relative path, or by all of it before the extension (%(default)s)",
    )
    parser.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only pairs whose path fits, as 'home/*.png'; may be given several times",
    )
    parser.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="no pairs whose path fits; may be given several times",
    )
    add_settings(parser)
    add_gate(parser)
    _add_gate_and_output(parser)
    add_verbose(parser)
    parser.set_defaults(run=run)


def _add_gate_and_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fail-over",
        type=_limit,
        metavar="COUNT|PERCENT%",
        default=(0, False),
        help="exit 1 only if more pairs than this changed, were added or removed (0)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print all rows as JSON")
    form.add_argument("--csv", action="store_true", help="print all rows as CSV")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write a comment for a pull request"
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="write a gallery as HTML page, with a folder of pictures beside it",
    )
    parser.add_argument(
        "--results", type=Path, metavar="FILE", help="write each row as a line of JSON, as it comes"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="skip pairs that the results file holds, if files and settings are still the same",
    )
    parser.add_argument(
        "--workers", type=_count, metavar="N", help="processes (default: one a processor)"
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="compare on this Dask scheduler's workers (needs the extra imgdiff-app[cluster])",
    )


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    if options.resume and options.results is None:
        raise SettingsError("--resume needs a results file, but none is named: add --results FILE.")
    _make_folders(options)
    pairs = _pairs(options)
    rows: list[Row] = []
    finished = False
    try:
        rows.extend(_rows(options, pairs))  # which keeps what it got when it's interrupted
        finished = True
    except KeyboardInterrupt:
        pass
    except OSError as error:
        raise unwritable(error, "The results", options.results or options.report) from None
    try:
        _write(options, rows, total=len(pairs))
    except OSError as error:
        raise unwritable(error, "The results", options.results or options.report) from None
    complain_of(sorted(f"{row.name}: {row.verdict}" for row in rows if row.status == "failed"))
    return _text(options, rows, total=len(pairs)), _code(options, rows) if finished else INTERRUPTED


def _rows(options: argparse.Namespace, pairs: list[FilePair]) -> Iterator[Row]:
    """The rows as they end, each written down before it's handed on."""
    # The other commands don't need it, and start faster without.
    from imgdiff.batch import compare_pairs  # noqa: PLC0415
    from imgdiff.batch.gallery import Gallery  # noqa: PLC0415
    from imgdiff.batch.results_file import ResultsFile, read_results  # noqa: PLC0415

    gallery = Gallery(options.report) if options.report else None
    known = read_results(options.results) if options.resume else {}
    if gallery:
        known = {name: row for name, row in known.items() if gallery.holds(row)}
    with ExitStack() as stack:
        place = stack.enter_context(_place(options, pairs))
        lines = options.results and stack.enter_context(
            ResultsFile(options.results, grow=options.resume)
        )
        found = compare_pairs(
            pairs, _rules_of(options), place, pictures=gallery is not None, known=known
        )
        for row in stack.enter_context(_progress(found, len(pairs))):
            note(f"{row.name}: {row.status}, {1000 * row.seconds:.0f} ms", wanted=options.verbose)
            kept = gallery.keep(row) if gallery else row
            if lines and known.get(row.name) != row:  # that line is there already
                lines.add(kept)
            yield kept


def _rules_of(options: argparse.Namespace) -> Callable[[FilePair], Rules]:
    """The rules of a pair: as the settings file, its line of a list, and the options say."""
    folders = (path for path in (options.before, options.before.parent) if path.is_dir())
    configuration = configuration_of(options, *folders)
    layer = layer_of(options)
    configuration.rules_for("", layer)  # what is wrong with it is wrong for all pairs
    return lambda pair: configuration.rules_for(pair.name, pair.layer, layer)


@contextmanager
def _place(options: argparse.Namespace, pairs: list[FilePair]) -> Iterator[Executor]:
    """Where the work is done."""
    if options.dask:
        from imgdiff.batch.cluster import cluster  # noqa: PLC0415

        with cluster(options.dask, pairs) as executor:
            yield executor
    else:
        from imgdiff.batch.run import machine  # noqa: PLC0415

        workers = machine(options.workers)
        try:
            yield workers
        finally:
            workers.shutdown(cancel_futures=True)


@contextmanager
def _progress(rows: Iterator[Row], total: int) -> Iterator[Iterator[Row]]:
    """A bar with rate and time left, for a person at a terminal."""
    from tqdm import tqdm  # noqa: PLC0415

    with tqdm(rows, total=total, unit="pair", disable=None, leave=False, file=sys.stderr) as bar:
        yield iter(bar)


def _make_folders(options: argparse.Namespace) -> None:
    """What is to be written must have a place, before time is spent on it."""
    try:
        for path in (options.junit, options.markdown, options.report, options.results):
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(error, "The results", None) from None


def _pairs(options: argparse.Namespace) -> list[FilePair]:
    from imgdiff.batch.pairing import chosen  # noqa: PLC0415

    return chosen(_all_pairs(options), include=options.include, exclude=options.exclude)


def _all_pairs(options: argparse.Namespace) -> list[FilePair]:
    from imgdiff.batch.pairing import pair_folders, pair_list, pair_up  # noqa: PLC0415
    from imgdiff.load.archive import open_archive  # noqa: PLC0415

    before, after = options.before, options.after
    if after is None:
        if before.suffix.lower() != ".csv":
            raise SettingsError(
                f"Two folders, two ZIP archives or one CSV file are expected, but {before} stands "
                "alone: name what to compare it with."
            )
        return pair_list(before)
    if before.is_file() and after.is_file():
        return pair_up(open_archive(before), open_archive(after), match=options.match)
    return pair_folders(before, after, match=options.match)


def _write(options: argparse.Namespace, rows: list[Row], *, total: int) -> None:
    """Write the files that need all rows; of a run that was stopped, with those it got to."""
    from imgdiff.batch import files  # noqa: PLC0415
    from imgdiff.batch.gallery import Gallery, relative_link  # noqa: PLC0415
    from imgdiff.batch.markdown import rows_to_markdown  # noqa: PLC0415
    from imgdiff.batch.results_file import write_results  # noqa: PLC0415

    gallery = Gallery(options.report) if options.report else None
    if options.junit:
        link = relative_link(gallery, options.junit.parent) if gallery else None
        options.junit.write_bytes(files.to_junit(rows, link))
    if options.markdown:
        link = relative_link(gallery, options.markdown.parent) if gallery else None
        text = rows_to_markdown(rows, link, note=_interruption(rows, total))
        options.markdown.write_text(text, encoding="utf-8")
    if gallery:
        gallery.write(rows, note=_interruption(rows, total))
    if options.results and len(rows) == total:
        write_results(options.results, sorted(rows, key=lambda row: row.name))


def _text(options: argparse.Namespace, rows: list[Row], *, total: int) -> str:
    from imgdiff.batch import files  # noqa: PLC0415
    from imgdiff.batch.row import most_changed_first, summary  # noqa: PLC0415

    if options.json:
        return files.rows_to_json(rows)
    if options.csv:
        return files.rows_to_csv(rows).rstrip("\n")
    told = [row for row in most_changed_first(rows) if row.status != "equal"]
    lines = [f"{row.status:>8}  {row.name}: {row.verdict}" for row in told]
    return "\n".join([*lines, *filter(None, [_interruption(rows, total)]), summary(rows)])


def _interruption(rows: list[Row], total: int) -> str:
    if len(rows) == total:
        return ""
    return f"The run was stopped after {len(rows)} of {total} pairs."


def _code(options: argparse.Namespace, rows: list[Row]) -> int:
    from imgdiff.batch.row import counts  # noqa: PLC0415

    found = counts(rows)
    if found["failed"]:
        return FAILED
    limit, is_percent = options.fail_over
    differing = found["changed"] + found["added"] + found["removed"]
    allowed = limit * len(rows) / 100 if is_percent else limit
    return CHANGED if differing > allowed else ALIKE


def _limit(text: str) -> tuple[float, bool]:
    """A number of pairs, or a share of them: the number, and whether it is a percentage."""
    found = re.fullmatch(r"(\d+)|(\d+(?:\.\d+)?)%", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected a count such as 3, or 2.5%, found {text!r}")
    return float(found[1] or found[2]), found[1] is None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 up, found {text!r}")
    return int(text)
