"""The pictures of a comparison as files, and as parts of reports."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from imgdiff.pixels import render
from imgdiff.pixels.png import encode_png
from imgdiff.report.numbers import to_csv, to_json
from imgdiff.types import Box, Image, Picture
from imgdiff.view import CountedChange, Layer, View, picture_layer

PREVIEW_SIDE = 2000
"""Longest side of a whole picture in a report, px: sharp on a screen and on A4 at 170 dpi."""

CROP_SIDE = 900
"""Longest side of a change in a report, px; only a larger one is reduced."""

_SMALLEST_CROP = 96
_MARGIN = 0.2
"""A change is shown with this share of its size around it, and at least so many px in all."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as the bytes of a file.

    Attributes
    ----------
    data : bytes
        The file.
    kind : {"png", "jpeg"}
        Whichever is smaller.
    width, height : int
        Its size, px.
    reduced : float
        Its width as a share of what it shows: 1 = every pixel is there.
    """

    data: bytes
    kind: str
    width: int
    height: int
    reduced: float

    @property
    def mime(self) -> str:
        """The media type."""
        return f"image/{self.kind}"


def png_pieces(layer: Layer) -> Iterator[bytes]:
    """A layer as a PNG file, in pieces, each drawn only when it's needed."""
    return encode_png(layer.strips(), layer.height, bilevel=layer.bilevel)


def to_png(layer: Layer) -> bytes:
    """A layer as a PNG file: exact."""
    return b"".join(png_pieces(layer))


def lossless_png(image: Image) -> bytes:
    """A picture as it was compared: every bit of it, opacity included."""
    samples = image.pixels[..., ::-1]
    if image.alpha is not None:
        samples = np.dstack([samples, image.alpha])
    return cv2.imencode(".png", samples)[1].tobytes()


def to_zip(view: View) -> bytes:
    """Every layer as full-size PNG, with the numbers as JSON and CSV, in one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for layer in view.layers.values():
            # PNG is compressed already: deflating it again would only take time. Piece by piece,
            # so that no file needs room beside the archive.
            with file.open(zipfile.ZipInfo(f"{layer.key}.png"), "w") as member:
                for piece in png_pieces(layer):
                    member.write(piece)
        file.writestr("comparison.json", to_json(view))
        file.writestr("regions.csv", to_csv(view))
    return archive.getvalue()


def both(view: View) -> tuple[Layer, Layer]:
    """Before and after by themselves, on one grid."""
    return picture_layer(view.canvas, "before"), picture_layer(view.canvas, "after")


def numbered_png(view: View) -> bytes:
    """The picture after with every place boxed and numbered, as PNG: for a mail or a ticket."""
    layer = both(view)[1]
    boxes = numbered_boxes(view)

    def draw(rows: slice) -> Picture:
        return render.numbered(layer.draw_rows(rows), boxes, height=layer.height, top=rows.start)

    return to_png(replace(layer, draw_rows=draw))


def numbered_boxes(view: View, limit: int | None = None) -> list[tuple[int, Box]]:
    """The places on the canvas with the numbers of their changes, at most `limit` changes."""
    return [
        (change.number, view.canvas.box_of(end))
        for change in view.changes[:limit]
        for end in change.ends
    ]


def preview(layer: Layer) -> Encoded:
    """A whole picture, reduced if it is large."""
    return _encoded(layer.draw(), PREVIEW_SIDE, bilevel=layer.bilevel)


def crop(layer: Layer, box: Box) -> Encoded:
    """A part of a picture, pixel for pixel unless it is large."""
    left, right = max(0, box.x), min(layer.width, box.x + box.width)
    rows = slice(max(0, box.y), min(layer.height, box.y + box.height))
    return _encoded(np.ascontiguousarray(layer.draw_rows(rows)[:, left:right]), CROP_SIDE)


def crops(view: View, change: CountedChange) -> list[tuple[Layer, Box]]:
    """What to show of a change, before and after: each where it was, with what lies around it."""
    size = view.canvas.width, view.canvas.height
    ends = change.region, change.other or change.region
    boxes = [surroundings(view.canvas.box_of(end), size) for end in ends]
    return [*zip(both(view), boxes, strict=True)]


def surroundings(box: Box, size: tuple[int, int]) -> Box:
    """A box with what lies around it, inside a picture of `size` (width, height)."""
    across = max(_SMALLEST_CROP, round(box.width * (1 + 2 * _MARGIN)))
    down = max(_SMALLEST_CROP, round(box.height * (1 + 2 * _MARGIN)))
    across, down = min(across, size[0]), min(down, size[1])
    x = min(max(0, box.x + (box.width - across) // 2), size[0] - across)
    y = min(max(0, box.y + (box.height - down) // 2), size[1] - down)
    return Box(x, y, across, down)


def shrunk(picture: Picture, longest: int) -> Picture:
    """A picture with no side over `longest`, px; the mean of what each pixel stands for."""
    height, width = picture.shape[:2]
    share = longest / max(height, width)
    if share >= 1:
        return picture
    size = max(1, round(width * share)), max(1, round(height * share))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _encoded(picture: Picture, longest: int, *, bilevel: bool = False) -> Encoded:
    small = shrunk(picture, longest)
    reduced = small.shape[1] / picture.shape[1]
    bilevel = bilevel and small is picture
    files = {"png": b"".join(encode_png([small], len(small), bilevel=bilevel))}
    if not bilevel:
        files["jpeg"] = to_jpeg(small)
    kind = min(files, key=lambda kind: len(files[kind]))
    return Encoded(files[kind], kind, small.shape[1], small.shape[0], reduced)


def to_jpeg(picture: Picture, *, quality: int = 90) -> bytes:
    """A picture as a JPEG file, for looking at; `quality` is 0 to 100."""
    ordered = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()
