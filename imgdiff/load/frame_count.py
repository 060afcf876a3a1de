"""How many pictures a file holds: pages of a TIFF, frames of an animation."""

from __future__ import annotations

from contextlib import suppress

from imgdiff.errors import LoadError
from imgdiff.load.formats import picture_format
from imgdiff.load.general import opened_picture
from imgdiff.load.png_file import checked_png
from imgdiff.load.tiff_file import page_directories
from imgdiff.load.webp import checked_chunks


def count_frames(data: bytes) -> int:
    """How many; 1 also of what can't be read, as whoever reads it will tell."""
    kind = picture_format(data)
    # What decoders raise at files that are damaged.
    with suppress(LoadError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError):
        match kind.name if kind else "":
            case "PNG":
                return checked_png(data).frames
            case "TIFF":
                return len(page_directories(data))
            case "WEBP":
                return max(1, checked_chunks(data)[0])
            case "GIF" | "AVIF":
                with opened_picture(data, kind.name if kind else "") as picture:
                    return int(getattr(picture, "n_frames", 1))
    return 1
