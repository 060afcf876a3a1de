"""Pictures too large to be held: JPEG, PNG and TIFF read by libvips, a band of rows at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from imgdiff.environment import needing, whole_number
from imgdiff.errors import LoadError
from imgdiff.load import blamed_on
from imgdiff.load.formats import BIG_TIFF, FORMATS, picture_format
from imgdiff.load.limits import damaged, no_such_frame
from imgdiff.types import Image, Pixels

if TYPE_CHECKING:
    import pyvips

MAX_LARGE: Final = whole_number("IMGDIFF_MAX_LARGE_MEGAPIXELS", 200) * 10**6
_MAX_SIDE: Final = 200_000

# Of a TIFF that is cut short libvips makes up the rest, unless all errors count.
_FORMATS: Final = {
    "JPEG": ("jpegload", "truncated"),
    "PNG": ("pngload", "truncated"),
    "TIFF": ("tiffload", "error"),
}
"""What reads each format, and from what on it fails."""
_FIRST_BYTES: Final = 4096
_SAMPLES: Final[dict[str, type[np.uint8 | np.uint16]]] = {"uchar": np.uint8, "ushort": np.uint16}


@dataclass(frozen=True, slots=True)
class LargePicture:
    """A picture file of which only the size is known as yet.

    Attributes
    ----------
    path : Path
        Where it lies.
    format : str
        "JPEG", "PNG" or "TIFF".
    width, height : int
        Px, once it's upright.
    page : int
        Of a TIFF, from 1.
    notes : tuple of str
        What reading it had to decide.
    """

    path: Path
    format: str
    width: int
    height: int
    page: int = 1
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.path.name

    def bands(self, rows: int, halo: int) -> Iterator[tuple[int, Image]]:
        """The picture from top to bottom: the number of a band's first row, and the band.

        Each has `rows` rows of its own and up to `halo` more above and below.

        Raises
        ------
        LoadError
            It is damaged, or there's no room on disk for one that can't be read from the top; the
            sentence begins with its path.
        """
        with blamed_on(str(self.path)):
            yield from self._bands(rows, halo)

    def _bands(self, rows: int, halo: int) -> Iterator[tuple[int, Image]]:
        picture = _from_the_top(_opened(self.path, self.format, self.page), self.format)
        import pyvips  # noqa: PLC0415 (an extra)

        fetcher = pyvips.Region.new(picture)
        held = np.empty((0, self.width, picture.bands), _SAMPLES[picture.format])
        above = below = 0  # rows of the picture that `held` has: from above to before below
        for top in range(0, self.height, rows):
            first, last = max(0, top - halo), min(self.height, top + rows + halo)
            new = held[:0]
            if last > below:
                with _told(self.format):
                    more = fetcher.fetch(0, below, self.width, last - below)
                new = np.frombuffer(more, held.dtype).reshape(-1, self.width, picture.bands)
            held = np.concatenate([held[first - above :], new])
            above, below = first, last
            yield first, _image(held, self.name)


def open_large(path: str | Path, *, page: int | None = None) -> LargePicture:
    """Look at a picture file that is too large to be held.

    Parameters
    ----------
    path : str or Path
        Where it lies.
    page : int, optional
        Of a TIFF, from 1; by default the first, and the notes say so if there are more.

    Raises
    ------
    LoadError
        It isn't of a format that is read in bands, larger still, damaged, has no such page, or the
        extra that reads such files isn't installed.
    """
    path = Path(path)
    with path.open("rb") as file:
        first = file.read(_FIRST_BYTES)
    kind = FORMATS["TIFF"] if first.startswith(BIG_TIFF.signatures) else picture_format(first)
    if kind is None or kind.name not in _FORMATS:
        raise LoadError(
            "A file or picture this large must be a JPEG, PNG or TIFF: export it as one of these."
        )
    picture = _opened(path, kind.name)
    pages = _count_pages(picture, path)
    if page is not None and page > pages:
        raise no_such_frame(pages, page - 1)
    if page is not None and page > 1:
        picture = _opened(path, kind.name, page)
    width, height = picture.width, picture.height
    if width * height > MAX_LARGE or max(width, height) > _MAX_SIDE:
        raise LoadError(
            f"A picture may have {MAX_LARGE // 10**6} megapixels and {_MAX_SIDE:,} pixels a side, "
            f"but this one has {width} × {height} pixels: crop it, or set "
            "IMGDIFF_MAX_LARGE_MEGAPIXELS higher."
        )
    notes = (f"Only the first of {pages} pages is compared.",) if pages > 1 and not page else ()
    return LargePicture(path, kind.name, width, height, page or 1, notes)


def _count_pages(picture: pyvips.Image, path: Path) -> int:
    """How many pages there are: those of a pyramid are one, over and over at half the size."""
    import pyvips  # noqa: PLC0415 (an extra)

    pages: int = picture.get("n-pages") if picture.get_typeof("n-pages") else 1
    if pages == 1:  # of a JPEG or PNG, too
        return 1
    with _told("TIFF"):
        stored = (pyvips.Image.tiffload(str(path), page=page) for page in range(pages))
        sizes = ((page.width, page.height) for page in stored)
        for whole, half in pairwise(sizes):
            if any(abs(side - 2 * less) > 1 for side, less in zip(whole, half, strict=True)):
                return pages
    return 1


def _opened(path: Path, file_format: str, page: int = 1) -> pyvips.Image:
    """Upright sRGB samples, to be read from top to bottom."""
    with needing("large", "Comparing pictures of this size", LoadError):
        import pyvips  # noqa: PLC0415 (an extra)

    loader, fails_on = _FORMATS[file_format]
    load = partial(getattr(pyvips.Image, loader), str(path), fail_on=fails_on)
    if page > 1:
        load = partial(load, page=page - 1)
    with _told(file_format):
        picture = load(access="sequential")
        if picture.get_typeof("orientation") and picture.get("orientation") > 1:
            _check_room(picture)
            picture = load().autorot()  # libvips keeps what it needs for that on disk
        if picture.get_typeof("icc-profile-data"):
            deep = 16 if picture.format == "ushort" else 8
            picture = picture.icc_transform("srgb", embedded=True, depth=deep)
        elif picture.interpretation == "cmyk":
            picture = _without_inks(picture)
    if picture.format not in _SAMPLES or picture.bands > 4:
        raise LoadError(
            "A picture in gray or RGB, of 8 or 16 bits a colour, is expected, but this one holds "
            "something else: export it as RGB."
        )
    return picture


def _without_inks(picture: pyvips.Image) -> pyvips.Image:
    """Cyan, magenta, yellow and black that have no profile as RGB, as Pillow has smaller ones."""
    full = int(np.iinfo(_SAMPLES[picture.format]).max)
    paper = full - picture[3]
    colours = paper - (picture.extract_band(0, n=3) * paper / full).rint()
    return colours.cast(picture.format).copy(interpretation="srgb")


def _from_the_top(picture: pyvips.Image, file_format: str) -> pyvips.Image:
    """The picture so that reading a band takes no more than a band.

    Progressive JPEGs and interlaced PNGs are decoded as wholes, which takes up to 6 bytes a pixel:
    their pixels wait on disk, in a file without a name, and the other picture has the room.
    """
    if not picture.get_typeof("interlaced"):
        return picture
    import pyvips  # noqa: PLC0415 (an extra)

    _check_room(picture)
    with _told(file_format):
        kept = pyvips.Image.new_temp_file("%s.v")
        picture.write(kept)
    return kept


def _check_room(picture: pyvips.Image) -> None:
    """Refuse what has to wait on disk where there's no room for it."""
    size = picture.width * picture.height * picture.bands * (1 + (picture.format == "ushort"))
    folder = tempfile.gettempdir()
    if shutil.disk_usage(folder).free < size:
        raise LoadError(
            f"This picture is stored turned, progressive or interlaced and needs {size >> 20} "
            f"MB on disk, but {folder} has less: make room there, set TMPDIR, or save it upright "
            "and from top to bottom."
        )


@contextmanager
def _told(file_format: str) -> Iterator[None]:
    """Let whatever libvips says of a file become our own error."""
    import pyvips  # noqa: PLC0415 (an extra)

    try:
        yield
    except pyvips.Error:
        raise damaged(file_format) from None


def _image(samples: Pixels, name: str) -> Image:
    """A band as a picture: gray ones in three channels, what can't be seen without a colour."""
    channels = samples.shape[2]
    colours = samples[..., : channels - 1 if channels in (2, 4) else channels]
    pixels = np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 else colours
    if channels not in (2, 4):
        return Image(np.ascontiguousarray(pixels), None, name)
    alpha = np.ascontiguousarray(samples[..., -1])
    shown = np.where(alpha[..., None] > 0, pixels, samples.dtype.type(0))
    return Image(shown, alpha, name)
