"""Files and bytes → `Image`: the only module that knows file formats.

Pillow reads headers and 8-bit pictures; OpenCV reads the 16-bit ones that Pillow would cut down
to 8 bits. For opaque 8-bit pictures both decode to the very same pixels.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageCms

from imgdiff.errors import LoadError
from imgdiff.types import Image, Pixels

MAX_BYTES: Final = 30 * 2**20
MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 30_000

_SIGNATURES: Final = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
}
_ACCEPTED: Final = "JPEG, PNG, WebP, GIF, BMP or TIFF"

_UNREADABLE_MODES: Final = {"F": "floating-point", "I": "32-bit", "LAB": "Lab", "HSV": "HSV"}

_ORIENTATION_TAG: Final = 0x0112
_BITS_PER_SAMPLE_TAG: Final = 258
_PHOTOMETRIC_TAG: Final = 262
_WHITE_IS_ZERO: Final = 0

# Two levels: profiles that say sRGB in slightly different numbers differ by one or two, while
# any other colour space in use moves some colour by ten or more.
_SRGB_TOLERANCE: Final = 2

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


def load_image(source: bytes | str | Path, *, name: str | None = None) -> Image:
    """Read a picture: upright, in sRGB, 8 or 16 bits a sample as the file has them.

    Parameters
    ----------
    source : bytes, str or Path
        The file's content, or where it lies.
    name : str, optional
        What to call it; by default the file's name, or "picture" for bytes.

    Returns
    -------
    Image
        With read-only arrays.

    Raises
    ------
    LoadError
        The file is missing, empty, too large, damaged, or not a JPEG, PNG, WebP, GIF, BMP or
        TIFF picture. The message is one sentence and doesn't contain the name.
    """
    if not isinstance(source, bytes):
        path = Path(source)
        return load_image(_read(path), name=path.name if name is None else name)

    pixels, alpha, notes = _decode(source)
    if alpha is not None and alpha.min() == np.iinfo(alpha.dtype).max:
        alpha = None
    if alpha is not None:
        pixels = np.where(alpha[..., None] == 0, pixels.dtype.type(0), pixels)
        alpha = _read_only(alpha)
    return Image(_read_only(pixels), alpha, "picture" if name is None else name, notes)


def _read(path: Path) -> bytes:
    """The file's bytes, unless there are more than any picture may have."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise LoadError("There is no such file: check the path.") from None
    except IsADirectoryError:
        raise LoadError("A picture file is expected, but this is a folder.") from None
    except (OSError, ValueError):
        raise LoadError("The file can't be opened: check the path and its permissions.") from None


def _decode(data: bytes) -> tuple[Pixels, Pixels | None, tuple[str, ...]]:
    """Pixels, alpha and notes of a picture file, whatever its format."""
    file_format = _checked_format(data)
    try:
        with PillowImage.open(io.BytesIO(data), formats=(file_format,)) as picture:
            _check_size(*picture.size)
            _check_mode(picture.mode)
            notes = _frame_note(picture)
            if _has_16_bits(picture, data):
                pixels, alpha, more = _decode_16_bit(picture, data)
            else:
                pixels, alpha, more = _decode_8_bit(picture)
            # Pillow has turned a TIFF by the time it is decoded.
            turn = 1 if file_format == "TIFF" else picture.getexif().get(_ORIENTATION_TAG, 1)
    except PillowImage.DecompressionBombError:
        raise _too_many_pixels(f"more than {2 * (PillowImage.MAX_IMAGE_PIXELS or 0)}") from None
    except MemoryError:
        raise LoadError("There isn't enough memory for this picture: make it smaller.") from None
    except _DECODER_ERRORS:
        raise LoadError(
            f"The {file_format} file is damaged or cut short: copy, download or export it again."
        ) from None
    return _upright(pixels, turn), None if alpha is None else _upright(alpha, turn), notes + more


def _checked_format(data: bytes) -> str:
    """Name of the format by the file's first bytes; its size checked on the way."""
    if not data:
        raise LoadError(f"The file is empty: choose a {_ACCEPTED} picture.")
    if len(data) > MAX_BYTES:
        raise LoadError(
            f"A picture file may have {MAX_BYTES >> 20} MB, but this one has more: "
            "save it smaller or with stronger compression."
        )
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    for signature, file_format in _SIGNATURES.items():
        if data.startswith(signature):
            return file_format
    if data[4:8] == b"ftyp":
        raise LoadError(
            f"A {_ACCEPTED} picture is expected, but this is a HEIC or AVIF photo or a video: "
            "export it as JPEG."
        )
    raise LoadError(
        f"A {_ACCEPTED} picture is expected, but this file is something else: "
        "choose another, or export it in one of these formats."
    )


def _check_size(width: int, height: int) -> None:
    """Refuse what would be too large once decoded."""
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(f"{width * height} ({width} × {height})")
    if max(width, height) > MAX_SIDE:
        raise LoadError(
            f"A picture may be {MAX_SIDE} pixels long, but this one is {width} × {height}: crop it."
        )


def _check_mode(mode: str) -> None:
    """Refuse samples that don't fit whole numbers of 8 or 16 bits."""
    if mode in _UNREADABLE_MODES:
        raise LoadError(
            "A picture of 8 or 16 bits a colour is expected, but this one holds "
            f"{_UNREADABLE_MODES[mode]} values: export it as 16-bit TIFF or PNG."
        )


def _too_many_pixels(found: str) -> LoadError:
    return LoadError(
        f"A picture may have {MAX_PIXELS} pixels, but this one has {found}: shrink or crop it."
    )


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
    if not profile or _srgb_transform(profile, "RGB") is None:
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
    transform = _srgb_transform(profile, picture.mode) if profile else None
    if transform is not None:
        picture = ImageCms.applyTransform(picture, transform) or picture
    return np.asarray(picture.convert("RGB")), alpha, ()


def _srgb_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """How to bring `mode` pixels with an ICC profile to sRGB; None if that changes nothing.

    A broken profile, or one for another kind of pixels, never blocks a picture: it's ignored.
    """
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if mode == "CMYK":
        return transform
    probe = _color_grid()
    converted = ImageCms.applyTransform(probe.convert(mode), transform)
    moved = np.abs(np.asarray(converted, np.int16) - np.asarray(probe.convert(mode).convert("RGB")))
    return transform if moved.max() > _SRGB_TOLERANCE else None


def _color_grid() -> PillowImage.Image:
    """A picture of 9 × 9 × 9 colours spread over the RGB cube, to try a profile on."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    return PillowImage.fromarray(grid.reshape(9, -1, 3))


def _upright(samples: Pixels, orientation: int) -> Pixels:
    """Undo an EXIF orientation, 1 to 8; anything else counts as upright."""
    if orientation in (5, 6, 7, 8):
        samples = np.swapaxes(samples, 0, 1)
    if orientation in (3, 4, 7, 8):
        samples = samples[::-1]
    if orientation in (2, 3, 6, 7):
        samples = samples[:, ::-1]
    return samples


def _read_only(samples: Pixels) -> Pixels:
    """A contiguous array that nobody can write to."""
    samples = np.ascontiguousarray(samples)
    samples.setflags(write=False)
    return samples
