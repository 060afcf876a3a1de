"""Files to keep."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import cv2
import numpy as np
import pytest

from imgdiff import Box, View, compare, view_of
from imgdiff.pixels.png import encode_png
from imgdiff.report.encoded import to_png, to_zip
from imgdiff.report.numbers import to_csv, to_json
from imgdiff.types import TextChange, WordChange
from tests.pictures import drawing, edited, image

HOSTILE = "![x](http://127.0.0.1:1/a.png)<img src=x onerror=alert(1)>.png"


@pytest.fixture
def view() -> View:
    before, after = image(drawing(90, 110)), image(edited(drawing(90, 110)))
    return view_of(compare(replace(before, name=HOSTILE), replace(after, name=HOSTILE)))


def test_json_keeps_its_contract(view: View) -> None:
    facts = json.loads(to_json(view, seconds={"load": 0.5}))
    assert set(facts) >= {
        "method", "score", "similarity_percent", "verdict", "related", "aligned", "transform",
        "reference", "test", "changed_fraction", "regions", "seconds",
    }  # fmt: skip
    assert facts["method"] == "changes"
    assert facts["similarity_percent"] == pytest.approx(100 * facts["score"])
    assert facts["aligned"] is False
    assert facts["transform"] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert facts["reference"] == {
        "name": HOSTILE, "width": 110, "height": 90, "notes": [], "file": None,
    }  # fmt: skip
    assert set(facts["seconds"]) == {"load", "align", "compare", "regions", "read"}
    first, region = facts["regions"][0], view.regions[0]
    assert set(first) >= {"id", "box", "area", "peak", "kind"}
    assert first["id"] == 1
    assert (first["peak"], first["mean"]) == (region.peak, region.mean)
    assert facts["verdict"] == view.headline
    assert first["box"] == [region.box.x, region.box.y, region.box.width, region.box.height]
    assert facts["changed_fraction"] == view.comparison.changed.mean()


def test_csv_lists_the_regions(view: View) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(view))))
    assert [float(row["area"]) for row in rows] == [region.area for region in view.regions]
    assert ",".join(rows[0]) == (
        "number,x,y,width,height,area,kind,confidence,text_before,text_after,judgement,note,judged_by"
    )


def test_changed_words_stand_in_json_and_csv_and_are_no_formula(view: View) -> None:
    word = WordChange("=1+1", "@cmd", Box(1, 2, 30, 9), Box(1, 2, 28, 9))
    written = replace(view.regions[0], text=TextChange("=1+1", "@cmd", (word,)))
    view = replace(view, regions=(written, *view.regions[1:]))
    row = next(csv.DictReader(io.StringIO(to_csv(view))))
    assert (row["text_before"], row["text_after"]) == ("'=1+1", "'@cmd")
    first, second = json.loads(to_json(view))["regions"][:2]
    assert first["text"] == {
        "before": "=1+1",
        "after": "@cmd",
        "words": [
            {
                "before": "=1+1",
                "after": "@cmd",
                "box_before": [1, 2, 30, 9],
                "box_after": [1, 2, 28, 9],
            }
        ],
    }
    assert second["text"] is None


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (64, 3), (65, 70), (128, 60)])
def test_pngs_are_exact(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    strips = [picture[top : top + 64] for top in range(0, size[0], 64)]
    png = b"".join(encode_png(strips, size[0]))
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_array_equal(decoded, picture)
    gray = np.asarray(picture[..., 0])
    png = b"".join(encode_png([gray], size[0]))
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(decoded, gray)


def test_masks_take_one_bit_a_pixel(view: View) -> None:
    data = to_png(view.layers["mask"])
    bit_depth = data[24]
    assert bit_depth == 1
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(decoded, view.layers["mask"].draw())


def test_the_zip_holds_all_layers_at_full_size(view: View) -> None:
    with zipfile.ZipFile(io.BytesIO(to_zip(view))) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert names == {f"{key}.png" for key in view.layers} | {"comparison.json", "regions.csv"}
        png = archive.read("filled.png")
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    np.testing.assert_array_equal(decoded, view.layers["filled"].draw())
