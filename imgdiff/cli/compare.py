"""``imgdiff compare``: two pictures, and every file that can be made of what was found."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imgdiff.cli.bounds import bounded_memory, bounded_time
from imgdiff.cli.exit_codes import ALIKE, CHANGED
from imgdiff.cli.gate import add_gate
from imgdiff.cli.parser import add_command, add_verbose
from imgdiff.cli.piped import STANDARD_INPUT, with_paths
from imgdiff.cli.settings import add_settings, configuration_of, layer_of
from imgdiff.cli.table_text import table_line
from imgdiff.cli.terminal import note, tell, told_where
from imgdiff.comparison.passing import failures
from imgdiff.comparison.pipeline import compare
from imgdiff.comparison.result import REPORTS, gate_facts, save_layers
from imgdiff.configuration.rules import Rules
from imgdiff.environment import needing
from imgdiff.errors import SettingsError, TooLargeError
from imgdiff.load import blamed_on, count_pages, load_both, read_document
from imgdiff.load.formats import is_pdf
from imgdiff.report.numbers import region_rows, to_csv, to_json
from imgdiff.types import Document, Image
from imgdiff.view import View, view_of
from imgdiff.view.words import gate_sentences

# What few comparisons need is imported by those: documents, and files to write.

if TYPE_CHECKING:
    from imgdiff.cli.parser import Commands


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "compare",
        description="Compare two pictures. Exits 0 if alike, 1 if changed, 2 on an error.",
        examples=(
            "imgdiff compare before.png after.png --report result.html",
            "imgdiff compare baseline.png now.png --preset screenshot --max-diff-pixels 20",
            "git show HEAD:home.png | imgdiff compare - home.png",
        ),
    )
    parser.add_argument(
        "before", metavar="BEFORE", help="the reference picture; - reads standard input"
    )
    parser.add_argument("after", metavar="AFTER", help="the picture to test against it")
    add_settings(parser)
    add_gate(parser)
    _add_output(parser)
    add_verbose(parser)
    parser.set_defaults(run=run)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--page",
        type=_page_numbers,
        metavar="N[:M]",
        help="of documents, compare page N alone, or page N before with page M after "
        "(by default all pages)",
    )
    parser.add_argument(
        "--pair",
        type=_page_numbers,
        action="append",
        default=[],
        metavar="N:M",
        help="of documents, page N before belongs to page M after; may be given several times",
    )
    parser.add_argument(
        "--dpi",
        type=float,
        default=150,
        metavar="N",
        help="pixels an inch at which pages of PDFs are drawn (%(default)s)",
    )
    printed = parser.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="print the result as JSON")
    printed.add_argument("--csv", action="store_true", help="print the changed places as CSV")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the pictures there as PNG")
    parser.add_argument(
        "--report", type=_report, metavar="FILE", help="write a report: FILE.html or FILE.pdf"
    )
    parser.add_argument(
        "--paper", choices=("a4", "letter"), default="a4", help="of a report as PDF (%(default)s)"
    )
    parser.add_argument(
        "--gif", type=Path, metavar="FILE", help="write an animation that blinks between the two"
    )


@with_paths
def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    _make_folders(options)
    tell("Reading …")
    try:
        return _run_documents(options)
    except TooLargeError:
        if STANDARD_INPUT in (Path(options.before).name, Path(options.after).name):
            raise  # of that no more was taken than can be held
        from imgdiff.cli.compare_large import run_large  # noqa: PLC0415 (few are that large)

        return run_large(options, _rules(options))


def _run_documents(options: argparse.Namespace) -> tuple[str, int]:
    """As `run`, of files that are held as wholes."""
    files = [read_document(path) for path in (options.before, options.after)]
    if options.page is not None or not any(map(_is_document, files)):
        return _run_pictures(options, files)
    from imgdiff.cli import compare_documents  # noqa: PLC0415

    plan = compare_documents.planned((files[0], files[1]), options)
    if len(plan.pairs) == plan.outlines[0].pages == plan.outlines[1].pages == 1:
        return _run_pictures(options, files, notes=plan.notes)
    return compare_documents.run_pages(plan, options, _rules(options))


def _is_document(file: Document) -> bool:
    """Whether it's a PDF, or a picture of several frames."""
    with blamed_on(file.label):
        return is_pdf(file.data) or count_pages(file.data) > 1


def _run_pictures(
    options: argparse.Namespace,
    files: list[Document],
    *,
    notes: tuple[str, ...] | None = None,
) -> tuple[str, int]:
    """As `run`, of two pictures; `notes` on them if they are the only pages of documents.

    The files are taken out of their list once they are decoded: large ones need the room.
    """
    rules = _rules(options)
    start = time.perf_counter()
    with bounded_memory(), bounded_time():
        pair = _two_pictures((files[0], files[1]), options)
        files.clear()
        seconds = {"load": time.perf_counter() - start}
        tell("Comparing …")
        view = view_of(compare(*pair, rules.settings))
    note(f"{rules.settings}, {rules.tolerance}", wanted=options.verbose)
    note(_times({**seconds, **view.comparison.seconds}), wanted=options.verbose)
    failed = failures(view.comparison, rules.tolerance)
    tell("Writing …")
    with told_where(options.out or options.report or options.gif):
        _write_files(view, options)
    tell("")
    code = CHANGED if failed else ALIKE
    if options.json:
        return _json(view, failed, notes, seconds), code
    return to_csv(view).rstrip("\n") if options.csv else _summary(view, failed, notes or ()), code


def _two_pictures(
    files: tuple[Document, Document], options: argparse.Namespace
) -> tuple[Image, Image]:
    """Both as pictures: at the page that is asked for, or as they are."""
    if any(is_pdf(file.data) for file in files):
        from imgdiff.cli.compare_documents import drawn_pages  # noqa: PLC0415

        return drawn_pages(files, options)
    return load_both(*files, pages=options.page or (None, None))


def _times(seconds: Mapping[str, float]) -> str:
    """How long each stage took."""
    return ", ".join(f"{stage} {1000 * took:.0f} ms" for stage, took in seconds.items())


def _make_folders(options: argparse.Namespace) -> None:
    """What is to be written must have a place, and what makes it, before time is spent on it."""
    if options.report is not None and options.report.suffix.lower() == ".pdf":
        with needing("pdf", "A report as PDF", SettingsError):
            import reportlab  # noqa: F401, PLC0415 (most want no PDF)
    with told_where(options.report or options.gif):
        for path in filter(None, (options.report, options.gif)):
            path.parent.mkdir(parents=True, exist_ok=True)


def _rules(options: argparse.Namespace) -> Rules:
    """How to compare: as the settings file says for the picture before, and the options."""
    folder = Path(options.before).parent
    return configuration_of(options, folder).rules_for(Path(options.before).name, layer_of(options))


def _write_files(view: View, options: argparse.Namespace) -> None:
    """Write the pictures and the report that were asked for."""
    if options.out is not None:
        save_layers(view, options.out)
    if options.report is not None:
        options.report.write_bytes(_report_of(view, options))
    if options.gif is not None:
        from imgdiff.report.animation import to_gif  # noqa: PLC0415

        options.gif.write_bytes(to_gif(view))


def _report_of(view: View, options: argparse.Namespace) -> bytes:
    """The report that was asked for."""
    from imgdiff.report.downloads import FILES  # noqa: PLC0415

    name = REPORTS[options.report.suffix.lower()]
    if name == "imgdiff.pdf" and options.paper == "letter":
        name = "imgdiff-letter.pdf"
    return FILES[name].make(view)


def _json(
    view: View, failed: Sequence[str], notes: tuple[str, ...] | None, seconds: Mapping[str, float]
) -> str:
    more = gate_facts(view.comparison, failed)
    if notes is not None:
        from imgdiff.report.document_text import only_page  # noqa: PLC0415

        more["pages"] = [only_page(view, notes)]
    return to_json(view, seconds=seconds, more=more)


def _summary(view: View, failed: Sequence[str], notes: tuple[str, ...]) -> str:
    """The view as lines of text, and whether it passes where that isn't plain from the headline."""
    lines = [view.headline, *filter(None, [view.score_line]), *view.facts, *notes]
    lines += gate_sentences(failed, alike=view.comparison.alike)
    rows = region_rows(view)
    if rows:
        lines += ["", table_line(dict(zip(rows[0], rows[0], strict=True)))]
        told = zip(rows, view.regions, strict=True)
        lines += [table_line(row, region.text) for row, region in told]
    return "\n".join(lines)


def _report(text: str) -> Path:
    """A path that tells by its extension which report is wanted."""
    path = Path(text)
    if path.suffix.lower() not in REPORTS:
        expected = " or ".join(REPORTS)
        raise argparse.ArgumentTypeError(f"expected a name that ends in {expected}, found {text!r}")
    return path


def _page_numbers(text: str) -> tuple[int, int]:
    """A page before and the one after: "3" is both, "3:4" tells them apart."""
    numbers = text.split(":")
    if not (len(numbers) <= 2 and all(number.isdecimal() and int(number) for number in numbers)):
        raise argparse.ArgumentTypeError(
            f"expected a page's number from 1, or two as in 3:4, found {text!r}"
        )
    return int(numbers[0]), int(numbers[-1])
