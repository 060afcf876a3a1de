"""How the parsers of all commands are made."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


class CommandParser(argparse.ArgumentParser):
    """A parser that takes no abbreviations: a longer name would break scripts that use one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to find out more, without the list of all options."""
        self.exit(2, f"imgdiff: {message}: see {self.prog} --help.\n")


def add_command(
    commands: Commands, name: str, *, summary: str, description: str, examples: Sequence[str]
) -> argparse.ArgumentParser:
    """Add the parser of one command.

    Parameters
    ----------
    commands : subparsers of argparse
    name : str
        What it's called.
    summary, description : str
        In the list of all commands, and at the top of its own help.
    examples : sequence of str
        For the end of its help, each a line.
    """
    parser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog="examples:\n" + "\n".join(f"  {example}" for example in examples),
        formatter_class=_Formatter,
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    return parser


def add_verbose(parser: argparse.ArgumentParser) -> None:
    """Add the option to a command that calls `imgdiff.cli.terminal.note`."""
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="say on standard error how it is done"
    )


class _Formatter(argparse.HelpFormatter):
    """Fills paragraphs, but leaves the examples on lines of their own."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("examples:"):
            return text
        return super()._fill_text(text, width, indent)
