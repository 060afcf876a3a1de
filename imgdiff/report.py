"""A `View` as something to keep: JSON, PNG, ZIP and HTML.

No file holds anything of the user's but pixels and the pictures' names, as text.
"""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from string import Template
from typing import Any

import cv2

from imgdiff.png import encode_png
from imgdiff.types import Alignment, Image, Picture, Region, Settings
from imgdiff.view import Layer, View, changed_fraction
from imgdiff.words import confidence_word, kind_words

_REPORTED = ("boxed_before", "boxed_after", "boxed_diff", "mask", "filled")
_REGION_COLUMNS = ("number", "x", "y", "width", "height", "area", "kind", "confidence")


def to_dict(view: View) -> dict[str, Any]:
    """The numbers of a comparison, ready for JSON; keys are only ever added.

    Boxes are ``[x, y, width, height]`` in px, areas in px², errors and score in the method's
    unit, `transform` maps test to reference pixels. The box of an added block is where it was put
    in, of its own size; its `block` tells its place in either picture. An infinite score is null,
    as JSON has none.
    """
    comparison = view.comparison
    pair = comparison.pair
    return {
        "method": comparison.method.key,
        "score": comparison.score if math.isfinite(comparison.score) else None,
        "score_text": view.score_text,
        "similarity_percent": comparison.method.similarity_percent(comparison.score),
        "verdict": view.headline,
        "alike": comparison.alike,
        "related": pair.related,
        "aligned": pair.aligned,
        "transform": pair.transform.tolist(),
        "alignment": _alignment_facts(pair.alignment),
        "reference": _image_facts(pair.reference),
        "test": _image_facts(pair.test),
        "changed_fraction": changed_fraction(comparison),
        "threshold": comparison.threshold,
        "explained": [explanation.sentence for explanation in comparison.explained],
        "regions": [_region_facts(number, region) for number, region in enumerate(view.regions, 1)],
        "settings": {
            "grayscale": comparison.settings.grayscale,
            "align": comparison.settings.align,
            "nudge": list(comparison.settings.nudge),
            "min_area": comparison.settings.min_area,
            "threshold": comparison.settings.threshold,
            "ignore": [[box.x, box.y, box.width, box.height] for box in comparison.settings.ignore],
            "params": dict(comparison.settings.params),
        },
        "seconds": dict(comparison.seconds),
    }


def to_json(view: View, *, seconds: Mapping[str, float] | None = None) -> str:
    """`to_dict` as JSON text; `seconds` adds times that the comparison can't know: of loading."""
    facts = to_dict(view)
    facts["seconds"] = {**(seconds or {}), **facts["seconds"]}
    return json.dumps(facts, indent=2, ensure_ascii=False)


def region_rows(view: View) -> list[dict[str, float | str]]:
    """The regions as a table: number from 1, x, y, width, height in px, area in px², two words."""
    rows: list[dict[str, float | str]] = []
    for number, region in enumerate(view.regions, 1):
        box = region.box
        words = kind_words(region), confidence_word(region.confidence)
        values = (number, box.x, box.y, box.width, box.height, region.area, *words)
        rows.append(dict(zip(_REGION_COLUMNS, values, strict=True)))
    return rows


def to_csv(view: View) -> str:
    """`region_rows` as CSV text with a header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _REGION_COLUMNS, lineterminator="\n")
    writer.writeheader()
    # Without its sign: a spreadsheet would take "+ added" for a formula.
    writer.writerows({**row, "kind": str(row["kind"])[2:]} for row in region_rows(view))
    return text.getvalue()


def png_pieces(layer: Layer) -> Iterator[bytes]:
    """A layer as a PNG file, in pieces, each drawn only when it's needed."""
    return encode_png(layer.strips(), layer.height, bilevel=layer.bilevel)


def to_png(layer: Layer) -> bytes:
    """A layer as a PNG file: exact."""
    return b"".join(png_pieces(layer))


def to_zip(view: View) -> bytes:
    """Every layer as full-size PNG, with the numbers as JSON and CSV, in one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for layer in view.layers.values():
            # PNG is compressed already: deflating it again would only take time.
            file.writestr(f"{layer.key}.png", to_png(layer), zipfile.ZIP_STORED)
        file.writestr("comparison.json", to_json(view))
        file.writestr("regions.csv", to_csv(view))
    return archive.getvalue()


def to_html(view: View, *, layers: Sequence[str] = _REPORTED) -> str:
    """The comparison as one HTML page that needs nothing else: no script, no outside request.

    `layers` are the keys of the pictures to show.
    """
    pair = view.comparison.pair
    return _PAGE.substitute(
        headline=html.escape(view.headline),
        score_name=html.escape(view.score_name),
        score_text=html.escape(view.score_text),
        score_help=html.escape(view.score_help),
        method=html.escape(view.comparison.method.title),
        before_name=html.escape(pair.reference.name),
        after_name=html.escape(pair.test.name),
        settings=html.escape(_settings_text(view.comparison.settings)),
        size=f"{pair.reference.width} × {pair.reference.height} px",
        facts="".join(f"<li>{html.escape(fact)}</li>" for fact in view.facts),
        figures="".join(_figure(view.layers[key]) for key in layers),
        rows="".join(_table_row(row) for row in region_rows(view)),
    )


def _settings_text(settings: Settings) -> str:
    """The settings that a reader needs to make the comparison again, in one sentence or two."""
    colors = "Brightness alone" if settings.grayscale else "All colours"
    text = f"{colors}, places over {settings.min_area:g} px²."
    if settings.ignore:
        boxes = (f"{b.width} × {b.height} px at ({b.x}, {b.y})" for b in settings.ignore)
        text += f" Ignored: {'; '.join(boxes)}."
    return text


def _figure(layer: Layer) -> str:
    """One layer as a figure that carries its own picture: a PNG, unless a JPEG is smaller."""
    picture = layer.draw()
    png = b"".join(encode_png([picture], layer.height, bilevel=layer.bilevel))
    files = {"png": png, "jpeg": to_jpeg(picture)}
    kind = min(files, key=lambda kind: len(files[kind]))
    source = f"data:image/{kind};base64,{base64.b64encode(files[kind]).decode()}"
    return (
        f'<figure><img src="{source}" alt="{html.escape(layer.alt)}">'
        f"<figcaption>{html.escape(layer.title)}</figcaption></figure>"
    )


def to_jpeg(picture: Picture, *, quality: int = 90) -> bytes:
    """A picture as a JPEG file, for looking at; `quality` is 0 to 100."""
    ordered = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def _table_row(row: Mapping[str, float | str]) -> str:
    cells = (value if isinstance(value, str) else f"{value:g}" for value in row.values())
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _image_facts(image: Image) -> dict[str, Any]:
    return {
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "notes": list(image.notes),
    }


def _alignment_facts(alignment: Alignment) -> dict[str, Any]:
    """All of it by the names of its attributes; places are px, shares 0 to 1."""
    return asdict(alignment)


def _region_facts(number: int, region: Region) -> dict[str, Any]:
    box = region.box
    return {
        "id": number,
        "box": [box.x, box.y, box.width, box.height],
        "area": region.area,
        "peak": region.peak,
        "mean": region.mean,
        "kind": region.kind,
        "confidence": region.confidence,
        "move": None if region.move is None else asdict(region.move),
        "block": None if region.block is None else asdict(region.block),
    }


_PAGE = Template(
    """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Comparison: $headline</title>
<style>
:root { color-scheme: light dark; --line: light-dark(#d5dae3, #394150); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; line-height: 1.2; }
figure { margin: 0; }
figcaption { font-weight: 600; }
img { width: 100%; border: 1px solid var(--line); }
.pictures { display: grid; gap: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: .25rem .75rem; border-bottom: 1px solid var(--line); text-align: right; }
</style>
<h1>$headline</h1>
<p><strong>$score_name: $score_text.</strong> $score_help</p>
<ul>$facts</ul>
<p>Before: $before_name. After: $after_name. $size. Method: $method. $settings</p>
<div class="pictures">$figures</div>
<h2>Regions</h2>
<table>
<thead><tr><th>Number<th>x, px<th>y, px<th>Width, px<th>Height, px<th>Area, px²<th>What
<th>How sure</tr></thead>
<tbody>$rows</tbody>
</table>
</html>
"""
)
