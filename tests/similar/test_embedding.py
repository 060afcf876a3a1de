"""Dense vectors: what the issue of likeness promises, and the network behind it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from skimage import data

from imgdiff import BlankError, Image, SettingsError, embed, similarity
from imgdiff.similar.embedding import lite
from tests.pictures import Picture, image

ASTRONAUT: Picture = data.astronaut()
MODEL = Path(lite.__file__).parents[2] / "models" / "efficientnet-lite2.onnx"


def alike(one: Picture, other: Picture) -> float:
    return similarity(*(embed(image(np.ascontiguousarray(p))) for p in (one, other)))


@pytest.mark.parametrize(
    ("edited", "reference"),
    [
        # From the first build of this vector, with another converter; ±0.02 covers a newer OpenCV.
        pytest.param(ASTRONAUT[:, ::-1], 0.912, id="mirrored"),
        pytest.param(cv2.resize(ASTRONAUT, (256, 256), interpolation=3), 0.990, id="half size"),
        pytest.param(np.rot90(ASTRONAUT), 0.648, id="turned"),
        pytest.param(ASTRONAUT[50:350, 100:400], 0.565, id="cropped"),
        pytest.param(data.chelsea(), 0.074, id="chelsea"),
        pytest.param(data.coffee(), 0.091, id="coffee"),
        pytest.param(data.rocket(), 0.216, id="rocket"),
    ],
)
def test_similarities_are_those_of_the_reference_build(edited: Picture, reference: float) -> None:
    assert alike(ASTRONAUT, edited) == pytest.approx(reference, abs=0.02)


def test_a_vector_is_2560_numbers_of_length_1() -> None:
    vector = embed(image(ASTRONAUT))
    assert vector.shape == (2560,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert similarity(vector, vector) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(vector, embed(image(ASTRONAUT)))


def test_likeness_is_mutual() -> None:
    assert alike(ASTRONAUT, data.coffee()) == alike(data.coffee(), ASTRONAUT)


def test_the_more_is_cut_off_the_less_alike() -> None:
    scores = [alike(ASTRONAUT, ASTRONAUT[edge : 512 - edge, edge : 512 - edge])
              for edge in (0, 60, 120, 180)]  # fmt: skip
    assert scores == sorted(scores, reverse=True)


def test_depth_of_samples_and_hidden_colours_do_not_matter() -> None:
    deep = Image(ASTRONAUT.astype(np.uint16) * 257, None, "16 bits")
    vector = embed(image(ASTRONAUT))
    assert np.array_equal(embed(deep), vector)
    opacity = np.full(ASTRONAUT.shape[:2], 255, np.uint8)
    opacity[:, 256:] = 0
    hidden = ASTRONAUT.copy()
    hidden[:, 256:] = (9, 200, 30)
    assert np.array_equal(embed(Image(ASTRONAUT, opacity, "")), embed(Image(hidden, opacity, "")))


@pytest.mark.parametrize("shape", [(1, 1), (3000, 2), (400, 300)])
def test_a_blank_picture_has_no_answer(shape: tuple[int, int]) -> None:
    with pytest.raises(BlankError, match="shows something is expected, but this one is blank"):
        embed(image(np.full((*shape, 3), 250, np.uint8)))


def test_a_page_blank_but_for_scanner_noise_is_blank() -> None:
    noise = np.random.default_rng(0).normal(240, 3, (900, 700, 3))
    with pytest.raises(BlankError):
        embed(image(np.rint(noise).astype(np.uint8)))
    page = np.full((900, 700, 3), 240, np.uint8)
    cv2.putText(page, "A line", (100, 400), cv2.FONT_HERSHEY_SIMPLEX, 3, (0, 0, 0), 6)
    assert embed(image(page)).shape == (2560,)


def test_there_is_no_other_model_of_that_name() -> None:
    with pytest.raises(SettingsError, match="one of efficientnet-lite2, dinov2-small"):
        embed(image(ASTRONAUT), model="resnet")


def test_threads_do_not_get_in_each_others_way() -> None:
    pictures = [image(np.ascontiguousarray(ASTRONAUT[top:])) for top in range(0, 120, 10)]
    alone = [embed(picture) for picture in pictures]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(embed, pictures))
    np.testing.assert_array_equal(alone, together)


def test_opencv_runs_the_network_as_onnxruntime_does() -> None:
    """Someone else's numbers; float32 sums in another order differ by about 1e-5 of 6."""
    tensor = np.random.default_rng(0).normal(size=(1, 3, 260, 260)).astype(np.float32)
    (expected,) = onnxruntime.InferenceSession(MODEL.read_bytes()).run(None, {"image": tensor})
    network = cv2.dnn.readNetFromONNX(str(MODEL), cv2.dnn.ENGINE_NEW)
    network.setInput(tensor)
    found = network.forward()
    assert found.shape == (1, 1280, 9, 9)
    np.testing.assert_allclose(found, expected, atol=2e-4)


def test_the_network_is_small_and_has_one_output() -> None:
    assert MODEL.stat().st_size < 9_700_000
    graph = onnx.load(MODEL).graph
    assert [output.name for output in graph.output] == ["map"]
    kinds = {constant.data_type for constant in graph.initializer if constant.dims}
    assert kinds == {onnx.TensorProto.FLOAT16}


def test_comparing_loads_no_vectors() -> None:
    """Start-up is most of the time of a small comparison."""
    program = (
        "import sys; from imgdiff.cli import main;"
        "main(['compare', 'samples/page_before.png', 'samples/page_after.png']);"
        "sys.exit(any('embedding' in name or 'imgdiff.similar' in name for name in sys.modules))"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=root, capture_output=True, check=False).returncode == 0
