"""``imgdiff difftool``: what git calls for pictures, as external diff or as difftool."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from imgdiff.cli.parser import add_command
from imgdiff.errors import SettingsError

if TYPE_CHECKING:
    from imgdiff.cli.parser import Commands

_NOTHING = "/dev/null"
_OF_TWO, _OF_GIT, _OF_GIT_RENAMED = 2, 7, 9
"""How many arguments: of a difftool, of an external diff, and of one of a file that was renamed."""


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "difftool",
        description="Tell in words what changed between two versions of a picture, when git asks "
        "for it: with the seven arguments of an external diff command, or the two of a difftool. "
        "Always exits 0, or 2 on an error, as git expects.",
        examples=(
            "git config diff.imgdiff.command 'imgdiff difftool'",
            "echo '*.png diff=imgdiff' >> .gitattributes",
            "git difftool --extcmd 'imgdiff difftool' -- home.png",
        ),
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="as git passes them: PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE, "
        "or LOCAL REMOTE",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    # The other commands don't need it, and start faster without.
    from imgdiff.comparison.pipeline import compare  # noqa: PLC0415

    name, before, after = _sides(options.files)
    if _NOTHING in (before, after):
        return f"{name}: The picture was {'added' if before == _NOTHING else 'removed'}.", 0
    view = compare(Path(before), Path(after)).view()
    return "\n".join((f"{name}: {view.headline}", *view.facts)), 0


def _sides(files: list[str]) -> tuple[str, str, str]:
    """Name, file before and file after."""
    if len(files) == _OF_TWO:
        return files[1], files[0], files[1]
    if len(files) in (_OF_GIT, _OF_GIT_RENAMED):
        return files[0], files[1], files[4]
    raise SettingsError(
        f"Two files, or the seven arguments of git, are expected, but there are {len(files)}: "
        "see imgdiff difftool --help."
    )
