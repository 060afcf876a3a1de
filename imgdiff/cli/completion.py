"""``imgdiff completion``: what a shell needs to complete commands and options."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from imgdiff.cli.parser import add_command

if TYPE_CHECKING:
    from imgdiff.cli.parser import Commands

_SHELLS = ("bash", "zsh", "tcsh")


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "completion",
        description="Print a script that lets a shell complete commands, options and their values.",
        examples=(
            'eval "$(imgdiff completion bash)"           # in ~/.bashrc',
            "imgdiff completion zsh > ~/.zfunc/_imgdiff",
        ),
    )
    parser.add_argument("shell", choices=_SHELLS, help="for which shell")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    import shtab  # noqa: PLC0415 (only here)

    from imgdiff.cli import command_parser  # noqa: PLC0415 (which imports this module)

    return shtab.complete(command_parser(), options.shell).rstrip("\n"), 0
