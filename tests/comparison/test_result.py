"""A result as it is kept, shown and told; and whether it passes a gate."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import imgdiff
from imgdiff import Box, Cancelled, Comparison, Settings, SettingsError, Tolerance, compare, view_of
from tests.pictures import drawing, image

BEFORE = drawing(120, 160)
AFTER = BEFORE.copy()
AFTER[30:50, 60:90] = (255, 0, 200)
PLACE = Box(60, 30, 30, 20)


def _mask() -> imgdiff.AreaMask:
    inside = np.zeros((60, 100), np.bool_)
    inside[25:55, 55:95] = True
    return imgdiff.AreaMask.of(inside)


def test_a_result_is_a_comparison_in_one_line() -> None:
    result = compare(BEFORE, AFTER, "exact")
    assert isinstance(result, Comparison)
    assert repr(result).startswith("<Result: 1 place changed. Mean absolute difference: ")
    assert len(repr(result)) < 100
    assert result.headline == "1 place changed."
    assert result.different_pixels == PLACE.width * PLACE.height - _equal_in_place()
    assert result.different_fraction == result.different_pixels / BEFORE[..., 0].size


def _equal_in_place() -> int:
    return int((BEFORE == AFTER)[PLACE.slices].all(axis=2).sum())


def test_a_result_is_kept_in_files(tmp_path: Path) -> None:
    result = compare(BEFORE, AFTER, "exact")
    written = result.save(tmp_path / "deep" / "folder")
    assert {path.name for path in written} == {
        "diff.png", "boxed_before.png", "boxed_after.png", "mask.png", "filled.png",
    }  # fmt: skip
    assert all(path.stat().st_size for path in written)
    assert "1 place changed." in result.report(tmp_path / "new" / "report.html").read_text("utf-8")
    assert result.report(tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(SettingsError, match=r"\.html or \.pdf"):
        result.report(tmp_path / "report.docx")


def test_a_result_is_told_to_programs_and_notebooks() -> None:
    result = compare(BEFORE, AFTER, "exact")
    facts = json.loads(result.to_json())
    assert facts["passed"] is False
    assert facts["different_pixels"] == result.different_pixels
    assert facts["regions"][0]["box"] == [60, 30, 30, 20]
    page = result._repr_html_()
    assert page.startswith('<iframe srcdoc="')
    assert page.count('"') % 2 == 0
    table = result.to_dataframe()
    assert table.loc[0, ["x", "y", "width", "height"]].tolist() == [60, 30, 30, 20]


@pytest.mark.parametrize(
    "ignore",
    [
        PLACE,
        (60, 30, 30, 20),
        [Box(0, 0, 2, 2), (60, 30, 30, 20)],
        [[(59, 29), (91, 29), (91, 51), (59, 51)]],
        _mask(),
        _mask().inside,
        [_mask(), (0, 0, 5, 5)],
        (-20, -20, 500, 71),
    ],
    ids=repr,
)
def test_what_is_ignored_may_be_said_in_many_ways(ignore: imgdiff.types.AreaLike) -> None:
    assert compare(BEFORE, AFTER, Settings(ignore=ignore)).alike


def test_one_region_alone_is_compared() -> None:
    assert compare(BEFORE, AFTER, Settings(region=(0, 60, 160, 60))).alike
    found = compare(BEFORE, AFTER, Settings("absdiff", threshold=0, region=(50, 20, 60, 60)))
    assert [region.box for region in found.regions] == [PLACE]
    assert "Only 60 × 60 px at (50, 20) are compared." in " ".join(found.view().facts)
    with pytest.raises(SettingsError, match="must overlap the 160 × 120 picture"):
        compare(BEFORE, AFTER, Settings(region=(160, 0, 10, 10)))


@pytest.mark.parametrize(
    "area", [(1, 2, 3), (1, 2.5, 3, 4), "sky", [(0, 0), (1, 1)], np.ones((2, 2, 2))]
)
def test_what_is_no_area_is_refused(area: object) -> None:
    with pytest.raises(SettingsError, match=r"An area must be a box|must have a width"):
        compare(BEFORE, AFTER, Settings(ignore=[area]))  # type: ignore[arg-type]


def test_progress_is_told_and_a_comparison_stops_when_asked_to() -> None:
    stages: list[str] = []
    compare(BEFORE, AFTER, progress=stages.append)
    assert stages == ["load", "align", "compare", "regions", "read"]
    stop = threading.Event()

    def until_aligned(stage: str) -> None:
        if stage == "align":
            stop.set()

    with pytest.raises(Cancelled):
        compare(BEFORE, AFTER, progress=until_aligned, cancel=stop.is_set)


def test_what_pixels_show_is_told_before_what_is_written() -> None:
    looks: list[tuple[str, list[str]]] = []
    stages: list[str] = []

    def look(found: Comparison) -> None:
        looks.append((view_of(found).headline, [*stages]))

    whole = compare(BEFORE, AFTER, progress=stages.append, first_look=look)
    assert [told[:-1] for _, told in looks] == [["load", "align", "compare"]]
    assert looks[0][0] == compare(BEFORE, AFTER, Settings(read="nothing")).headline
    assert whole.headline
    for settings in (Settings(read="nothing"), Settings("absdiff")):
        compare(BEFORE, AFTER, settings, first_look=look)
    assert len(looks) == 1


def test_all_that_is_public_is_found_by_name() -> None:
    assert {"compare", "Settings", "PRESETS", "__version__"} <= {*dir(imgdiff)}
    assert all(getattr(imgdiff, name) is not None for name in dir(imgdiff))


@pytest.mark.parametrize(
    ("tolerance", "words"),
    [
        (Tolerance(), ["Something changed."]),
        (Tolerance(max_diff_pixels=10), ["pixels differ, but at most 10 may."]),
        (Tolerance(max_diff_percent=0.5), ["of the pixels differ, but at most 0.5 % may."]),
        (Tolerance(fail_under=0.999), ["Image similarity is", "at least 99.9000 %."]),
        (Tolerance(max_diff_pixels=10_000, max_diff_percent=50, fail_under=0.5), []),
    ],
)
def test_a_gate_says_why_it_is_closed(tolerance: Tolerance, words: list[str]) -> None:
    failed = " ".join(compare(BEFORE, AFTER, Settings("ssim")).failures(tolerance))
    assert [word for word in words if word not in failed] == []
    assert bool(failed) == bool(words)


@pytest.mark.parametrize("cut", [np.s_[:-7], np.s_[:, :-9], np.s_[:-7, :-9]])
def test_rows_and_columns_that_one_alone_has_differ(cut: tuple[slice, slice]) -> None:
    small = BEFORE[cut]
    alone = (BEFORE.size - small.size) // 3
    for pair in ((BEFORE, small), (small, BEFORE)):
        result = compare(*pair, "exact")
        assert result.different_pixels == alone
        assert result.different_fraction == alone / (BEFORE.size // 3)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_diff_pixels": -1}, "from 0 up"),
        ({"diff_window": 0}, "from 1 up"),
        ({"max_diff_percent": 101}, "between 0 and 100"),
        ({"fail_under": float("nan")}, "no number"),
        ({"allow": frozenset({"jump"})}, "shift, turn, mirror.*'jump'"),
    ],
)
def test_limits_that_mean_nothing_are_refused(limits: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        Tolerance(**limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["mirror", "shift", "turn", "scale"])
def test_a_motion_passes_only_where_it_is_allowed(kind: str) -> None:
    picture = drawing(300, 400)
    moved = {
        "mirror": picture[:, ::-1],
        "shift": picture[40:, 30:],
        "turn": np.rot90(picture),
        "scale": np.repeat(np.repeat(picture, 2, axis=0), 2, axis=1),
    }
    result = compare(image(picture), image(np.ascontiguousarray(moved[kind])))
    assert kind in result.pair.alignment.motions
    allow = frozenset(result.pair.alignment.motions)
    assert result.failures(Tolerance(allow=allow)) == result.failures()
    (failed,) = set(result.failures(Tolerance(allow=allow - {kind}))) - {*result.failures()}
    assert failed.endswith("which isn't allowed.")


def test_importing_the_package_costs_nothing() -> None:
    code = "import sys, imgdiff; print([m for m in ('numpy', 'cv2', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
