"""Any picture file → upright sRGB samples, whatever its decoder thinks of it."""

from __future__ import annotations

import struct
import zlib
from typing import Final, cast

import cv2
from isal import isal_zlib
from PIL import Image as PillowImage

from imgdiff.environment import needing
from imgdiff.errors import LoadError
from imgdiff.load.avif import decode_avif
from imgdiff.load.decoded import Decoded
from imgdiff.load.general import decode_general
from imgdiff.load.limits import damaged, too_many_pixels
from imgdiff.load.png_file import PngFile
from imgdiff.load.webp import checked_chunks, decode_webp

_DECODER_ERRORS: Final[tuple[type[Exception], ...]] = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RuntimeError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
    cast("type[Exception]", isal_zlib.IsalError),
    cv2.error,
)


def read_plugins() -> None:
    """Have Pillow load its decoders, where no file can be opened later."""
    PillowImage.init()


def decode(data: bytes, file_format: str, png: PngFile | None, frame: int | None = None) -> Decoded:
    """Upright pixels, alpha and notes of a picture file; `png` is what's known of it if it is one.

    Of several frames or pages, `frame` is the number from 0; None is the first, and is noted.

    Raises
    ------
    LoadError
        Whatever goes wrong: the message is ours, and tells nothing of the decoder's.
    """
    try:
        if frame and file_format != "HEIC":
            if file_format == "WEBP":
                checked_chunks(data)
            return decode_general(data, file_format, png, frame)
        own = {"WEBP": decode_webp, "AVIF": decode_avif, "HEIC": _decode_heic}
        if file_format in own:
            found = own[file_format](data)
            return found if frame is None else found._replace(notes=())
        return decode_general(data, file_format, png, frame)
    except PillowImage.DecompressionBombError:
        pillows_limit = 2 * (PillowImage.MAX_IMAGE_PIXELS or 0)
        raise too_many_pixels(f"over {pillows_limit // 10**6}") from None
    except MemoryError:
        raise _no_memory() from None
    except _DECODER_ERRORS as error:
        if isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem:
            raise _no_memory() from None
        raise damaged(file_format) from None


def _decode_heic(data: bytes) -> Decoded:
    with needing("heif", "Reading HEIC pictures", LoadError):
        from imgdiff.load.heic import decode_heic  # noqa: PLC0415 (an extra)
    return decode_heic(data)


def _no_memory() -> LoadError:
    return LoadError("There isn't enough memory for this picture: make it smaller.")
