"""How the parsers of all commands are made."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["CommandParser"]

COMMANDS: Final[Mapping[str, str]] = {
    "compare": "compare two pictures",
    "batch": "compare whole folders",
    "accept": "take the pictures after as the new baseline",
    "review": "read and merge review files",
    "similar": "tell how alike pictures are",
    "serve": "answer requests on standard input, for test runners",
    "difftool": "compare two versions of a picture for git",
    "app": "open the page in a browser",
    "native": "compile what may be faster in machine code",
    "schema": "print the JSON schema of results or of imgdiff.toml",
    "completion": "print a script that lets a shell complete commands and options",
}
"""What each does. A module of that name adds its options, and is imported when it's called."""


class CommandParser(argparse.ArgumentParser):
    """A parser that takes no abbreviations: a longer name would break scripts that use one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_abbrev": False})
        self._later: list[Callable[[], None]] = []

    def add_later(self, add: Callable[[], None]) -> None:
        """Have options added by `add` that it takes time to know, once somebody wants them."""
        self._later.append(add)

    def complete(self) -> None:
        """Add what was to come later."""
        while self._later:
            self._later.pop(0)()

    def parse_known_args(  # type: ignore[override]  # argparse's overloads have one meaning
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, with all options if there is one that isn't known yet."""
        names = (word.partition("=")[0] for word in args or ())
        if any(name.startswith("--") and name not in self._option_string_actions for name in names):
            self.complete()
        return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        """All options in words."""
        self.complete()
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to find out more, without the list of all options."""
        self.exit(2, f"imgdiff: {message}: see {self.prog} --help.\n")


def add_command(
    commands: Commands, name: str, *, description: str, examples: Sequence[str]
) -> CommandParser:
    """Add the parser of one command.

    Parameters
    ----------
    commands : subparsers of argparse
    name : str
        One of `COMMANDS`.
    description : str
        At the top of its own help.
    examples : sequence of str
        For the end of its help, each a line.
    """
    parser = commands.add_parser(
        name,
        help=COMMANDS[name],
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
