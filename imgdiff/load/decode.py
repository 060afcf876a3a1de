"""Any picture file → upright sRGB samples.

Pillow reads headers and 8-bit pictures; OpenCV reads the 16-bit ones that Pillow would cut down
to 8 bits. For opaque 8-bit pictures both decode to the very same pixels.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff.errors import LoadError
from imgdiff.load.limits import check_mode, check_size, too_many_pixels
from imgdiff.load.plain import Decoded, moves_colors
from imgdiff.load.profile import browsers_apply, srgb_transform
from imgdiff.types import Pixels

_PNG_DEPTH: Final = 24
"""Where a PNG file tells the bits of a sample."""
_PNG_HEAD: Final = 2**16
"""What tells about colours comes before the samples, and is short."""

_ORIENTATION_TAG: Final = 0x0112
_BITS_PER_SAMPLE_TAG: Final = 258
_PHOTOMETRIC_TAG: Final = 262
_WHITE_IS_ZERO: Final = 0
_EXTRA_SAMPLES_TAG: Final = 338
_UNASSOCIATED_ALPHA: Final = 2

_DECODER_ERRORS: Final = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    RuntimeError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
    cv2.error,
)

_QUIET: Final = threading.Lock()


def decode(data: bytes, file_format: str) -> Decoded:
    """Upright pixels, alpha and notes of a picture file of a format known to Pillow."""
    try:
        with _opened(data, file_format) as picture:
            check_size(*picture.size)
            check_mode(picture.mode)
            decode_samples = _decode_16_bit if _has_over_8_bits(picture, data) else _decode_8_bit
            decoded = decode_samples(picture, data)
            turn = _orientation(picture)
            notes = _frame_note(picture) + decoded.notes
            shown_as_is = _is_shown_as_is(picture, data, turn)
    except PillowImage.DecompressionBombError:
        pillows_limit = 2 * (PillowImage.MAX_IMAGE_PIXELS or 0)
        raise too_many_pixels(f"over {pillows_limit // 10**6}") from None
    except MemoryError:
        raise LoadError("There isn't enough memory for this picture: make it smaller.") from None
    except _DECODER_ERRORS:
        raise LoadError(
            f"The {file_format} file is damaged, cut short or of a rare kind: "
            "copy, download or export it again."
        ) from None
    alpha = None if decoded.alpha is None else _upright(decoded.alpha, turn)
    return Decoded(_upright(decoded.pixels, turn), alpha, notes, shown_as_is)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep Pillow's warnings of odd metadata from the user; what matters, we check ourselves."""
    with _QUIET, warnings.catch_warnings():  # the filters are the process's: one thread at a time
        warnings.simplefilter("ignore")
        yield


def _opened(data: bytes, file_format: str) -> PillowImage.Image:
    with _quietly():
        return PillowImage.open(io.BytesIO(data), formats=(file_format,))


def _orientation(picture: PillowImage.Image) -> int:
    """EXIF's orientation, 1 to 8; 1, upright, where there is none that makes sense."""
    if picture.format == "TIFF":
        return 1  # Pillow has turned it already
    try:
        with _quietly():
            return int(picture.getexif().get(_ORIENTATION_TAG, 1))
    except _DECODER_ERRORS:
        return 1


def _frame_note(picture: PillowImage.Image) -> tuple[str, ...]:
    """What to tell about an animation or a file of several pages.

    Not about MPO, in which phones store a photo along with its thumbnail or depth.
    """
    frames = getattr(picture, "n_frames", 1)
    if frames == 1 or picture.format == "MPO":
        return ()
    return (f"Only the first of {frames} frames is compared.",)


def _is_shown_as_is(picture: PillowImage.Image, data: bytes, turn: int) -> bool:
    """Whether browsers show the file as it was decoded; in doubt, no."""
    profile = picture.info.get("icc_profile")
    if profile and not browsers_apply(profile):
        return False
    if picture.format in ("JPEG", "MPO"):
        return picture.mode in ("L", "RGB")
    if picture.format == "PNG":
        kinds = {kind for kind in (b"gAMA", b"cHRM", b"sRGB", b"cICP") if kind in data[:_PNG_HEAD]}
        if _has_over_8_bits(picture, data) or (moves_colors(kinds) and not profile):
            return False
    frames = getattr(picture, "n_frames", 1)
    return picture.format in ("PNG", "WEBP", "GIF", "BMP") and frames == 1 and turn == 1


def _has_over_8_bits(picture: PillowImage.Image, data: bytes) -> bool:
    """Whether samples have more than 8 bits; of colour, Pillow's mode doesn't tell."""
    if picture.mode.startswith("I;16"):
        return True
    if picture.format == "PNG":
        return data[_PNG_DEPTH] == 16
    return picture.format == "TIFF" and max(_tiff_tag(picture, _BITS_PER_SAMPLE_TAG)) > 8


def _tiff_tag(picture: PillowImage.Image, tag: int) -> tuple[int, ...]:
    """The values of a TIFF tag; (0,) if it's missing."""
    value = picture.tag_v2.get(tag, 0)  # type: ignore[attr-defined]
    return value if isinstance(value, tuple) else (value,)


def _decode_16_bit(picture: PillowImage.Image, data: bytes) -> Decoded:
    """A PNG or TIFF of more than 8 bits, on the 16-bit scale; gray in three equal channels."""
    profile_mode = "L" if picture.mode.startswith("I;16") else "RGB"
    notes = _profile_note(picture, profile_mode)
    if picture.mode.startswith("I;16"):
        gray, alpha = _gray_16_bit(picture)
        return Decoded(np.repeat(gray[..., None], 3, axis=2), alpha, notes)

    picture.load()  # for its checks alone: OpenCV fills in what a damaged file lacks
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16 or decoded.shape[2:] not in ((3,), (4,)):
        raise LoadError(
            "A 16-bit picture must be gray or RGB, but this one holds something else: "
            "export it as RGB."
        )
    samples = np.asarray(decoded, np.uint16)
    has_alpha = samples.shape[2] == 4
    if picture.format == "TIFF" and has_alpha:
        has_alpha = _tiff_tag(picture, _EXTRA_SAMPLES_TAG) == (_UNASSOCIATED_ALPHA,)
    return Decoded(samples[..., 2::-1], samples[..., 3] if has_alpha else None, notes)


def _gray_16_bit(picture: PillowImage.Image) -> tuple[Pixels, Pixels | None]:
    """Samples (H, W) and alpha of a gray picture of 12 or 16 bits."""
    gray = np.asarray(picture).astype(np.uint16)
    white = np.iinfo(np.uint16).max
    alpha = None
    if "transparency" in picture.info:  # one gray level of a PNG stands for "nothing here"
        alpha = np.where(gray == picture.info["transparency"], 0, white).astype(np.uint16)
    if picture.format == "TIFF":
        if _tiff_tag(picture, _BITS_PER_SAMPLE_TAG) == (12,):
            gray = gray * 16 + gray // 256
        if _tiff_tag(picture, _PHOTOMETRIC_TAG) == (_WHITE_IS_ZERO,):
            gray = white - gray
    return gray, alpha


def _profile_note(picture: PillowImage.Image, mode: str) -> tuple[str, ...]:
    """Colour management is done in 8 bits, so a 16-bit picture keeps its own numbers."""
    profile = picture.info.get("icc_profile")
    if not profile or srgb_transform(profile, mode) is None:
        return ()
    return ("Its colour profile is not applied, as the picture has 16 bits a colour.",)


def _decode_8_bit(picture: PillowImage.Image, data: bytes) -> Decoded:
    """Anything that Pillow reads as 8 bits a sample or less."""
    profile = picture.info.get("icc_profile")
    picture.load()
    if picture.format == "PNG" and picture.mode == "L" and "transparency" in picture.info:
        # Pillow spreads gray of 2 or 4 bits over 0 to 255, but not the level that's transparent.
        picture.info["transparency"] *= 255 // (2 ** data[_PNG_DEPTH] - 1)
    alpha: Pixels | None = None
    if picture.has_transparency_data:
        alpha = np.asarray(picture.convert("RGBA").getchannel("A"))
    colors = picture.convert(_color_mode(picture.mode))
    transform = srgb_transform(profile, colors.mode) if profile else None
    if transform is not None:
        colors = ImageCms.applyTransform(colors, transform) or colors
    return Decoded(np.asarray(colors.convert("RGB")), alpha, ())


def _color_mode(mode: str) -> str:
    """The mode of the colours alone, in which a profile may speak of them."""
    if mode in ("1", "L", "LA"):
        return "L"
    return "CMYK" if mode == "CMYK" else "RGB"


def _upright(samples: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation, 1 to 8; anything else counts as upright."""
    if orientation in (5, 6, 7, 8):
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples
