"""Settings in layers: presets, files, lines of a list, options."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imgdiff import Box, Polygon, Settings, SettingsError, Tolerance
from imgdiff.batch import pair_list
from imgdiff.cli import main
from imgdiff.configuration.rules import SETTING_NAMES, Rules, with_layer
from imgdiff.configuration.settings_file import read_configuration
from imgdiff.types import MotionKind
from tests.pictures import drawing, write

EXAMPLE = """
preset = "screenshot"
max-diff-pixels = 20
ignore = [[0, 0, 200, 40], {polygon = [[0, 0], [9, 0], [0, 9]]}, {mask = "clock.png"}]

[[pictures]]
match = "home/*.png"
method = "changes"
sensitivity = 4
ignore-light = false
allow = ["shift"]

[[pictures]]
match = "*/map.png"
region = [10, 10, 50, 40]
max-diff-percent = 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "imgdiff.toml").write_text(EXAMPLE)
    mask = np.zeros((30, 40, 3), np.uint8)
    mask[5:9, 6:20] = 255
    write(tmp_path, "clock.png", mask)
    return tmp_path


def test_a_file_holds_for_all_and_is_refined_by_name(folder: Path) -> None:
    configuration = read_configuration(folder / "imgdiff.toml")
    other, home, both = (
        configuration.rules_for(name) for name in ("other.png", "home/a.png", "home/map.png")
    )
    assert other.settings.method == "rendering"
    assert other.tolerance == Tolerance(max_diff_pixels=20, allow=frozenset())
    box, polygon, mask = other.settings.ignored_areas
    assert box == Box(0, 0, 200, 40)
    assert polygon == Polygon(((0, 0), (9, 0), (0, 9)))
    assert mask.inside.sum() == 4 * 14  # type: ignore[union-attr]
    assert home.settings.method == "changes"
    assert home.settings.params == {"sensitivity": 4, "ignore_light": False}
    assert home.settings.align == "corner"
    assert home.tolerance.allow == frozenset[MotionKind]({"shift"})
    assert both.settings.region_box == Box(10, 10, 50, 40)
    assert both.tolerance == Tolerance(20, 0.5, None, frozenset({"shift"}))


def test_a_preset_starts_anew_but_keeps_what_is_ignored_and_what_may_differ() -> None:
    rules = with_layer(
        Rules(),
        {"method": "ssim", "window-size": 9, "ignore": [[1, 2, 3, 4]], "max-diff-pixels": 3},
    )
    again = with_layer(rules, {"preset": "exact"})
    expected = Settings.preset("exact")
    assert again.settings.method == expected.method
    assert again.settings.params == {}
    assert again.settings.ignored_areas == (Box(1, 2, 3, 4),)
    assert again.tolerance.max_diff_pixels == 3


def test_another_method_drops_what_the_one_before_was_told() -> None:
    rules = with_layer(Rules(), {"preset": "scan", "threshold": 3})
    assert with_layer(rules, {"method": "changes"}).settings.params == {"sensitivity": 2}
    other = with_layer(rules, {"method": "flip", "pixels-per-degree": 50}).settings
    assert other.params == {"pixels_per_degree": 50}
    assert other.threshold is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sensitivty = 4", "'sensitivty' is none: there are preset, method"),
        ('preset = "film"', "photo, screenshot, scan"),
        ('method = "magic"', "one of changes, ssim"),
        ('min-area = "large"', "min-area must be a number, but is 'large'"),
        ("min-area = true", "min-area must be a number, but is True"),
        ("grayscale = 1", "grayscale must be true or false, but is 1"),
        ("max-diff-pixels = 1.5", "a whole number, but is 1.5"),
        ("max-diff-pixels = inf", "a whole number, but is inf"),
        ("diff-window = nan", "a whole number, but is nan"),
        ("min-area = -1", "from 0 up"),
        ('ignore-text = ["["]', "A regular expression is expected"),
        ("sensitivity = 9", "between 1 and 5"),
        ("jitter = 2", "changes has no option jitter"),
        ("max-diff-percent = 200", "between 0 and 100"),
        ('allow = ["jump"]', "some of shift,turn,mirror"),
        ("ignore = [[1, 2, 3]]", "An area must be a box"),
        ("ignore = [{circle = 3}]", "made of"),
        ('ignore-mask = "nowhere.png"', "no such file"),
        ('[[pictures]]\nmethod = "ssim"', "needs a line such as match"),
        ("pictures = 3", "written as"),
        ("min-area = ", "must be TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_path(
    line: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "imgdiff.toml"
    path.write_text(line)
    with pytest.raises(SettingsError, match=words) as caught:
        read_configuration(path)
    assert str(caught.value).startswith(str(path))


def test_the_file_beside_the_picture_is_used_and_the_options_refine_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = drawing(60, 80)
    before = str(write(tmp_path, "a.png", page))
    after = str(write(tmp_path, "b.png", np.roll(page, 5, axis=1)))
    assert main(["compare", before, after, "--method", "ssim", "--align", "none"]) == 1
    Path("imgdiff.toml").write_text("max-diff-percent = 100")
    assert main(["compare", before, after, "--method", "ssim", "--align", "none"]) == 0
    Path("strict.toml").write_text('preset = "exact"')
    assert main(["compare", before, after, "--config", "strict.toml"]) == 1
    assert main(["compare", before, after, "--config", "nowhere.toml"]) == 2


def test_masks_and_regions_are_options(tmp_path: Path) -> None:
    page = drawing(60, 80)
    changed = page.copy()
    changed[20:30, 20:40] ^= 255
    mask = np.zeros((60, 80, 3), np.uint8)
    mask[18:32, 18:42] = (0, 90, 0)
    before, after, area = (
        str(write(tmp_path, name, picture))
        for name, picture in (("a.png", page), ("b.png", changed), ("mask.png", mask))
    )
    exact = ["compare", before, after, "--preset", "exact"]
    assert main(exact) == 1
    assert main([*exact, "--ignore-mask", area]) == 0
    assert main([*exact, "--region", "0,31,80,29"]) == 0
    assert main([*exact, "--ignore-mask", before + "x"]) == 2


def test_a_list_of_pairs_has_the_same_names_as_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = drawing(60, 80)
    write(tmp_path, "a.png", page)
    write(tmp_path, "b.png", np.roll(page, 1, axis=1))
    lines = [
        "name,before,after,preset,max-diff-percent,ignore",
        "strict,a.png,b.png,screenshot,,",
        "loose,a.png,b.png,screenshot,100,",
        'ignored,a.png,b.png,exact,,"0,0,80,60;1,1,2,2"',
    ]
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join(lines))
    assert [dict(pair.layer) for pair in pair_list(path)] == [
        {"preset": "screenshot"},
        {"preset": "screenshot", "max-diff-percent": "100"},
        {"preset": "exact", "ignore": "0,0,80,60;1,1,2,2"},
    ]
    assert main(["batch", str(path), "--workers", "1"]) == 2
    out = capsys.readouterr().out
    assert "3 pairs: 1 changed, 1 failed, 1 equal." in out
    assert "ignore less" in out
    path.write_text("before,after,presett\na.png,b.png,exact\n")
    assert main(["batch", str(path)]) == 2
    assert "'presett' is none" in capsys.readouterr().err


def test_every_setting_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
    assert [name for name in SETTING_NAMES if f"`{name}`" not in page] == []
