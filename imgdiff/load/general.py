"""JPEG, PNG, GIF, BMP and TIFF by Pillow; deep PNG and TIFF by OpenCV.

Pillow reads headers and 8-bit pictures; OpenCV reads the 16-bit ones that Pillow would cut down
to 8 bits. For opaque 8-bit pictures both decode to the very same pixels.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff.errors import LoadError
from imgdiff.load.decoded import Decoded
from imgdiff.load.limits import check_density, check_mode, check_size, no_such_frame
from imgdiff.load.png_file import PngFile, check_rows, without_metadata
from imgdiff.load.profile import browsers_apply, srgb_transform
from imgdiff.load.tiff_file import checked_pages, page_directories
from imgdiff.load.turn import orientation, upright
from imgdiff.types import Pixels

_BITS_PER_SAMPLE_TAG: Final = 258
_PHOTOMETRIC_TAG: Final = 262
_WHITE_IS_ZERO: Final = 0
_EXTRA_SAMPLES_TAG: Final = 338
_UNASSOCIATED_ALPHA: Final = 2

_PHOTOS: Final = ("JPEG", "MPO")

_STRIP: Final = 256
"""Rows that are converted at a time: Pillow's copies of a whole would treble the memory."""

_QUIET: Final = threading.Lock()


def decode_general(
    data: bytes, file_format: str, png: PngFile | None, frame: int | None = None
) -> Decoded:
    """Upright pixels, alpha and notes of a picture file of a format known to Pillow.

    Of several frames or pages, the one of that number from 0; None is the first, and is noted.
    """
    number = frame or 0
    pages = checked_pages(data, number) if file_format == "TIFF" else None
    if png is not None:
        check_rows(png)
        pages = png.frames
        if not number:  # what an animation needs is left out of it
            data = png.data
    with opened_picture(data, file_format) as picture:
        if number:
            _go_to(picture, data, number)
        width, height = picture.size
        check_mode(picture.mode)
        check_size(width, height, bytes_per_pixel=_bytes_per_pixel(picture, png))
        if file_format != "TIFF":  # of which it depends on the compression
            check_density(width, height, file_format, len(data))
        # Pillow has turned a TIFF already.
        turn = 1 if file_format == "TIFF" else orientation(picture.info.get("exif"))
        if pages is None:
            pages = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
        if _has_over_8_bits(picture, png):
            deep = data if png is None else without_metadata(png)
            decoded = _decode_16_bit(picture, deep, number)
        else:
            decoded = _decode_8_bit(picture, png)
        # Of these browsers show the first picture, turned upright.
        plain = picture.format in _PHOTOS or (pages == turn == 1)
        shown_as_is = plain and _is_shown_as_is(picture, png)
    alpha = None if decoded.alpha is None else upright(decoded.alpha, turn)
    notes = (frame_note(pages) if frame is None else ()) + decoded.notes
    return Decoded(upright(decoded.pixels, turn), alpha, notes, shown_as_is)


def _go_to(picture: PillowImage.Image, data: bytes, frame: int) -> None:
    """Turn to a frame, or to a page of a TIFF; a LoadError if there is none."""
    count = getattr(picture, "n_frames", 1)
    if picture.format == "TIFF":
        frame = page_directories(data)[frame][0]
    if picture.format == "MPO" or frame >= count:
        raise no_such_frame(1 if picture.format == "MPO" else count, frame)
    picture.seek(frame)


@contextmanager
def opened_picture(data: bytes, file_format: str) -> Iterator[PillowImage.Image]:
    """A file opened by one decoder alone.

    Pillow's warnings of odd metadata aren't for the user; what matters, we check ourselves.
    """
    with _QUIET, warnings.catch_warnings():  # the filters are the process's: one thread at a time
        warnings.simplefilter("ignore")
        picture = PillowImage.open(io.BytesIO(data), formats=(file_format,))
    with picture:
        yield picture


def frame_note(frames: int) -> tuple[str, ...]:
    """What to tell about an animation or a file of several pages.

    Not about MPO, in which phones store a photo along with its thumbnail or depth.
    """
    return () if frames == 1 else (f"Only the first of {frames} frames is compared.",)


def _is_shown_as_is(picture: PillowImage.Image, png: PngFile | None) -> bool:
    """Whether browsers show the file in the colours in which it was decoded; in doubt, no."""
    profile = picture.info.get("icc_profile")
    if profile and not browsers_apply(profile):
        return False
    if picture.format in _PHOTOS:
        return picture.mode in ("L", "RGB")
    if png is not None:
        return png.header.bits <= 8 and (bool(profile) or not png.recolored)
    return picture.format in ("GIF", "BMP")


def _bytes_per_pixel(picture: PillowImage.Image, png: PngFile | None) -> int:
    channels = 3 + picture.has_transparency_data
    return channels * (1 + _has_over_8_bits(picture, png))


def _has_over_8_bits(picture: PillowImage.Image, png: PngFile | None) -> bool:
    """Whether samples have more than 8 bits; of colour, Pillow's mode doesn't tell."""
    if picture.mode.startswith("I;16"):
        return True
    if png is not None:
        return png.header.bits == 16
    return picture.format == "TIFF" and max(_tiff_tag(picture, _BITS_PER_SAMPLE_TAG)) > 8


def _tiff_tag(picture: PillowImage.Image, tag: int) -> tuple[int, ...]:
    """The values of a TIFF tag; (0,) if it's missing."""
    value = picture.tag_v2.get(tag, 0)  # type: ignore[attr-defined]
    return value if isinstance(value, tuple) else (value,)


def _decode_16_bit(picture: PillowImage.Image, data: bytes, frame: int) -> Decoded:
    """A PNG or TIFF of more than 8 bits, on the 16-bit scale; gray in three equal channels."""
    profile_mode = "L" if picture.mode.startswith("I;16") else "RGB"
    notes = _profile_note(picture, profile_mode)
    if picture.mode.startswith("I;16"):
        gray, alpha = _gray_16_bit(picture)
        return Decoded(np.repeat(gray[..., None], 3, axis=2), alpha, notes)

    is_tiff = picture.format == "TIFF"
    opacity = _tiff_tag(picture, _EXTRA_SAMPLES_TAG) if is_tiff else (_UNASSOCIATED_ALPHA,)
    if is_tiff:
        picture.load()  # for its checks alone: OpenCV fills in what a damaged file lacks
        picture.close()  # and lets go of the pixels
    decoded = _deep_samples(data, frame, is_tiff=is_tiff)
    if decoded is None or decoded.dtype != np.uint16 or decoded.shape[2:] not in ((3,), (4,)):
        raise LoadError(
            "A 16-bit picture must be gray or RGB, but this one holds something else: "
            "export it as RGB."
        )
    alpha = None
    if decoded.shape[2] == 4 and opacity == (_UNASSOCIATED_ALPHA,):
        alpha = np.asarray(cv2.extractChannel(decoded, 3), np.uint16)
    pixels = cv2.cvtColor(decoded[..., :3], cv2.COLOR_BGR2RGB)
    return Decoded(np.asarray(pixels, np.uint16), alpha, notes)


def _deep_samples(data: bytes, frame: int, *, is_tiff: bool) -> NDArray[Any] | None:
    """Samples as OpenCV has them, of a page or the only frame; None if it can't read them."""
    encoded = np.frombuffer(data, np.uint8)
    if not frame:
        return cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
    if not is_tiff:  # OpenCV would read an animation's first
        return None
    place = page_directories(data)[frame][0]
    _, found = cv2.imdecodemulti(encoded, cv2.IMREAD_UNCHANGED, range=(place, place + 1))
    return found[0] if found else None


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


def _decode_8_bit(picture: PillowImage.Image, png: PngFile | None) -> Decoded:
    """Anything that Pillow reads as 8 bits a sample or less, strip by strip."""
    profile = picture.info.get("icc_profile")
    picture.load()
    if png is not None and picture.mode == "L" and "transparency" in picture.info:
        # Pillow spreads gray of 2 or 4 bits over 0 to 255, but not the level that's transparent.
        picture.info["transparency"] *= 255 // (2**png.header.bits - 1)
    mode = _color_mode(picture.mode)
    transform = srgb_transform(profile, mode) if profile else None
    width, height = picture.size
    pixels = np.empty((height, width, 3), np.uint8)
    alpha = np.empty((height, width), np.uint8) if picture.has_transparency_data else None
    for top in range(0, height, _STRIP):
        rows = slice(top, min(top + _STRIP, height))
        strip = picture.crop((0, rows.start, width, rows.stop))
        if alpha is not None:
            alpha[rows] = np.asarray(strip.convert("RGBA").getchannel("A"))
        colors = strip.convert(mode)
        if transform is not None:
            colors = ImageCms.applyTransform(colors, transform) or colors
        pixels[rows] = np.asarray(colors.convert("RGB"))
    return Decoded(pixels, alpha, ())


def _color_mode(mode: str) -> str:
    """The mode of the colours alone, in which a profile may speak of them."""
    if mode in ("1", "L", "LA"):
        return "L"
    return "CMYK" if mode == "CMYK" else "RGB"
