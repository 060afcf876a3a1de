"""Whatever holds a picture in Python → `Image`: paths, bytes, files, arrays, and more."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import LoadError, SettingsError
from imgdiff.load import load_image
from imgdiff.load.limits import MAX_BYTES
from imgdiff.types import Image, Pixels

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

Order: TypeAlias = Literal["rgb", "bgr"]
"""Of the channels of arrays: as everywhere, or as OpenCV has them."""

Source: TypeAlias = object
"""What `as_image` takes: no narrower, since the libraries that it knows needn't be there."""


class _Figure(Protocol):
    def savefig(self, file: IO[bytes], *, format: str, metadata: dict[str, None]) -> None: ...  # noqa: A002 (its name there)


_SIXTEEN = np.iinfo(np.uint16).max


def as_image(source: Source, *, name: str | None = None, order: Order = "rgb") -> Image:
    """Any picture that Python code has at hand as an `Image`.

    Parameters
    ----------
    source : Image, str, Path, bytes, binary file, array or other object
        Arrays have the shape (H, W), (H, W, 3) or (H, W, 4), the last with opacity, and are
        bool, uint8, uint16, or float from 0 to 1, of sRGB. Other objects: pictures of Pillow,
        figures of Matplotlib, pages and elements of Playwright, drivers and elements of Selenium,
        and whatever numpy takes for an array.
    name : str, optional
        What to call it; by default the file's name, or "picture".
    order : {"rgb", "bgr"}
        Of the channels of an array.

    Returns
    -------
    Image
        The same object if it's one already.

    Raises
    ------
    LoadError
        It isn't a picture, or an array of another shape, type or range.
    SettingsError
        `order` is unknown.
    """
    if order not in get_args(Order):
        raise SettingsError(f"order must be rgb or bgr, but is {order!r}: choose one of them.")
    if isinstance(source, Image):
        return source
    if isinstance(source, str | PathLike):
        return load_image(Path(source), name=name)
    if isinstance(source, bytes | bytearray | memoryview):
        return load_image(bytes(source), name=name)
    if isinstance(source, np.ndarray):
        return _of_array(source, name, order)
    for can, make in _MAKERS:
        if can(source):
            made = make(source)
            return made if isinstance(made, Image) else as_image(made, name=name)
    if hasattr(source, "__array__"):
        return _of_array(np.asarray(source), name, order)
    raise LoadError(
        f"A picture is expected, but this is {_kind(source)}: pass a path, the bytes of a file, an "
        "array, or a picture of Pillow."
    )


def _of_array(array: NDArray[Any], name: str | None, order: Order) -> Image:
    samples = _samples(_of_good_shape(array))
    if samples.ndim == 2:
        return Image(_own(np.dstack([samples] * 3)), None, name or "picture")
    pixels = samples[..., 2::-1] if order == "bgr" else samples[..., :3]
    if samples.shape[2] == 3 or samples[..., 3].min() == np.iinfo(samples.dtype).max:
        return Image(_own(pixels), None, name or "picture")
    alpha = samples[..., 3]
    seen = np.where(alpha[..., None] == 0, alpha.dtype.type(0), pixels)  # hidden colours are none
    return Image(_own(seen), _own(alpha), name or "picture")


def _of_good_shape(array: NDArray[Any]) -> NDArray[Any]:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    fits = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if fits and array.size:
        return array
    hint = ""
    if array.ndim == 3 and array.shape[0] in (1, 3, 4):
        hint = " (channels come last: numpy.moveaxis(array, 0, -1) puts them there)"
    raise LoadError(
        "An array of the shape (H, W), (H, W, 3) or (H, W, 4) is expected, but this one has "
        f"{array.shape}: reshape it{hint}."
    )


def _samples(array: NDArray[Any]) -> Pixels:
    """uint8 or uint16, over the whole range of the type."""
    if array.dtype == np.bool_:
        return np.asarray(array * np.uint8(255), np.uint8)
    if array.dtype.kind == "u" and array.dtype.itemsize <= 2:
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if not np.issubdtype(array.dtype, np.floating):
        raise LoadError(
            f"An array of bool, uint8, uint16 or float is expected, but this one is {array.dtype}: "
            "convert it, for example with .astype(numpy.uint8) if its values are 0 to 255."
        )
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):
        found = "holds NaN" if np.isnan(array).any() else f"spans {low:g} to {high:g}"
        raise LoadError(
            f"An array of floats must lie between 0 and 1, but this one {found}: scale or clip it."
        )
    return np.asarray(np.rint(array.astype(np.float64) * _SIXTEEN), np.uint16)


def _own(samples: NDArray[Any]) -> Pixels:
    """A read-only copy: what its owner does to the array later doesn't matter."""
    copy = np.array(samples, order="C")
    copy.setflags(write=False)
    return copy


def _is_pillow(source: Source) -> bool:
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(source, module.Image)


def _of_pillow(picture: PillowImage) -> Image:
    """By its samples where these are sRGB, else by way of a file, as loading knows profiles."""
    if "icc_profile" in picture.info or picture.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        if picture.mode not in ("1", "L", "LA", "RGB", "RGBA", "I;16", "CMYK"):
            picture = picture.convert("RGB")
        file = io.BytesIO()
        picture.save(file, "TIFF")
        return load_image(file.getvalue())
    if picture.mode in ("P", "PA", "La", "RGBa", "LA"):
        picture = picture.convert("RGBA")
    elif picture.mode == "RGBX":
        picture = picture.convert("RGB")
    array = np.asarray(picture)
    if picture.mode == "I":
        array = _of_good_integers(array)
    if picture.mode in ("RGB", "L") and "transparency" in picture.info:
        array = np.asarray(picture.convert("RGBA"))
    return as_image(array)


def _of_good_integers(array: NDArray[Any]) -> Pixels:
    if array.min() < 0 or array.max() > _SIXTEEN:
        raise LoadError(
            "A picture of whole numbers must lie between 0 and 65535, but this one spans "
            f"{array.min()} to {array.max()}: scale it."
        )
    return array.astype(np.uint16)


def _read(file: IO[bytes]) -> bytes:
    data: object = file.read(MAX_BYTES + 1)
    if not isinstance(data, bytes):
        raise LoadError('A file of bytes is expected, but this is one of text: open it with "rb".')
    return data


def _of_figure(figure: _Figure) -> bytes:
    """A figure of Matplotlib, drawn as it would be saved, without the version in its metadata."""
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _has(name: str) -> Callable[[Source], bool]:
    return lambda source: hasattr(source, name) and not isinstance(source, type)


_MAKERS: tuple[tuple[Callable[[Source], bool], Callable[[Any], Image | bytes]], ...] = (
    (_is_pillow, _of_pillow),
    (_has("read"), _read),
    (_has("savefig"), _of_figure),
    (_has("get_screenshot_as_png"), lambda driver: bytes(driver.get_screenshot_as_png())),
    (_has("screenshot_as_png"), lambda element: bytes(element.screenshot_as_png)),
    (_has("screenshot"), lambda page: bytes(page.screenshot())),
)
"""What an object can do that shows what it is, and how to get a picture from it."""


def _kind(source: object) -> str:
    return f"of the type {type(source).__name__}"
