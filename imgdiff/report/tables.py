"""What every report lists besides pictures: the places, the files and the settings, in words."""

from __future__ import annotations

from typing import Literal, TypeAlias

from imgdiff.types import Area, Box, Comparison, Image, Option, PointPair, Polygon
from imgdiff.view import CountedChange, View, place_of
from imgdiff.view.words import confidence_word, happening

MOST = 200
"""So many places a report shows, the largest; CSV and JSON hold them all."""

Paper: TypeAlias = Literal["a4", "letter"]
"""Of a PDF."""

Rows = list[tuple[str, ...]]

PLACE_COLUMNS = (
    "No.", "What", "x, px", "y, px", "Width, px", "Height, px", "Area, px²",
    "How sure",
)  # fmt: skip


def place_rows(view: View) -> Rows:
    """The largest changes, a row for each of their places, under `PLACE_COLUMNS`."""
    rows = []
    for change in view.changes[:MOST]:
        for region in change.ends:
            box = region.place
            sizes = (f"{size:.12g}" for size in (box.x, box.y, box.width, box.height, region.area))
            sure = confidence_word(region.confidence) or "–"
            rows.append((str(change.number), happening(region), *sizes, sure))
    return rows


def left_out(view: View) -> str:
    """That there are more changes than a report shows; "" if there aren't."""
    count = len(view.changes)
    if count <= MOST:
        return ""
    return f"These are the largest {MOST} of {count} places; the CSV file lists them all."


def caption_of(view: View, change: CountedChange) -> tuple[str, str]:
    """Title and whereabouts of a change."""
    region = change.region
    words = (place_of(region.place, view.comparison), confidence_word(region.confidence))
    return f"{change.number}  {happening(region)}", " · ".join(filter(None, words))


def file_rows(view: View) -> Rows:
    """Both files side by side: a label, before, after."""
    pair = view.comparison.pair
    columns = [_file_facts(image) for image in (pair.reference, pair.unmoved)]
    return [(label, columns[0][label], columns[1][label]) for label in columns[0]]


def settings_rows(view: View) -> Rows:
    """How the pictures were compared: a label and a value each."""
    comparison = view.comparison
    settings = comparison.settings
    rows = [
        ("Method", comparison.method.title),
        ("Colours", "Brightness alone" if settings.grayscale else "All colours"),
        ("Lined up", comparison.pair.alignment.sentence or "nothing was moved"),
        ("Error that counts", _threshold(comparison)),
        ("Area that counts", f"over {settings.min_area:g} px²"),
    ]
    if any(settings.nudge):
        right, down = settings.nudge
        rows.append(("Moved by hand", f"{right:g} px right, {down:g} px down"))
    if settings.points:
        rows.append(("Points given by hand", "; ".join(map(_points_in_words, settings.points))))
    if settings.ignored_areas:
        rows.append(("Ignored", "; ".join(map(_area_in_words, settings.ignored_areas))))
    if settings.region_box is not None:
        rows.append(("Compared", _area_in_words(settings.region_box)))
    if settings.ignore_text:
        rows.append(("Ignored text", "; ".join(settings.ignore_text)))
    rows.extend(
        (option.title, _in_words(option, settings.params.get(option.name, option.default)))
        for option in comparison.method.options
    )
    return [*rows]


def _points_in_words(pair: PointPair) -> str:
    x, y, test_x, test_y = pair
    return f"({x:g}, {y:g}) is ({test_x:g}, {test_y:g})"


def _area_in_words(area: Area) -> str:
    if isinstance(area, Box):
        return f"{area.width} × {area.height} px at ({area.x}, {area.y})"
    if isinstance(area, Polygon):
        return f"a polygon from ({area.corners[0][0]}, {area.corners[0][1]})"
    height, width = area.inside.shape
    return f"a mask of {width} × {height} px"


def _in_words(option: Option, value: float) -> str:
    if option.is_switch:
        return "yes" if value else "no"
    return option.choices.get(int(value), f"{value:g}")


def _threshold(comparison: Comparison) -> str:
    chosen = "" if comparison.settings.threshold is not None else ", as the method chose"
    return f"over {comparison.threshold:.4g}{chosen}"


def _file_facts(image: Image) -> dict[str, str]:
    file = image.file
    return {
        "Name": image.name,
        "Picture": f"{image.width} × {image.height} px, {8 * image.pixels.dtype.itemsize} bits",
        "Format": "–" if file is None else file.format,
        "Size": "–" if file is None else _bytes(file.size),
        "SHA-256": "–" if file is None else file.sha256,
    }


def _bytes(size: int) -> str:
    """A file's size for people, and exactly: "1.2 MB (1 234 567 bytes)"."""
    exact = f"{size:,} bytes".replace(",", "\N{NO-BREAK SPACE}")
    if size < 1000:
        return exact
    value, unit = (size / 1e6, "MB") if size >= 1e6 else (size / 1e3, "kB")
    return f"{value:.3g} {unit} ({exact})"
