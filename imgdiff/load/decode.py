"""The bytes of a picture file → upright sRGB samples.

Pillow reads headers and 8-bit pictures; OpenCV reads the 16-bit ones that Pillow would cut down
to 8 bits. For opaque 8-bit pictures both decode to the very same pixels.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff.errors import LoadError
from imgdiff.load.limits import check_mode, check_size, checked_format, too_many_pixels
from imgdiff.load.profile import srgb_transform
from imgdiff.types import Pixels

_ORIENTATION_TAG: Final = 0x0112
_BITS_PER_SAMPLE_TAG: Final = 258
_PHOTOMETRIC_TAG: Final = 262
_WHITE_IS_ZERO: Final = 0

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


def decode(data: bytes) -> tuple[Pixels, Pixels | None, tuple[str, ...]]:
    """Pixels, alpha and notes of a picture file, whatever its format."""
    file_format = checked_format(data)
    try:
        with PillowImage.open(io.BytesIO(data), formats=(file_format,)) as picture:
            check_size(*picture.size)
            check_mode(picture.mode)
            notes = _frame_note(picture)
            if _has_16_bits(picture, data):
                pixels, alpha, more = _decode_16_bit(picture, data)
            else:
                pixels, alpha, more = _decode_8_bit(picture)
            # Pillow has turned a TIFF by the time it is decoded.
            turn = 1 if file_format == "TIFF" else picture.getexif().get(_ORIENTATION_TAG, 1)
    except PillowImage.DecompressionBombError:
        pillows_limit = 2 * (PillowImage.MAX_IMAGE_PIXELS or 0)
        raise too_many_pixels(f"more than {pillows_limit // 10**6}") from None
    except MemoryError:
        raise LoadError("There isn't enough memory for this picture: make it smaller.") from None
    except _DECODER_ERRORS:
        raise LoadError(
            f"The {file_format} file is damaged or cut short: copy, download or export it again."
        ) from None
    return _upright(pixels, turn), None if alpha is None else _upright(alpha, turn), notes + more


def _frame_note(picture: PillowImage.Image) -> tuple[str, ...]:
    """What to tell about an animation or a file of several pages."""
    frames = getattr(picture, "n_frames", 1)
    return (f"Only the first of {frames} frames is compared.",) if frames > 1 else ()


def _has_16_bits(picture: PillowImage.Image, data: bytes) -> bool:
    """Whether the file holds 16-bit samples; Pillow's mode alone hides it for colour."""
    if picture.format == "PNG":
        depth_in_header = data[24]
        return depth_in_header == 16
    if picture.format == "TIFF":
        return 16 in picture.tag_v2.get(_BITS_PER_SAMPLE_TAG, ())  # type: ignore[attr-defined]
    return False


def _decode_16_bit(
    picture: PillowImage.Image, data: bytes
) -> tuple[Pixels, Pixels | None, tuple[str, ...]]:
    """RGB pixels and alpha of a 16-bit PNG or TIFF; gray in three equal channels."""
    if picture.mode.startswith("I;16"):
        gray = np.asarray(picture).astype(np.uint16)
        if picture.format == "TIFF" and _white_is_zero(picture):
            gray = np.iinfo(np.uint16).max - gray
        return np.repeat(gray[..., None], 3, axis=2), None, _profile_note(picture)

    picture.load()  # for its checks alone: OpenCV fills in what a damaged file lacks
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.dtype != np.uint16 or decoded.ndim != 3:
        raise ValueError("not the 16-bit picture that the header promised")
    samples = np.asarray(decoded, np.uint16)
    alpha = samples[..., 3] if samples.shape[2] == 4 else None
    return samples[..., 2::-1], alpha, _profile_note(picture)


def _white_is_zero(picture: PillowImage.Image) -> bool:
    photometric = picture.tag_v2.get(_PHOTOMETRIC_TAG)  # type: ignore[attr-defined]
    return bool(photometric == _WHITE_IS_ZERO)


def _profile_note(picture: PillowImage.Image) -> tuple[str, ...]:
    """Colour management is done in 8 bits, so a 16-bit picture keeps its own numbers."""
    profile = picture.info.get("icc_profile")
    if not profile or srgb_transform(profile, "RGB") is None:
        return ()
    return ("Its colour profile is not applied, as the picture has 16 bits a colour.",)


def _decode_8_bit(
    picture: PillowImage.Image,
) -> tuple[Pixels, Pixels | None, tuple[str, ...]]:
    """Pixels in sRGB and alpha of anything that Pillow reads as 8 bits or less."""
    profile = picture.info.get("icc_profile")
    picture.load()
    alpha: Pixels | None = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = np.asarray(picture.getchannel("A"))
    if picture.mode not in ("RGB", "L", "CMYK"):
        picture = picture.convert("RGB")
    transform = srgb_transform(profile, picture.mode) if profile else None
    if transform is not None:
        picture = ImageCms.applyTransform(picture, transform) or picture
    return np.asarray(picture.convert("RGB")), alpha, ()


def _upright(samples: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation, 1 to 8; anything else counts as upright."""
    if orientation in (5, 6, 7, 8):
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples
