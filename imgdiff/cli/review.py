"""``imgdiff review``: what people said in review files, merged, and whether all of it was meant."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imgdiff.cli.exit_codes import ALIKE, CHANGED
from imgdiff.cli.parser import add_command
from imgdiff.cli.terminal import unwritable
from imgdiff.errors import LoadError, ReviewError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgdiff.cli.parser import Commands
    from imgdiff.review.review_text import ReviewFile
    from imgdiff.types import Judgement


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "review",
        description="Print what people said in review files of one pair, merged. Exits 0 if all "
        "that was judged was meant, 1 if something was not, people differ, or nothing was "
        "judged, 2 on an error.",
        examples=(
            "imgdiff review home.review.imgdiff",
            "imgdiff review ann.imgdiff bob.imgdiff --merge both.imgdiff",
        ),
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="review files")
    parser.add_argument("--json", action="store_true", help="print the judgements as JSON")
    parser.add_argument(
        "--merge", type=Path, metavar="FILE", help="write all reviews as one review file"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    # The other commands don't need it, and start faster without.
    from imgdiff.review.review_file import merge_reviews, write_review  # noqa: PLC0415
    from imgdiff.types import opinion_of  # noqa: PLC0415

    merged = merge_reviews([_read(path) for path in options.files])
    if options.merge is not None:
        try:
            options.merge.write_bytes(write_review(merged))
        except OSError as error:
            raise unwritable(error, "The review", options.merge) from None
    places = _by_place(merged)
    opinions = {opinion_of(said) for said in places}
    code = ALIKE if opinions - {""} == {"meant"} else CHANGED
    return (_as_json(merged, places) if options.json else _as_text(merged, places)), code


def _read(path: Path) -> ReviewFile:
    from imgdiff.review.review_file import MAX_REVIEW, read_review  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            return read_review(file.read(MAX_REVIEW + 1))
    except FileNotFoundError:
        raise LoadError(f"{path}: There is no such file: check the path.") from None
    except OSError:
        raise LoadError(f"{path}: The file can't be opened: check its permissions.") from None
    except ReviewError as error:
        raise ReviewError(f"{path}: {error}") from None


def _by_place(file: ReviewFile) -> list[list[Judgement]]:
    """The judgements, those of one place together."""
    places: dict[object, list[Judgement]] = {}
    for one in file.review.judgements:
        places.setdefault(one.place, []).append(one)
    return [*places.values()]


def _as_text(file: ReviewFile, places: Sequence[Sequence[Judgement]]) -> str:
    from imgdiff.view.review_words import judgement_words  # noqa: PLC0415

    lines = [f"{file.before.name} and {file.after.name}: {file.verdict}".rstrip(": ")]
    if not places:
        lines.append("Nothing was judged.")
    lines += [f"{_where(said[0])}: {_opinion(said)}{judgement_words(said)}" for said in places]
    return "\n".join(lines)


def _opinion(said: Sequence[Judgement]) -> str:
    from imgdiff.types import opinion_of  # noqa: PLC0415

    return "in conflict. " if opinion_of(said) == "conflict" else ""


def _where(one: Judgement) -> str:
    page = f"Pages {one.pages[0]} and {one.pages[1]}, " if one.pages else ""
    box = one.box
    if box is None:
        return f"{page}the pair as a whole".capitalize() if not page else f"{page}as a whole"
    return f"{page}{box.width} × {box.height} px at {box.x}, {box.y}"


def _as_json(file: ReviewFile, places: Sequence[Sequence[Judgement]]) -> str:
    from imgdiff.review.judgement_text import judgement_to_dict  # noqa: PLC0415
    from imgdiff.types import opinion_of  # noqa: PLC0415

    facts: dict[str, Any] = {
        "before": {"name": file.before.name, "sha256": file.before.sha256},
        "after": {"name": file.after.name, "sha256": file.after.sha256},
        "verdict": file.verdict,
        "places": [
            {"opinion": opinion_of(said), "judgements": [judgement_to_dict(one) for one in said]}
            for said in places
        ],
    }
    return json.dumps(facts, indent=2, ensure_ascii=False)
