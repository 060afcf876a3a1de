"""Files and bytes → `Image`: the only room that knows file formats."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from imgdiff.environment import needing
from imgdiff.errors import LoadError
from imgdiff.load.decoded import Decoded, decode_plain
from imgdiff.load.formats import is_pdf, may_have_frames
from imgdiff.load.jpeg_file import check_jpeg
from imgdiff.load.limits import MAX_BYTES, checked_format
from imgdiff.load.png_file import checked_png
from imgdiff.types import Document, FileFacts, Image, Pixels

_READ_AT_ONCE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe would wait for somebody to write."""


def load_image(
    source: bytes | str | Path,
    *,
    name: str | None = None,
    page: int | None = None,
    dpi: float = 150,
    sha256: str | None = None,
) -> Image:
    """Read a picture: upright, in sRGB, 8 or 16 bits a sample as the file has them.

    Parameters
    ----------
    source : bytes, str or Path
        The file's content, or where it lies.
    name : str, optional
        What to call it; by default the file's name, or "picture" for bytes.
    page : int, optional
        Of a PDF or TIFF, or the frame of an animation, from 1; by default the first, and the notes
        say so if there are more.
    dpi : float
        Pixels an inch at which a page of a PDF is drawn, 20 to 600.
    sha256 : str, optional
        Of the content, by whoever knows it already; it's believed.

    Returns
    -------
    Image
        With read-only arrays.

    Raises
    ------
    LoadError
        The file is missing, empty, too large, damaged, or not a JPEG, PNG, WebP, GIF, BMP, TIFF,
        AVIF or HEIC picture or a PDF. The message is one sentence and doesn't contain the name.
    """
    if name is None:
        name = "picture" if isinstance(source, bytes) else Path(source).name
    data = source if isinstance(source, bytes) else read_file(Path(source))
    if is_pdf(data):
        return _load_page(data, _as_text(name), page, dpi, sha256)
    if page is not None and page < 1:
        raise LoadError(f"Pages are counted from 1, but page {page} is asked for: change it.")
    frame = None if page is None else page - 1
    pixels, alpha, notes, shown_as_is = _decode(data, frame)
    if alpha is not None and alpha.min() == np.iinfo(alpha.dtype).max:
        alpha = None
    if alpha is not None:
        pixels = _without_hidden_colors(pixels, alpha)
        alpha = _read_only(alpha)
    file = _file_facts(data, checked_format(data), sha256)
    return Image(_read_only(pixels), alpha, _as_text(name), notes, shown_as_is, file)


def count_pages(source: bytes | str | Path) -> int:
    """How many pages a PDF or TIFF has, or frames an animation; 1 of any other picture.

    Raises
    ------
    LoadError
        The file is missing, too large, or a PDF that is damaged, encrypted or too long.
    """
    data = source if isinstance(source, bytes) else read_file(Path(source))
    if is_pdf(data):
        with needing("pdf", "Reading PDFs", LoadError):  # PDFium is large, and rarely needed
            from imgdiff.load.pdf_file import pages_in  # noqa: PLC0415

        return pages_in(data)
    if not may_have_frames(data):
        return 1
    from imgdiff.load.frame_count import count_frames  # noqa: PLC0415 (so is Pillow)

    return count_frames(data)


def load_pair(
    reference: str | Path, test: str | Path, *, page: int | None = None, dpi: float = 150
) -> tuple[Image, Image]:
    """Read two pictures at the same time; a file of equal bytes is decoded only once.

    `page` and `dpi` are as in `load_image`.

    Raises
    ------
    LoadError
        As `load_image` does; the message begins with the path.
    """
    with ThreadPoolExecutor(2) as pool:
        before, after = pool.map(read_document, (reference, test))
    return load_both(before, after, pages=(page, page), dpi=dpi)


def load_both(
    before: Document,
    after: Document,
    *,
    pages: tuple[int | None, int | None] = (None, None),
    dpi: float = 150,
) -> tuple[Image, Image]:
    """As `load_pair`, of files that have been read."""

    def load(file: Document, page: int | None) -> Image:
        with blamed_on(file.label):
            return load_image(file.data, name=file.name, page=page, dpi=dpi)

    if before.data == after.data and pages[0] == pages[1]:
        image = load(before, pages[0])
        return image, replace(image, name=_as_text(after.name))
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(load, (before, after), pages)
    return one, other


def read_document(path: str | Path) -> Document:
    """A file's content under its name; a LoadError begins with the path."""
    with blamed_on(str(path)):
        return Document(Path(path).name, read_file(Path(path)), str(path))


@contextmanager
def blamed_on(label: str) -> Iterator[None]:
    """Let a LoadError of the block begin with `label`: it says which picture it is about."""
    try:
        yield
    except LoadError as error:
        raise type(error)(f"{label}: {error}") from None


def read_file(path: str | Path) -> bytes:
    """A file's bytes, at most one more than any picture may have: whoever decodes it says so.

    Raises
    ------
    LoadError
        There is no such file, or none that ends: a pipe or a device.
    """
    try:
        with os.fdopen(os.open(path, _READ_AT_ONCE), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise LoadError(
                    "A picture file is expected, but this is a pipe or a device: "
                    "save the picture to a file."
                )
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise LoadError("There is no such file: check the path.") from None
    except IsADirectoryError:
        raise LoadError("A picture file is expected, but this is a folder.") from None
    except (OSError, ValueError):
        raise LoadError("The file can't be opened: check the path and its permissions.") from None


def _decode(data: bytes, frame: int | None) -> Decoded:
    file_format = checked_format(data)
    png = checked_png(data) if file_format == "PNG" else None
    if file_format == "JPEG":
        check_jpeg(data)
    plain = None if frame else decode_plain(data, file_format, png)
    if plain is not None:
        return plain
    # Pillow is slow to import, and most files do without.
    from imgdiff.load.decode import decode  # noqa: PLC0415

    return decode(data, file_format, png, frame)


def _without_hidden_colors(pixels: Pixels, alpha: Pixels) -> Pixels:
    """Black where nothing can be seen."""
    if not pixels.flags.writeable:
        pixels = pixels.copy()
    pixels[alpha == 0] = 0
    return pixels


def _load_page(data: bytes, name: str, page: int | None, dpi: float, sha256: str | None) -> Image:
    with needing("pdf", "Reading PDFs", LoadError):  # PDFium is large, and rarely needed
        from imgdiff.load.page_text import page_text  # noqa: PLC0415
        from imgdiff.load.pdf_file import draw_page  # noqa: PLC0415

    pixels, pages = draw_page(data, page or 1, dpi=dpi)
    notes = () if page is not None or pages == 1 else (f"Only page 1 of {pages} is compared.",)
    name = name if page is None or pages == 1 else f"{name}, page {page}"
    text = page_text(data, page or 1, dpi=dpi)
    file = _file_facts(data, "PDF", sha256)
    return Image(_read_only(pixels), None, name, notes, file=file, text=text)


def _file_facts(data: bytes, file_format: str, sha256: str | None) -> FileFacts:
    return FileFacts(file_format, len(data), sha256 or hashlib.sha256(data).hexdigest())


def _as_text(name: str) -> str:
    """A file name may hold bytes that are no text; what is shown and written must be."""
    return name.encode("utf-8", "replace").decode()


def _read_only(samples: Pixels) -> Pixels:
    """A contiguous array that nobody can write to."""
    samples = np.ascontiguousarray(samples)
    samples.setflags(write=False)
    return samples
