"""The command: ``imgdiff``, or ``python -m imgdiff``."""

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

_MANY = 50_000


def run() -> NoReturn:
    """Run the command and end with its exit code; Ctrl-C ends it quietly from the first moment on.

    How Python begins and ends takes as long as to compare two screenshots: all that is imported is
    searched for garbage again and again, though it stays, and in the end it's taken apart.
    """
    gc.set_threshold(_MANY)
    try:
        # What takes time to import is imported here, where Ctrl-C is heard.
        from imgdiff.cli import main  # noqa: PLC0415

        _end(main())
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if sys.stderr is not None:
            sys.stderr.write("imgdiff: Stopped.\n")
        _end(130)


def _end(code: int) -> NoReturn:
    """At once: what was to be written is written, and no thread that is at work is waited for."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # there may be none, or nobody reads
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
