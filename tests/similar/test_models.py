"""Optional models: the way to them, with a tiny network in their place. Scores aren't tested."""

from __future__ import annotations

import hashlib
import sys
import urllib.error
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from skimage import data

from imgdiff import ModelError, SettingsError, embed, similarity
from imgdiff.similar.embedding import bands_of, optional
from imgdiff.similar.embedding.optional import SPECS, Spec, prepared, use_file
from tests.pictures import image

KEYS = list(SPECS)


def tiny(spec: Spec) -> bytes:
    """A network of the same shape as the real one: the mean of each of 4 × 4 fields as a vector."""
    make, kind = onnx.helper.make_node, onnx.TensorProto.FLOAT
    steps = [spec.crop // 4] * 2
    nodes = [make("AveragePool", ["image"], ["fields"], kernel_shape=steps, strides=steps)]
    nodes.append(make("Flatten", ["fields"], ["flat"]))
    if spec.token:
        nodes.append(make("Unsqueeze", ["flat", "axis"], ["out"]))
    else:
        nodes.append(make("Identity", ["flat"], ["out"]))
    axis = onnx.numpy_helper.from_array(np.array([1]), "axis")
    graph = onnx.helper.make_graph(
        nodes, "tiny",
        [onnx.helper.make_tensor_value_info("image", kind, [1, 3, spec.crop, spec.crop])],
        [onnx.helper.make_tensor_value_info("out", kind, None)],
        [axis] if spec.token else [],
    )  # fmt: skip
    opset = [onnx.helper.make_opsetid("", 13)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    return bytes(model.SerializeToString())


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing is kept from test to test, nor in the home of whoever runs them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(optional, "_files", {})
    optional.model_named.cache_clear()
    yield tmp_path
    optional.model_named.cache_clear()


@pytest.fixture(params=KEYS)
def stand_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    """A model's key, and the file that now counts as that model."""
    spec = SPECS[request.param]
    content = tiny(spec)
    digest = hashlib.sha256(content).hexdigest()
    changed = replace(spec, sha256=digest, size=len(content))
    monkeypatch.setattr(optional, "SPECS", {**SPECS, spec.key: changed})
    return spec.key, content


def test_a_local_file_is_used(stand_in: tuple[str, bytes], tmp_path: Path) -> None:
    key, content = stand_in
    (tmp_path / "model.onnx").write_bytes(content)
    use_file(key, tmp_path / "model.onnx")
    vector = embed(image(data.astronaut()), model=key)
    assert vector.shape == (48,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert similarity(vector, embed(image(data.astronaut()[:, ::-1]), model=key)) < 0.99


def test_a_fetched_file_is_kept(
    stand_in: tuple[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, content = stand_in
    asked: list[str] = []
    hub = tmp_path / "hub.onnx"
    hub.write_bytes(content)

    def fetch(address: str, timeout: float) -> object:
        asked.append(address)
        assert timeout <= 60
        return hub.open("rb")

    monkeypatch.setattr("urllib.request.urlopen", fetch)
    first = embed(image(data.astronaut()), model=key)
    optional.model_named.cache_clear()
    np.testing.assert_array_equal(embed(image(data.astronaut()), model=key), first)
    spec = SPECS[key]
    assert asked == [
        f"https://huggingface.co/{spec.repository}/resolve/{spec.revision}/{spec.file}"
    ]


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"something else")
    use_file(KEYS[0], tmp_path / "model.onnx")
    with pytest.raises(ModelError, match=r"must have the sha256 dfce54a8.*, but has "):
        embed(image(data.astronaut()), model=KEYS[0])


def test_a_wrong_download_is_neither_used_nor_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = tmp_path / "hub.onnx"
    hub.write_bytes(b"tampered")
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: hub.open("rb"))
    with pytest.raises(ModelError, match="must have the sha256"):
        embed(image(data.astronaut()), model=KEYS[0])
    assert not (tmp_path / "cache").exists()


def test_offline_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr("urllib.request.urlopen", offline)
    with pytest.raises(ModelError) as found:
        embed(image(data.astronaut()), model=KEYS[0])
    assert str(found.value) == (
        "DINOv2 small, 8 bits must be fetched once (24 MB), but its hub can't be reached: "
        "go online, or name a local file with --model-file."
    )


def test_a_missing_file_and_a_missing_extra_are_said(
    stand_in: tuple[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, content = stand_in
    use_file(key, tmp_path / "model.onnx")
    with pytest.raises(ModelError, match="can't be read"):
        embed(image(data.astronaut()), model=key)
    (tmp_path / "model.onnx").write_bytes(content)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelError, match=r"run pip install 'imgdiff-app\[models\]'"):
        embed(image(data.astronaut()), model=key)


def test_a_file_that_is_no_model_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(SPECS[KEYS[0]], sha256=hashlib.sha256(b"text").hexdigest())
    monkeypatch.setattr(optional, "SPECS", {spec.key: spec})
    (tmp_path / "model.onnx").write_bytes(b"text")
    use_file(spec.key, tmp_path / "model.onnx")
    with pytest.raises(ModelError, match="the file isn't a model"):
        embed(image(data.astronaut()), model=spec.key)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("shape", [(300, 500), (500, 300), (20, 900), (224, 224)])
def test_pictures_are_prepared_as_the_model_wants(key: str, shape: tuple[int, int]) -> None:
    """The middle square of the shorter side, normalised: a flat picture shows by how much."""
    spec = SPECS[key]
    tensor = prepared(np.full((*shape, 3), 128, np.uint8), spec)
    assert tensor.shape == (1, 3, spec.crop, spec.crop)
    assert tensor.dtype == np.float32
    expected = (128 / 255 - np.array(spec.mean)) / spec.deviation
    np.testing.assert_allclose(tensor[0, :, 9, 9], expected, rtol=1e-5)


@pytest.mark.parametrize("key", KEYS)
def test_every_model_has_bands_that_say_they_are_guesses(key: str) -> None:
    bands = bands_of(key)
    assert 1 > bands.identical > bands.similar > bands.related > 0
    assert not bands.measured


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="must be one of efficientnet-lite2, dinov2-small"):
        use_file("resnet", Path("model.onnx"))
