"""Two pictures → one grid: the reference's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imgdiff.color import to_uint16
from imgdiff.errors import SettingsError, SizeError
from imgdiff.types import Align, Alignment, Box, Image, Mask, Pair


def align(
    reference: Image, test: Image, *, motion: Align = "auto", ignore: tuple[Box, ...] = ()
) -> Pair:
    """Bring the test picture onto the reference's grid.

    Pictures of one size are taken to lie on one grid already: no pixel is moved, with either
    choice of `motion`.

    Parameters
    ----------
    reference, test : Image
        If one has 16 bits a sample, the other is brought to 16 bits too.
    motion : {"auto", "none"}
        Whether the test picture may be moved.
    ignore : tuple of Box
        Areas of the reference to leave out of the comparison.

    Returns
    -------
    Pair
        With the identity as transform.

    Raises
    ------
    SizeError
        The pictures have different sizes.
    SettingsError
        `motion` is unknown, or an ignored box lies outside the picture.
    """
    if motion not in ("auto", "none"):
        raise SettingsError(f"align may be auto or none, but is {motion!r}: choose one of them.")
    if (reference.width, reference.height) != (test.width, test.height):
        raise SizeError(
            "Both pictures must have the same size, but the first is "
            f"{reference.width} × {reference.height} and the second {test.width} × {test.height} "
            "pixels: crop or resize one of them to match."
        )
    if reference.pixels.dtype != test.pixels.dtype:
        reference, test = _to_16_bit(reference), _to_16_bit(test)
    valid = _outside((reference.height, reference.width), ignore)
    return Pair(
        reference,
        test,
        valid,
        transform=np.eye(3),
        related=True,
        alignment=Alignment(),
        unmoved=test,
        overlap=np.broadcast_to(np.True_, valid.shape),
    )


def _to_16_bit(image: Image) -> Image:
    alpha = None if image.alpha is None else to_uint16(image.alpha)
    return replace(image, pixels=to_uint16(image.pixels), alpha=alpha)


def _outside(shape: tuple[int, int], boxes: tuple[Box, ...]) -> Mask:
    """Mask of `shape` (H, W), True outside all the boxes; it takes no memory if there are none."""
    if not boxes:
        return np.broadcast_to(np.True_, shape)
    height, width = shape
    mask = np.ones(shape, np.bool_)
    for box in boxes:
        inside = 0 <= box.x < width and 0 <= box.y < height and box.width > 0 and box.height > 0
        if not inside:
            raise SettingsError(
                f"An ignored area must begin inside the {width} × {height} picture and have a "
                f"width and a height, but one is {box.width} × {box.height} at "
                f"({box.x}, {box.y}): correct or remove it."
            )
        mask[box.slices] = False
    return mask
