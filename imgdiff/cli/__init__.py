"""The command line: ``imgdiff compare``, ``batch``, ``accept``, ``similar`` and their helpers."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

# Nothing here multiplies matrices: numpy needn't start a pool of threads for it, which takes longer
# than comparing two screenshots.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from imgdiff import __version__
from imgdiff.cli.exit_codes import FAILED
from imgdiff.cli.parser import COMMANDS, CommandParser
from imgdiff.cli.terminal import complain, harmless
from imgdiff.errors import ImgdiffError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 alike, 1 changed, 2 error."""
    try:
        words = sys.argv[1:] if arguments is None else arguments
        called = next((word for word in words if word in COMMANDS), "")
        options = command_parser(called).parse_args(words)
        text, code = options.run(options)
    except ImgdiffError as error:
        complain(str(error))
        return FAILED
    except Exception:  # noqa: BLE001 (told in full; but Python's own exit code would say "changed")
        sys.excepthook(*sys.exc_info())
        return FAILED
    if options.quiet or not text:
        return int(code)
    return code if _print(harmless(text)) else FAILED


def command_parser(*called: str) -> CommandParser:
    """The parser of all commands.

    Parameters
    ----------
    *called : str
        The commands whose options are wanted, all by default: the others are there by name alone,
        so that nobody waits for what they import.

    Raises
    ------
    SettingsError
        An environment variable has a value that it can't have.
    """
    parser = CommandParser(
        prog="imgdiff", description="Find what changed between pictures, and how alike they are."
    )
    parser.add_argument("--version", action="version", version=f"imgdiff {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        if called and name not in called:
            commands.add_parser(name, help=summary)
        else:
            # Some read environment variables: what is wrong with one is said in a sentence.
            importlib.import_module(f"imgdiff.cli.{name}").add_to(commands)
    for name in () if called else COMMANDS:
        commands.choices[name].complete()
    return parser


def _print(text: str) -> bool:
    """Print to standard output, in its own encoding; whether that worked."""
    if sys.stdout is None:  # closed, as by ">&-"
        return False
    try:
        encoding = sys.stdout.encoding or "utf-8"  # of a text in memory it's None
        print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except OSError as error:
        # Python flushes once more at exit, and would complain, unless there is somewhere to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # as of "| head": the reader has seen enough
            complain(f"The result can't be printed: {error.strerror}.")
        return False
    return True
