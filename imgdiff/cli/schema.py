"""``imgdiff schema``: what JSON and files of settings may hold, for other programs."""

from __future__ import annotations

import argparse
from importlib import resources
from typing import TYPE_CHECKING

from imgdiff.cli.parser import add_command

if TYPE_CHECKING:
    from imgdiff.cli.parser import Commands

_SUBJECTS = ("result", "batch", "configuration")


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "schema",
        description="Print a JSON schema (draft 2020-12): of what imgdiff compare --json prints "
        "(result), of what imgdiff batch --json prints, or of imgdiff.toml (configuration).",
        examples=(
            "imgdiff schema result > result.schema.json",
            "imgdiff schema configuration > imgdiff.schema.json   # for an editor of TOML",
        ),
    )
    parser.add_argument("subject", choices=_SUBJECTS, help="of what")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    file = resources.files("imgdiff") / "schemas" / f"{options.subject}.json"
    return file.read_text("utf-8").rstrip("\n"), 0
