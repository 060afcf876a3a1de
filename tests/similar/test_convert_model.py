"""The script that made the network: it trusts no pickle, and folds without loss."""

from __future__ import annotations

import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from benchmarks.convert_model import EPSILON, folded, padding
from benchmarks.torch_files import read_archived_tensors, read_tensors


def test_a_pickle_can_run_nothing() -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("echo owned",)

    with pytest.raises(pickle.UnpicklingError, match=r"refused: posix\.system"):
        read_tensors(io.BytesIO(pickle.dumps(Evil())))


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="old format"):
        read_tensors(io.BytesIO(pickle.dumps(7)))


def test_tensors_are_read_with_their_offsets_and_strides() -> None:
    """A file as ``torch.save`` wrote it: two views of one storage of six numbers."""
    numbers = np.arange(6, dtype="<f4")
    file = io.BytesIO()
    headers: tuple[object, ...] = (0x1950A86A20F9469CFC6C, 1001, {})
    for header in headers:
        pickle.dump(header, file, 2)
    # Protocol 2 by hand: a dictionary of calls to torch._utils._rebuild_tensor_v2.
    file.write(b"\x80\x02}(")
    for name, offset, shape, strides in (("a", 0, (2, 3), (3, 1)), ("b", 1, (2,), (3,))):
        file.write(_text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n((")
        file.write(
            _text("storage") + b"ctorch\nFloatStorage\n" + _text("0") + _text("cpu") + b"K\x06"
        )
        file.write(b"NtQK" + bytes([offset]) + _tuple(shape) + _tuple(strides) + b"tR")
    file.write(b"u.")
    pickle.dump(["0"], file, 2)
    file.write(np.array(6, "<i8").tobytes() + numbers.tobytes())
    file.seek(0)
    tensors = read_tensors(file)
    np.testing.assert_array_equal(tensors["a"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(tensors["b"], [1, 4])


def _text(text: str) -> bytes:
    return b"X" + len(text).to_bytes(4, "little") + text.encode()


def _tuple(numbers: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(b"K" + bytes([number]) for number in numbers) + b"t"


def test_folding_changes_nothing() -> None:
    """A convolution and its normalisation, one after the other, against the folded one."""
    rng = np.random.default_rng(0)
    weights = {
        "conv.weight": rng.normal(size=(4, 3, 3, 3)).astype(np.float32),
        "norm.weight": rng.uniform(0.5, 2, 4).astype(np.float32),
        "norm.bias": rng.normal(size=4).astype(np.float32),
        "norm.running_mean": rng.normal(size=4).astype(np.float32),
        "norm.running_var": rng.uniform(0.1, 3, 4).astype(np.float32),
    }
    patch = rng.normal(size=(3, 3, 3)).astype(np.float32)
    plain = (weights["conv.weight"] * patch).sum(axis=(1, 2, 3))
    spread = np.sqrt(weights["norm.running_var"] + EPSILON)
    expected = (plain - weights["norm.running_mean"]) / spread * weights["norm.weight"]
    expected += weights["norm.bias"]
    kernels, bias = folded(weights, "conv", "norm")
    np.testing.assert_allclose((kernels * patch).sum(axis=(1, 2, 3)) + bias, expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [
        # As tf.nn.conv2d documents SAME: the output has ceil(size / stride), the odd zero is last.
        (260, 3, 2, (0, 1)),
        (130, 3, 1, (1, 1)),
        (130, 3, 2, (0, 1)),
        (65, 5, 2, (2, 2)),
        (33, 3, 2, (1, 1)),
        (17, 5, 2, (2, 2)),
    ],
)
def test_padding_is_tensorflows(size: int, kernel: int, stride: int, expected: object) -> None:
    assert padding(size, kernel, stride) == expected
    before, after = padding(size, kernel, stride)
    assert (size + before + after - kernel) // stride + 1 == -(-size // stride)


def test_tensors_of_an_archive_are_read_as_well() -> None:
    """A file as ``torch.save`` writes it since version 1.6: a pickle, and storages beside it."""
    pickled = b"\x80\x02}(" + _text("a") + b"ctorch._utils\n_rebuild_tensor_v2\n(("
    pickled += _text("storage") + b"ctorch\nFloatStorage\n" + _text("3") + _text("cpu")
    pickled += b"K\x06tQK\x01" + _tuple((2, 2)) + _tuple((2, 1)) + b"tRu."
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/data/3", np.arange(6, dtype="<f4").tobytes())
    tensors = read_archived_tensors(file)
    np.testing.assert_array_equal(tensors["a"], [[1, 2], [3, 4]])
