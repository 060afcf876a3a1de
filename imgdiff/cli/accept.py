"""``imgdiff accept``: take the pictures after as the new baseline."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from imgdiff.cli.parser import add_command
from imgdiff.cli.terminal import harmless, unwritable
from imgdiff.errors import SettingsError

if TYPE_CHECKING:
    from imgdiff.batch.accept import Change
    from imgdiff.cli.parser import Commands

DONE, DECLINED = 0, 1


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "accept",
        description="Copy pictures from AFTER_DIR over those in BEFORE_DIR, the baseline. "
        "Exits 0 if done or there was nothing to do, 1 if declined, 2 on an error.",
        examples=(
            "imgdiff accept baseline screenshots",
            "imgdiff accept baseline imgdiff-reports/actual 'tests/home/*' --yes",
        ),
    )
    parser.add_argument("before", metavar="BEFORE_DIR", type=Path, help="the baseline")
    parser.add_argument("after", metavar="AFTER_DIR", type=Path, help="the pictures to accept")
    parser.add_argument(
        "patterns",
        metavar="NAME",
        nargs="*",
        help="accept only these relative paths; * and ? stand for anything (default: all)",
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="FILE",
        help="accept only what this results file of imgdiff batch says was changed or added",
    )
    parser.add_argument(
        "--remove",
        action="store_true",
        help="remove from the baseline what is missing after, too",
    )
    parser.add_argument(
        "--match",
        choices=("path", "stem"),
        help="as for imgdiff batch: with stem, a.jpg takes the place of a.png; without it, none "
        "of them may be there twice",
    )
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    # The other commands don't need it, and start faster without.
    from imgdiff.batch.accept import make  # noqa: PLC0415

    found = _changes(options)
    if not found:
        return "There is nothing to accept: the baseline is up to date.", DONE
    if not options.yes and not _agreed(found, options.before):
        return "Nothing was changed.", DECLINED
    try:
        for change in found:
            make(change)
    except OSError as error:
        raise unwritable(error, "The baseline", options.before) from None
    count = "1 picture" if len(found) == 1 else f"{len(found)} pictures"
    return f"{count} accepted into {options.before}.", DONE


def _changes(options: argparse.Namespace) -> list[Change]:
    from imgdiff.batch.accept import changes  # noqa: PLC0415
    from imgdiff.batch.results_file import read_results  # noqa: PLC0415

    found = changes(
        options.before,
        options.after,
        options.patterns,
        remove=options.remove,
        match=options.match,
    )
    if options.results is None:
        return found
    if not options.results.exists():
        raise SettingsError(
            f"A results file is expected, but there is no {options.results}: check the path."
        )
    rows = read_results(options.results)
    differing = {
        name for name, row in rows.items() if row.status in ("changed", "added", "removed")
    }
    return [change for change in found if change.name in differing]


def _agreed(found: list[Change], baseline: Path) -> bool:
    """Show what is to happen, and ask a person."""
    if not sys.stdin.isatty():
        raise SettingsError(
            "Somebody to ask is expected, but there is no terminal: add --yes to go ahead unasked."
        )
    for change in found:
        print(harmless(f"{change.in_words:>8}  {change.name}"))
    return input(harmless(f"Change these in {baseline}? [y/N] ")).strip().lower() in ("y", "yes")
