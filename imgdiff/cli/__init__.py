"""The command line: ``imgdiff compare``, ``batch``, ``accept`` and ``similar``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

# Nothing here multiplies matrices: numpy needn't start a pool of threads for it, which takes longer
# than comparing two screenshots.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from imgdiff.cli import accept, batch, compare, similar
from imgdiff.cli.terminal import tell
from imgdiff.errors import ImgdiffError

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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="imgdiff", description="Find what changed between pictures, and how alike they are."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    compare.add_to(commands)
    batch.add_to(commands)
    accept.add_to(commands)
    similar.add_to(commands)
    return parser
