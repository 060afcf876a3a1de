"""Files and bytes → `Image`: the only room that knows file formats."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from imgdiff.errors import LoadError
from imgdiff.load.decode import decode
from imgdiff.load.limits import MAX_BYTES
from imgdiff.types import Image, Pixels


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

    pixels, alpha, notes = decode(source)
    if alpha is not None and alpha.min() == np.iinfo(alpha.dtype).max:
        alpha = None
    if alpha is not None:
        pixels = np.where(alpha[..., None] == 0, pixels.dtype.type(0), pixels)
        alpha = _read_only(alpha)
    # A file name may hold bytes that are no text; what is shown and written must be.
    shown = ("picture" if name is None else name).encode("utf-8", "replace").decode()
    return Image(_read_only(pixels), alpha, shown, notes)


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


def _read_only(samples: Pixels) -> Pixels:
    """A contiguous array that nobody can write to."""
    samples = np.ascontiguousarray(samples)
    samples.setflags(write=False)
    return samples
