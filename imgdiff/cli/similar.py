"""``imgdiff similar``: tells how alike two pictures are, or those of a folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from imgdiff.cli.bounds import bounded_memory
from imgdiff.cli.parser import add_command
from imgdiff.cli.terminal import tell
from imgdiff.errors import BlankError, LoadError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from imgdiff.cli.parser import Commands
    from imgdiff.similar.collection import Collection
    from imgdiff.similar.fingerprint import Fingerprint
    from imgdiff.similar.gather import LeftOut
    from imgdiff.similar.sources import PictureSource

    Result = TypeVar("Result")

_PAIR = 2
_TOP = 5


def add_to(commands: Commands) -> None:
    """Add the command to the parser of commands."""
    parser = add_command(
        commands,
        "similar",
        description="Tell how alike two pictures are as wholes; or, of a folder, a ZIP archive or "
        "several pictures, which are near-duplicates and which are most alike. "
        "Exits 0, or 2 on an error.",
        examples=(
            "imgdiff similar a.jpg b.jpg",
            "imgdiff similar photos --duplicates --csv",
            "imgdiff similar archive --duplicates --cache archive.fingerprints",
        ),
    )
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", type=Path, help="two pictures; or a folder, a ZIP, …"
    )
    parser.add_argument(
        "--top",
        type=int,
        metavar="N",
        default=_TOP,
        help="neighbours of each picture (%(default)s)",
    )
    parser.add_argument(
        "--duplicates", action="store_true", help="list only the groups of near-duplicates"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the result as JSON")
    form.add_argument("--csv", action="store_true", help="print the result as CSV")
    parser.add_argument(
        "--model",
        metavar="KEY",
        default="efficientnet-lite2",
        help="efficientnet-lite2 (default), or dinov2-small or clip-vit-b32, which need the extra "
        "imgdiff-app[models]",
    )
    parser.add_argument(
        "--model-file",
        metavar="FILE",
        type=Path,
        help="where the optional model lies; by default it's fetched from its hub once",
    )
    parser.add_argument(
        "--cache",
        metavar="FILE",
        type=Path,
        help="keep what the pictures are like in this file: a run that was stopped goes on, what "
        "is known isn't looked at again, and a set may have 200,000 pictures",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> tuple[str, int]:
    """What to print, and the exit code."""
    if options.top < 1:
        raise SettingsError(f"--top must be 1 or more, but is {options.top}: change it.")
    with bounded_memory():
        return _found(options), 0


def _found(options: argparse.Namespace) -> str:
    # The other commands don't need any of it, and start faster without.
    from imgdiff.similar.sources import MAX_KEPT, MAX_PICTURES, sources_at  # noqa: PLC0415

    _prepare(options)
    most = MAX_PICTURES if options.cache is None else MAX_KEPT
    sources = sources_at(options.paths, most=most)
    if len(sources) < _PAIR:
        raise SettingsError(
            f"At least two pictures are expected, but there is {len(sources) or 'none'}: "
            "name two pictures, or a folder that holds some."
        )
    if len(sources) == len(options.paths) == _PAIR and not (options.csv or options.duplicates):
        return _pair(options, sources)
    return _set(options, sources)


def _prepare(options: argparse.Namespace) -> None:
    """Let an optional model be taken from the file that was named."""
    if options.model_file is not None:
        from imgdiff.similar.embedding.optional import use_file  # noqa: PLC0415

        use_file(options.model, options.model_file)


def _pair(options: argparse.Namespace, sources: list[PictureSource]) -> str:
    """Two pictures: how alike they are."""
    from imgdiff.similar.facts import pair_facts  # noqa: PLC0415
    from imgdiff.similar.likeness import likeness  # noqa: PLC0415

    tell("Comparing …")
    first, second = (_fingerprint(source, options.model) for source in sources)
    found = likeness(first, second)
    tell("")
    if options.json:
        return json.dumps(pair_facts(first, second, found), indent=2, ensure_ascii=False)
    return "\n".join((found.headline, found.evidence, found.guidance))


def _told(results: Iterator[Result], count: int) -> Iterator[Result]:
    """The same, while a person sees how far it is."""
    for done, result in enumerate(results, 1):
        tell(f"Reading {done:,} of {count:,} …")
        yield result


def _fingerprint(source: PictureSource, model: str) -> Fingerprint:
    """What a picture is like; an error begins with its name."""
    from imgdiff.similar.fingerprint import fingerprint  # noqa: PLC0415

    try:
        return fingerprint(source.read(), source.name, model=model)
    except (LoadError, BlankError) as error:
        raise type(error)(f"{source.name}: {error}") from None


def _set(options: argparse.Namespace, sources: list[PictureSource]) -> str:
    """Many pictures: near-duplicates and neighbours."""
    from imgdiff.similar.cache import CachedPictures, open_cache  # noqa: PLC0415
    from imgdiff.similar.gather import parted, read_all, read_into  # noqa: PLC0415

    if options.cache is None:
        found = _told(read_all(sources, model=options.model), len(sources))
        return _related(options, *parted(found))
    with open_cache(options.cache) as cache:
        kept, left_out = parted(_told(read_into(cache, sources, model=options.model), len(sources)))
        cache.save()
        return _related(options, CachedPictures(cache, kept), left_out)


def _related(
    options: argparse.Namespace, pictures: Sequence[Fingerprint], left_out: list[LeftOut]
) -> str:
    """What there is to say of a set that has been read."""
    from imgdiff.similar.collection import collect  # noqa: PLC0415

    if len(pictures) < _PAIR:
        raise SettingsError(
            "At least two pictures that show something are expected, but "
            f"{len(left_out)} of {len(pictures) + len(left_out)} can't be used: "
            f"{left_out[0].name}: {left_out[0].reason}"
        )
    collection = collect(
        pictures,
        top=options.top,
        progress=lambda doing, done, count: tell(f"{doing}: {done:,} of {count:,} …"),
    )
    tell("")
    return _as_asked(options, collection, left_out)


def _as_asked(options: argparse.Namespace, collection: Collection, left_out: list[LeftOut]) -> str:
    from imgdiff.similar import facts  # noqa: PLC0415

    if options.json:
        found = facts.set_facts(collection, left_out, top=options.top)
        return json.dumps(found, indent=2, ensure_ascii=False)
    if options.csv:
        rows = (
            facts.group_rows(collection)
            if options.duplicates
            else facts.neighbour_rows(collection, top=options.top)
        )
        return facts.facts_to_csv(rows).rstrip("\n")
    lines = _group_lines(collection)
    if not options.duplicates:
        lines += _neighbour_lines(collection, options.top)
    lines += [f"Left out: {failure.name}: {failure.reason}" for failure in left_out]
    return "\n".join(lines)


def _group_lines(collection: Collection) -> list[str]:
    lines = [collection.headline]
    for number, group in enumerate(collection.groups, 1):
        lines.append(f"Group {number}:")
        lines += [f"  {collection.pictures[index].name}" for index in group]
    return lines


def _neighbour_lines(collection: Collection, top: int) -> list[str]:
    from imgdiff.similar.degrees import in_words  # noqa: PLC0415
    from imgdiff.similar.embedding import bands_of  # noqa: PLC0415

    bands = bands_of(collection.pictures[0].model)
    lines = []
    for index, picture in enumerate(collection.pictures):
        lines += ["", f"{picture.name}:"]
        for other in collection.neighbours(index, top):
            points = f", {other.points} matching points" if other.points else ""
            name = collection.pictures[other.index].name
            lines.append(f"  {in_words(other.score, bands)}{points}  {name}")
    return lines
