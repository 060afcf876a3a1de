"""``imgdiff app``: starts the page."""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from imgdiff.cli.parser import add_command
from imgdiff.errors import SettingsError

if TYPE_CHECKING:
    from imgdiff.cli.parser import Commands

_PLACES = (Path(__file__).parents[2], Path(sysconfig.get_path("data"), "share", "imgdiff"))
"""Where the page lies: beside the package, or where it was installed to."""


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "app",
        description="Start the page on this machine, and open it in a browser. Ctrl-C ends it.",
        examples=("imgdiff app", "imgdiff app --port 8600 --no-browser"),
    )
    parser.add_argument(
        "--port", type=int, default=8501, metavar="N", help="port to listen on (%(default)s)"
    )
    parser.add_argument(
        "--address",
        default="localhost",
        metavar="HOST",
        help="address to listen on; others than %(default)s let other machines in",
    )
    parser.add_argument("--no-browser", action="store_true", help="open no browser")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    if importlib.util.find_spec("streamlit") is None:
        raise SettingsError(
            "Streamlit is needed for the page, but it isn't installed: install imgdiff-app[app]."
        )
    place = next((place for place in _PLACES if (place / "app.py").is_file()), None)
    if place is None:
        raise SettingsError(
            "The page's files aren't where they should be: install imgdiff-app anew."
        )
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(place / "app.py")),
        f"--server.port={options.port}",
        f"--server.address={options.address}",
        f"--server.headless={'true' if options.no_browser else 'false'}",
    ]
    # Streamlit takes its settings from the folder that it's started in.
    return "", subprocess.run(command, cwd=place, check=False).returncode  # noqa: S603
