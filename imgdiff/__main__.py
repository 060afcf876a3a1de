"""The command: ``imgdiff``, or ``python -m imgdiff``."""

import os
import signal
import sys


def run() -> int:
    """Run the command and return its exit code; Ctrl-C ends it quietly from the first moment on."""
    try:
        # What takes time to import is imported here, where Ctrl-C is heard.
        from imgdiff.cli import main  # noqa: PLC0415

        return main()
    except KeyboardInterrupt:
        return _interrupted()


def _interrupted() -> int:
    """130, without waiting for threads that may be at work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.stderr is not None:
        sys.stderr.write("imgdiff: Stopped.\n")
    os._exit(130)


if __name__ == "__main__":
    sys.exit(run())
