"""Pictures and places in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""uint8 or uint16 samples, (H, W, 3) sRGB or (H, W) gray, over the whole range of their type."""

Picture: TypeAlias = NDArray[np.uint8]
"""Something to look at: (H, W, 3) sRGB or (H, W) gray, 0 to 255."""

Floats: TypeAlias = NDArray[np.floating[Any]]
"""Values of any shape, float32 or float64; whoever takes them says range and unit."""

ErrorMap: TypeAlias = NDArray[np.floating[Any]]
"""(H, W), float32 unless said otherwise; 0 = equal, larger = worse; the unit is the method's."""

Mask: TypeAlias = NDArray[np.bool_]
"""(H, W) in the reference's frame."""


def holds_everywhere(mask: Mask) -> bool:
    """Whether all of a mask is true; at once if it was made by broadcasting a single value."""
    return bool(mask.flat[0]) if mask.strides == (0, 0) else bool(mask.all())


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of the file that a picture came from; not where it lies.

    Attributes
    ----------
    format : str
        "JPEG", "PNG", …
    size : int
        Bytes.
    sha256 : str
        Digest of the bytes, 64 hexadecimal digits: files with the same one are the same.
    """

    format: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class PageText:
    """The characters of a page in the file's order, which mostly is that of reading.

    Attributes
    ----------
    text : str
        One character for each row of `boxes`; a line ends in a line feed.
    boxes : ndarray of float32, shape (N, 4)
        Left, top, width and height on the drawn page, px; the end of a line has neither width nor
        height.
    """

    text: str
    boxes: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """A loaded picture: upright, sRGB, read-only, in its own integer type.

    Attributes
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W, 3)
        sRGB samples. Where `alpha` is 0 they are 0, since a hidden colour is no colour.
    alpha : ndarray of the same dtype, shape (H, W), or None
        Opacity, 0 = transparent. None where every pixel is opaque.
    name : str
        What the user calls the file: text to show, never a path to open or markup.
    notes : tuple of str
        What loading had to decide, in sentences ("Only the first of 12 frames is compared.").
    shown_as_is : bool
        Whether every browser shows the file itself as these pixels; if not, it needs a rendition.
    file : FileFacts or None
        Of the file it came from; None if it was made otherwise.
    text : PageText or None
        What a page of a PDF holds as text; None of a picture.
    """

    pixels: Pixels
    alpha: Pixels | None
    name: str
    notes: tuple[str, ...] = ()
    shown_as_is: bool = False
    file: FileFacts | None = None
    text: PageText | None = None

    @property
    def width(self) -> int:
        """Columns, px."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows, px."""
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels in the reference's frame; x to the right, y down, from 0."""

    x: int
    y: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of the box, to index an array with."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)
