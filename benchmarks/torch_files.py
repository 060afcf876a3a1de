"""Tensors out of files that ``torch.save`` wrote, without PyTorch and without trust in the pickle.

The reader knows tensors and nothing else.
"""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, ClassVar

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[np.generic]]


def read_tensors(file: BinaryIO) -> Tensors:
    """The tensors of a file from before version 1.6.

    It holds five pickles (a magic number, the protocol, facts of the machine, the tensors' shapes
    and the keys of their storages), then each storage: its length as int64 and its samples.
    """
    for expected in (0x1950A86A20F9469CFC6C, 1001):
        if _Reader(file).load() != expected:
            raise ValueError("This isn't a file of torch.save's old format.")
    _Reader(file).load()
    reader = _Reader(file)
    tensors = reader.load()
    for key in _Reader(file).load():
        storage = reader.storages[key]
        (length,) = np.frombuffer(file.read(8), "<i8")
        storage.samples = np.frombuffer(
            file.read(int(length) * storage.dtype.itemsize), storage.dtype
        )
    return {name: tensor.array() for name, tensor in tensors.items()}


def read_archived_tensors(file: BinaryIO) -> Tensors:
    """The tensors of a file since version 1.6: a ZIP with one pickle, and a file a storage."""
    with zipfile.ZipFile(file) as archive:
        (index,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
        with archive.open(index) as pickled:
            reader = _Reader(pickled)
            tensors = reader.load()
        folder = index.removesuffix("data.pkl") + "data/"
        for key, storage in reader.storages.items():
            storage.samples = np.frombuffer(archive.read(folder + key), storage.dtype)
    return {name: tensor.array() for name, tensor in tensors.items()}


@dataclass(eq=False)
class _Storage:
    dtype: np.dtype[Any]
    samples: NDArray[np.generic] = field(default_factory=lambda: np.empty(0))


@dataclass
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def array(self) -> NDArray[np.generic]:
        samples = self.storage.samples[self.offset :]
        steps = [stride * samples.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(samples, self.shape, steps).copy()


class _Reader(pickle.Unpickler):
    """Builds tensors; refuses every other thing that a pickle could ask for."""

    _DTYPES: ClassVar = {"FloatStorage": "<f4", "LongStorage": "<i8"}

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> object:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: _Tensor(
                storage, offset, shape, strides
            )
        if module == "torch" and name in self._DTYPES:
            return np.dtype(self._DTYPES[name])
        raise pickle.UnpicklingError(f"refused: {module}.{name}")

    def persistent_load(self, pid: tuple[str, np.dtype[Any], str, str, int]) -> _Storage:
        _, dtype, key, *_ = pid
        return self.storages.setdefault(key, _Storage(dtype))
