"""Laws that hold for every method, and golden scores."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from imgdiff import METHODS, Method, Settings, SettingsError, compare, load_image
from imgdiff.metrics import registry
from imgdiff.metrics.absdiff import absolute_difference
from imgdiff.metrics.registry import method_named
from imgdiff.metrics.table import MAKERS
from imgdiff.types import ErrorMap, Pixels
from tests.pictures import SAMPLES, drawing, edited, image, noisy, photo

GOLDEN = json.loads((Path(__file__).parent / "golden" / "scores.json").read_text("utf-8"))
each_method = pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
MAPS = [method for method in METHODS.values() if method.key != "changes"]
SYMMETRIC = [method for method in MAPS if method.key != "ssimulacra2"]
"""It asks what the picture after lost."""
each_map = pytest.mark.parametrize("method", MAPS, ids=[method.key for method in MAPS])
GRAYSCALE = pytest.mark.parametrize("grayscale", [True, False], ids=["gray", "color"])


def _settings(method: Method, *, grayscale: bool = True) -> Settings:
    return Settings(method=method.key, grayscale=grayscale)


@GRAYSCALE
@each_method
def test_equal_pictures_score_perfect(method: Method, grayscale: bool) -> None:
    picture = image(photo("coffee", 180, 191))
    result = compare(picture, picture, _settings(method, grayscale=grayscale))
    assert result.score == method.best
    assert method.similarity_percent(result.score) == 100
    assert not result.error_map.any()
    assert result.regions == ()
    assert result.alike


@GRAYSCALE
@pytest.mark.parametrize("method", SYMMETRIC, ids=[method.key for method in SYMMETRIC])
def test_the_order_of_the_pictures_does_not_matter(method: Method, grayscale: bool) -> None:
    before, after = image(photo("coffee", 180, 191)), image(edited(photo("coffee", 180, 191)))
    settings = _settings(method, grayscale=grayscale)
    forth, back = compare(before, after, settings), compare(after, before, settings)
    # OpenCV's filters may round the last digit differently as memory happens to be aligned.
    np.testing.assert_allclose(forth.error_map, back.error_map, rtol=1e-5, atol=1e-12)
    assert forth.score == pytest.approx(back.score, rel=1e-6)


@GRAYSCALE
@each_method
def test_more_noise_scores_worse(method: Method, grayscale: bool) -> None:
    picture = photo("coffee", 180, 191)
    settings = _settings(method, grayscale=grayscale)

    def score(sigma: float) -> float:
        return compare(image(picture), image(noisy(picture, sigma)), settings).score

    scores = [score(sigma) for sigma in (0, 2, 8, 32, 64)]
    assert scores == sorted(scores, reverse=method.higher_is_better)
    # Weak noise may lie below what a method tolerates.
    assert len(set(scores[-3:])) == 3


@each_method
def test_error_maps_are_float32_finite_and_not_negative(method: Method) -> None:
    result = compare(image(drawing(180, 201)), image(255 - drawing(180, 201)), _settings(method))
    assert result.error_map.dtype == np.float32
    assert result.error_map.shape == (180, 201)
    assert np.isfinite(result.error_map).all()
    assert result.error_map.min() >= 0


@each_method
def test_a_change_is_found_where_it_is(method: Method) -> None:
    before = drawing(400, 420)
    before[150:230, 160:260] = 255
    after = before.copy()
    dark = np.random.default_rng(0).integers(0, 100, (20, 25, 1), np.uint8)
    after[150:230, 160:260] = dark.repeat(4, axis=0).repeat(4, axis=1)
    result = compare(image(before), image(after), _settings(method))
    assert result.changed[155:225, 165:255].mean() > 0.9
    # The coarsest window of MS-SSIM reaches 80 px.
    assert not result.changed[:70].any()
    assert not result.changed[:, :80].any()


@each_method
def test_8_and_16_bits_give_the_same_answer(method: Method) -> None:
    before, after = photo("coffee", 180, 191), edited(photo("coffee", 180, 191))
    eight = compare(image(before), image(after), _settings(method))
    sixteen = compare(
        image(before.astype(np.uint16) * 257),
        image(after.astype(np.uint16) * 257),
        _settings(method),
    )
    # Gray is rounded to whole levels, of 1/255 in the one case and 1/65535 in the other.
    assert sixteen.score == pytest.approx(eight.score, rel=0.01, abs=0.01)


@each_method
def test_every_method_explains_itself(method: Method) -> None:
    for words in (method.title, method.help, method.source, method.score_name, method.score_help):
        assert words == words.strip()
        assert len(words) > 10
    assert "----" not in method.help + method.source
    assert method.best != method.worst


def _golden_cases() -> list[tuple[str, str, bool]]:
    return [
        (sample, key, grayscale)
        for sample in GOLDEN
        for key in METHODS
        for grayscale in (True, False)
    ]


@pytest.mark.parametrize(("sample", "key", "grayscale"), _golden_cases())
def test_scores_stay_what_people_have_stored(sample: str, key: str, grayscale: bool) -> None:
    before, after = (
        load_image(next(SAMPLES.glob(f"{sample}_{role}.*"))) for role in ("before", "after")
    )
    result = compare(before, after, Settings(method=key, grayscale=grayscale, min_area=40))
    golden = GOLDEN[sample][f"{key} {'gray' if grayscale else 'color'}"]
    # JPEG decoders may round a pixel differently from one build to the next.
    assert result.score == pytest.approx(golden["score"], rel=1e-5)
    assert len(result.regions) == golden["regions"]


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="changes, ssim, absdiff"):
        method_named("magic")


def test_a_method_of_ones_own_is_one_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_METHODS", registry._Methods(MAKERS))
    monkeypatch.setattr(registry, "METHODS", registry._METHODS)

    def red_difference(reference: Pixels, test: Pixels) -> ErrorMap:
        """Difference in red.

        Looks at the red channel alone: best for stamps.
        """
        return np.asarray(np.abs(reference[..., 0].astype(np.float32) - test[..., 0]))

    method = registry.register_method("red", red_difference, ceiling=255)
    assert (method.title, method.good_for) == ("Difference in red", "stamps.")
    before, after = drawing(60, 80), drawing(60, 80)
    after[10:20, 10:20] = (255, 0, 0)
    result = compare(image(before), image(after), Settings("red", threshold=0))
    assert len(result.regions) >= 1
    with pytest.raises(SettingsError, match="already"):
        registry.register_method("red", red_difference, ceiling=255)


def test_packages_bring_methods_by_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_METHODS", registry._Methods(MAKERS))
    monkeypatch.setattr(registry, "METHODS", registry._METHODS)
    registry.load_plugins.cache_clear()

    def register() -> None:
        registry.register_method("mine", absolute_difference, ceiling=255)

    plugin = SimpleNamespace(load=lambda: register)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [plugin])
    assert registry.method_named("mine").ceiling == 255
    registry.load_plugins.cache_clear()
