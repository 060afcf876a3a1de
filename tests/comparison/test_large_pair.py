"""Pictures too large to be held: what squares find is what the whole shows, in bounded memory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
from PIL import Image as PillowImage

import imgdiff
from imgdiff import Box, Comparison, LoadError, Settings, SizeError, compare
from imgdiff.comparison import large_pair
from imgdiff.comparison.large_pair import LargeComparison, compare_large
from imgdiff.errors import Cancelled, SettingsError
from imgdiff.load.large import open_large
from tests.pictures import Picture, image, noisy, photo

pyvips = pytest.importorskip("pyvips")

SCHEMAS = Path(imgdiff.__file__).parent / "schemas"
WIDTH, HEIGHT = 700, 620
CHANGES = ((40, 50, 30, 60), (240, 250, 40, 30), (350, 500, 12, 200))
"""Of which some lie over the seams of squares of 256 px: top, left, height, width."""


def pictures() -> tuple[Picture, Picture]:
    before = np.asarray(cv2.resize(photo("coffee", 300, 400), (WIDTH, HEIGHT)), np.uint8)
    after = before.copy()
    for top, left, height, width in CHANGES:
        after[top : top + height, left : left + width] ^= 128
    return before, after


def written(folder: Path, before: Picture, after: Picture, ending: str = "png") -> list[Path]:
    paths = [folder / f"{name}.{ending}" for name in ("before", "after")]
    for path, picture in zip(paths, (before, after), strict=True):
        assert cv2.imwrite(str(path), picture[..., ::-1])
    return paths


@pytest.fixture(autouse=True)
def _small_squares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_pair, "SQUARE", 256)


def compared(paths: list[Path], settings: Settings) -> LargeComparison:
    return compare_large(open_large(paths[0]), open_large(paths[1]), settings)


def whole(before: Picture, after: Picture, settings: Settings) -> Comparison:
    return compare(image(before), image(after), settings)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(method="absdiff", align="none"),
        Settings(method="absdiff", align="none", threshold=0, min_area=0),
        Settings(method="ssim", align="none"),
        Settings(method="ssim", align="none", grayscale=True, min_area=40),
        Settings(method="pixelmatch", align="none"),
        Settings(method="pixelmatch-7", align="none"),
        Settings(method="rendering", align="none", min_area=0),
        Settings(method="delta-e", align="none"),
    ],
    ids=lambda settings: f"{settings.method}-{settings.min_area:g}-{settings.grayscale}",
)
def test_squares_add_up_to_the_whole(settings: Settings, tmp_path: Path) -> None:
    """To the last region and pixel; peaks to 1/255 of the scale, scores to sums' rounding."""
    before, after = pictures()
    after = noisy(after, 1)
    found = compared(written(tmp_path, before, after), settings)
    expected = whole(before, after, settings)
    assert found.total.score == pytest.approx(expected.score, rel=1e-5)
    assert found.total.threshold == pytest.approx(expected.threshold)
    told = [(r.box, r.area) for r in found.total.regions]
    assert told == [(r.box, r.area) for r in expected.regions]
    step = found.method.ceiling / 255
    for one, other in zip(found.total.regions, expected.regions, strict=True):
        assert one.peak == pytest.approx(min(other.peak, found.method.ceiling), abs=step)
    over = expected.changed & (expected.error_map > expected.threshold)
    assert found.total.different_pixels == np.count_nonzero(over)


def test_changes_are_found_over_seams_and_nothing_else(tmp_path: Path) -> None:
    before, after = pictures()
    paths = written(tmp_path, before, noisy(after, 2))
    found = compared(paths, Settings())
    for top, left, height, width in CHANGES:
        covering = [
            r.box for r in found.total.regions
            if r.box.x <= left + 6 and r.box.y <= top + 6
            and r.box.x + r.box.width >= left + width - 6
            and r.box.y + r.box.height >= top + height - 6
        ]  # fmt: skip
        assert len(covering) == 1
    assert len(found.total.regions) == len(CHANGES)
    assert not compared(written(tmp_path, before, noisy(before, 2)), Settings()).total.regions


def test_equal_pictures_are_equal_and_score_as_that(tmp_path: Path) -> None:
    before, _ = pictures()
    for method in ("changes", "ssim", "absdiff", "pixelmatch"):
        total = compared(written(tmp_path, before, before), Settings(method=method)).total
        assert total.equal
        assert total.alike
        assert total.score == whole(before, before, Settings(method=method)).score


def test_boxes_and_regions_bound_what_is_compared(tmp_path: Path) -> None:
    before, after = pictures()
    paths = written(tmp_path, before, after)
    for settings in (
        Settings(method="absdiff", align="none", threshold=0, ignore=(230, 230, 60, 60)),
        Settings(method="absdiff", align="none", threshold=0, region=(30, 20, 400, 300)),
    ):
        found, expected = compared(paths, settings), whole(before, after, settings)
        assert [r.box for r in found.total.regions] == [r.box for r in expected.regions]
        assert found.total.score == pytest.approx(expected.score)


TURNED = PillowImage.Exif()
TURNED[274] = 6
KINDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "baseline": ("jpg", "RGB", {}),
    "progressive": ("jpg", "RGB", {"progressive": True}),
    "turned": ("jpg", "RGB", {"exif": TURNED}),
    "inks": ("jpg", "CMYK", {}),
    "strips": ("tif", "RGB", {}),
    "packed": ("tif", "RGB", {"compression": "tiff_lzw"}),
    "tiff-inks": ("tif", "CMYK", {}),
    "palette": ("tif", "P", {}),
    "fax": ("tif", "1", {"compression": "group4"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_rare_is_read_as_it_is_otherwise(kind: str, tmp_path: Path) -> None:
    ending, mode, options = KINDS[kind]
    paths = [tmp_path / f"{side}.{ending}" for side in ("before", "after")]
    for path, picture in zip(paths, pictures(), strict=True):
        PillowImage.fromarray(picture).convert(mode).save(path, **options)
    settings = Settings(method="absdiff", align="none", threshold=60)
    found, held = compared(paths, settings), compare(paths[0], paths[1], settings)
    assert [region.box for region in found.total.regions] == [r.box for r in held.regions]
    assert found.total.score == pytest.approx(held.score, abs=0.05)  # decoders round otherwise


def test_tiles_big_files_and_interlaced_ones(tmp_path: Path) -> None:
    tiled = {"tile": True, "bigtiff": True, "pyramid": True}
    kinds = {"tif": tiled, "png": {"interlace": True}}
    for ending, options in kinds.items():
        paths = [tmp_path / f"{side}.{ending}" for side in ("before", "after")]
        for path, picture in zip(paths, pictures(), strict=True):
            pyvips.Image.new_from_array(picture).write_to_file(str(path), **options)
        found = compared(paths, Settings(method="absdiff", align="none", threshold=0))
        assert len(found.total.regions) == len(CHANGES)
        assert not found.before.notes  # smaller copies are no pages
        for region in found.total.regions:
            box = region.box
            assert (box.y, box.x, box.height, box.width) in CHANGES


def test_the_last_row_and_column_count_and_a_page_can_be_chosen(tmp_path: Path) -> None:
    before, _ = pictures()
    after = before.copy()
    after[-1, 20:90] ^= 128
    after[200:300, -1] ^= 128
    paths = [tmp_path / "before.tif", tmp_path / "after.tif"]
    for path, pages in zip(paths, ((before, before), (before, after)), strict=True):
        first, second = map(PillowImage.fromarray, pages)
        first.save(path, save_all=True, append_images=[second])
    settings = Settings(method="absdiff", align="none", threshold=0, min_area=0)
    first_page = compared(paths, settings)
    assert first_page.total.equal
    assert first_page.before.notes == ("Only the first of 2 pages is compared.",)
    before_page, after_page = (open_large(path, page=2) for path in paths)
    found = compare_large(before_page, after_page, settings)
    assert [r.box for r in found.total.regions] == [Box(699, 200, 1, 100), Box(20, 619, 70, 1)]
    assert found.before.notes == ()
    with pytest.raises(LoadError, match="The file has 2 pictures, but number 3"):
        open_large(paths[0], page=3)


def test_pages_of_half_the_size_are_pages_where_others_are_not(tmp_path: Path) -> None:
    before, _ = pictures()
    first, second, third = map(PillowImage.fromarray, (before, before[::2, ::2], 255 - before))
    path = tmp_path / "pages.tif"
    first.save(path, save_all=True, append_images=[second, third])
    assert open_large(path).notes == ("Only the first of 3 pages is compared.",)
    assert open_large(path, page=2).height == -(-len(before) // 2)


def test_how_sure_each_place_is_is_known(tmp_path: Path) -> None:
    before, after = pictures()
    found = compared(written(tmp_path, before, after), Settings())
    assert all(region.confidence is not None for region in found.total.regions)


def test_what_waits_on_disk_needs_room_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10**6))
    for name in ("progressive", "turned"):
        path = tmp_path / f"{name}.jpg"
        PillowImage.fromarray(pictures()[0]).save(path, **KINDS[name][2])
        with pytest.raises(LoadError, match=r"needs 1 MB on disk, but .* has less"):
            compared([path, path], Settings(method="absdiff"))


def test_alpha_gray_and_16_bits(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for name, samples in {
        "alpha": rng.integers(0, 256, (300, 300, 4), np.uint8),
        "gray": rng.integers(0, 256, (300, 300), np.uint8),
        "deep": rng.integers(0, 65536, (300, 300, 3), np.uint16),
    }.items():
        other = samples.copy()
        other[100:120, 100:140] ^= 255
        paths = [tmp_path / f"{name}-{side}.png" for side in "ab"]
        cv2.imwrite(str(paths[0]), samples)
        cv2.imwrite(str(paths[1]), other)
        settings = Settings(method="absdiff", align="none", threshold=0, min_area=0)
        found, expected = compared(paths, settings), compare(paths[0], paths[1], settings)
        assert [r.box for r in found.total.regions] == [r.box for r in expected.regions]
        assert found.total.score == pytest.approx(expected.score, rel=1e-5)


def test_what_cannot_be_done_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = pictures()
    paths = written(tmp_path, before, after)
    cv2.imwrite(str(tmp_path / "lower.png"), after[:-1])
    with pytest.raises(SizeError, match="700 × 620 and the second 700 × 619"):
        compared([paths[0], tmp_path / "lower.png"], Settings())
    with pytest.raises(SettingsError, match="can be had, but not flip"):
        compared(paths, Settings(method="flip"))
    with pytest.raises(SettingsError, match="boxes alone"):
        compared(paths, Settings(ignore=[[(0, 0), (9, 0), (9, 9)]]))
    pair = [open_large(path) for path in paths]
    with pytest.raises(Cancelled):
        compare_large(pair[0], pair[1], Settings(), cancel=lambda: True)
    for ending in ("png", "jpg", "tif"):
        short = written(tmp_path, before, after, ending)
        if ending == "tif":  # of unpacked rows nobody misses any
            PillowImage.fromarray(after).save(short[1])
        short[1].write_bytes(short[1].read_bytes()[: -(10**4)])
        with pytest.raises(LoadError, match=rf"after\.{ending}: The \w+ file is damaged"):
            compared(short, Settings(method="absdiff"))
    (tmp_path / "text.png").write_text("words")
    with pytest.raises(LoadError, match="JPEG, PNG or TIFF"):
        open_large(tmp_path / "text.png")
    monkeypatch.setattr("imgdiff.load.large.MAX_LARGE", 10**5)
    with pytest.raises(LoadError, match="700 × 620"):
        open_large(paths[0])


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "imgdiff", "compare", *map(str, arguments)]
    small = {**os.environ, "IMGDIFF_MAX_MEGAPIXELS": "1"}
    return subprocess.run(line, capture_output=True, text=True, check=False, env=small)


def test_the_command_goes_on_where_a_picture_is_too_large(tmp_path: Path) -> None:
    before = np.asarray(cv2.resize(photo("coffee", 300, 400), (1400, 900)), np.uint8)
    after = before.copy()
    after[500:540, 700:790] ^= 128
    paths = written(tmp_path, before, after)
    result = command(*paths)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("1 place changed.\nImage similarity: ")
    assert "neither aligned nor read" in result.stdout
    facts = json.loads(command(*paths, "--json", "--method", "ssim").stdout)
    schema = json.loads((SCHEMAS / "result.json").read_text("utf-8"))
    kind = {**schema["$defs"]["large"], "additionalProperties": False}
    jsonschema.validate(facts, {**schema, "anyOf": [kind]})
    assert facts["regions"][0]["box"][0] == pytest.approx(700, abs=6)
    passed = command(*paths, "--max-diff-percent", "3")
    assert (passed.returncode, passed.stdout.count("within what may differ")) == (0, 1)
    same = command(paths[0], paths[0])
    assert same.returncode == 0
    assert same.stdout.startswith("The pictures are equal, pixel for pixel.")
    refused = command(*paths, "--report", tmp_path / "x.html")
    assert refused.returncode == 2
    assert re.search("numbers alone can be had, but --report is given", refused.stderr)
