"""Pictures too large to be held: JPEG, PNG and TIFF read by libvips, a band of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from imgdiff.environment import needing, whole_number
from imgdiff.errors import LoadError
from imgdiff.load.formats import picture_format
from imgdiff.load.limits import MAX_PIXELS, damaged
from imgdiff.types import Image, Pixels

if TYPE_CHECKING:
    import pyvips

MAX_LARGE: Final = whole_number("IMGDIFF_MAX_LARGE_MEGAPIXELS", 200) * 10**6
_MAX_SIDE: Final = 200_000

_FORMATS: Final = {"JPEG": "jpegload", "PNG": "pngload", "TIFF": "tiffload"}
_FIRST_BYTES: Final = 4096
_SAMPLES: Final = {"uchar": np.uint8, "ushort": np.uint16}


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
    notes : tuple of str
        What reading it had to decide.
    """

    path: Path
    format: str
    width: int
    height: int
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
            It is damaged.
        """
        picture = _opened(self.path, self.format)
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


def open_large(path: str | Path) -> LargePicture:
    """Look at a picture file that is too large to be held.

    Raises
    ------
    LoadError
        It isn't of a format that is read in bands, larger still, damaged, or the extra that reads
        such files isn't installed.
    """
    path = Path(path)
    with path.open("rb") as file:
        kind = picture_format(file.read(_FIRST_BYTES))
    if kind is None or kind.name not in _FORMATS:
        raise LoadError(
            f"A picture over {MAX_PIXELS // 10**6} megapixels must be a JPEG, PNG or TIFF file: "
            "export it as one of these."
        )
    picture = _opened(path, kind.name)
    width, height = picture.width, picture.height
    if width * height > MAX_LARGE or max(width, height) > _MAX_SIDE:
        raise LoadError(
            f"A picture may have {MAX_LARGE // 10**6} megapixels and {_MAX_SIDE:,} pixels a side, "
            f"but this one has {width} × {height} pixels: crop it, or set "
            "IMGDIFF_MAX_LARGE_MEGAPIXELS higher."
        )
    pages = picture.get("n-pages") if picture.get_typeof("n-pages") else 1
    notes = (f"Only the first of {pages} pages is compared.",) if pages > 1 else ()
    return LargePicture(path, kind.name, width, height, notes)


def _opened(path: Path, file_format: str) -> pyvips.Image:
    """Upright sRGB samples, to be read from top to bottom."""
    with needing("large", "Comparing pictures of this size", LoadError):
        import pyvips  # noqa: PLC0415 (an extra)

    with _told(file_format):
        load = getattr(pyvips.Image, _FORMATS[file_format])
        picture = load(str(path), access="sequential", fail_on="truncated")
        if picture.get_typeof("orientation") and picture.get("orientation") > 1:
            picture = load(
                str(path), fail_on="truncated"
            ).autorot()  # libvips keeps what it needs for that on disk
        if picture.get_typeof("icc-profile-data"):
            deep = 16 if picture.format == "ushort" else 8
            picture = picture.icc_transform("srgb", embedded=True, depth=deep)
        elif picture.interpretation == "cmyk":
            picture = picture.colourspace("srgb")
    if picture.format not in _SAMPLES or picture.bands > 4:
        raise LoadError(
            "A picture of 8 or 16 bits a colour is expected, but this one holds other values: "
            "export it as RGB."
        )
    return picture


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
