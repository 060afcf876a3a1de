"""A picture → a dense vector: what it shows, in numbers that can be compared.

Nothing that ``imgdiff compare`` does needs this room, and importing it costs nothing: a network is
loaded when the first picture asks for it.
"""

from __future__ import annotations

import cv2
import numpy as np

from imgdiff.errors import BlankError
from imgdiff.pixels.color import on_white
from imgdiff.similar.embedding import lite
from imgdiff.similar.embedding.bands import Bands
from imgdiff.similar.embedding.vectors import Vector
from imgdiff.types import Image, Picture

DEFAULT_MODEL = lite.KEY

_BLANK_RANGE = 8
"""Gray levels between the darkest and the lightest sample, up to which a picture shows nothing:
what JPEG and a scanner's noise leave of an empty page once it is made small."""

_BLANK_SIZE = 64


def embed(image: Image, *, model: str = DEFAULT_MODEL) -> Vector:
    """What a picture shows, as a vector.

    Parameters
    ----------
    image : Image
        Any size; transparent parts count as white.
    model : str
        ``"efficientnet-lite2"``, which comes with imgdiff, or one of the optional models, which
        need the extra ``imgdiff-app[models]``.

    Returns
    -------
    ndarray of float32, shape (2560,)
        Of length 1; 384 or 512 numbers with an optional model.

    Raises
    ------
    BlankError
        The picture is of one colour, so there is nothing to be alike.
    SettingsError
        There is no such model.
    ModelError
        An optional model isn't there, or isn't the one that was expected.
    """
    picture = on_white(image.pixels, image.alpha)
    if is_blank(picture):
        raise BlankError(
            "A picture that shows something is expected, but this one is blank: "
            "nothing can be said about what it is like."
        )
    if model == lite.KEY:
        return lite.embed_pixels(picture)
    from imgdiff.similar.embedding.optional import model_named  # noqa: PLC0415

    return model_named(model).embed(picture)


def similarity(a: Vector, b: Vector) -> float:
    """How alike two pictures are: the cosine of their vectors' angle, -1 to 1.

    Both vectors must come from the same model. 1 = equal; about 0 = no relation.
    """
    return float(np.clip(np.dot(a, b), -1, 1))


def bands_of(model: str = DEFAULT_MODEL) -> Bands:
    """From which similarity on this model's scores mean something."""
    if model == lite.KEY:
        return lite.BANDS
    from imgdiff.similar.embedding.optional import spec_named  # noqa: PLC0415

    return spec_named(model).bands


def is_blank(picture: Picture) -> bool:
    """Whether a picture shows nothing but one colour."""
    small = cv2.resize(picture, (_BLANK_SIZE, _BLANK_SIZE), interpolation=cv2.INTER_AREA)
    return int(np.ptp(small, axis=(0, 1)).max()) <= _BLANK_RANGE
