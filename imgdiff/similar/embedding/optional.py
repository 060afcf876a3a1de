"""Better models for those who want them: larger downloads, run by onnxruntime.

They come from their hub, at a pinned revision, and are used only if the file's sha256 is the one
noted here. Needs the extra ``imgdiff-app[models]``.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from imgdiff.errors import ModelError, SettingsError
from imgdiff.similar.embedding.bands import Bands
from imgdiff.similar.embedding.vectors import Vector, unit
from imgdiff.types import Picture

_TIMEOUT: Final = 60
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Spec:
    """A model: where it comes from, what it wants to see, what its scores mean.

    Attributes
    ----------
    key, title, licence : str
        Its name in settings, for people, and the terms it is under.
    repository, revision, file : str
        Where the hub keeps it.
    sha256 : str
        Of the file; another one is refused.
    size : int
        Of the file, bytes.
    shorter_side : int
        Pictures are brought to this length of their shorter side, px, …
    crop : int
        … and the square of this side in their middle is looked at.
    mean, deviation : tuple of float
        Of each channel, on a scale of 0 to 1, for the normalisation.
    token : bool
        The vector is the first token of the output; otherwise it's the output itself.
    bands : Bands
        What the scores mean.
    """

    key: str
    title: str
    licence: str
    repository: str
    revision: str
    file: str
    sha256: str
    size: int
    shorter_side: int
    crop: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    token: bool
    bands: Bands

    @property
    def address(self) -> str:
        """Where the hub serves the file."""
        return f"https://huggingface.co/{self.repository}/resolve/{self.revision}/{self.file}"


# The bands are guesses: DINOv2's scores of unrelated pictures lie near 0, CLIP's near 0.5.
_ALL = (
    Spec(
        key="dinov2-small",
        title="DINOv2 small, 8 bits",
        licence="Apache-2.0",
        repository="onnx-community/dinov2-small",
        revision="8b1f705a3a7f6f062f6bdd21986c1583d3ef105d",
        file="onnx/model_int8.onnx",
        sha256="dfce54a839b491f395c516350ebb4a78f947e9170a6beac0f2bc5638e0f09d61",
        size=24_446_700,
        shorter_side=256,
        crop=224,
        mean=(0.485, 0.456, 0.406),
        deviation=(0.229, 0.224, 0.225),
        token=True,
        bands=Bands(identical=0.90, similar=0.70, related=0.40, measured=False),
    ),
    Spec(
        key="clip-vit-b32",
        title="CLIP ViT-B/32, vision part, 8 bits",
        licence="MIT",
        repository="Xenova/clip-vit-base-patch32",
        revision="d15189d7028b43f1d3e65039190477f6af591c2a",
        file="onnx/vision_model_uint8.onnx",
        sha256="b95448754a6ae56964ec80c570c80bb9863787ee85f51b664abed8c0e5f22a7a",
        size=88_648_915,
        shorter_side=224,
        crop=224,
        mean=(0.48145466, 0.4578275, 0.40821073),
        deviation=(0.26862954, 0.26130258, 0.27577711),
        token=False,
        bands=Bands(identical=0.95, similar=0.85, related=0.70, measured=False),
    ),
)
SPECS: Mapping[str, Spec] = MappingProxyType({spec.key: spec for spec in _ALL})

_files: dict[str, Path] = {}


class Model:
    """A loaded model; safe to use from several threads."""

    def __init__(self, spec: Spec, data: bytes) -> None:
        self.spec = spec
        self._session = _session(spec, data)
        self._lock = Lock()

    def embed(self, picture: Picture) -> Vector:
        """The vector of a picture, (H, W, 3) uint8 sRGB, at length 1."""
        tensor = prepared(picture, self.spec)
        with self._lock:
            source = self._session.get_inputs()[0].name
            output = self._session.run(None, {source: tensor})[0]
        return unit(np.asarray(output[0, 0] if self.spec.token else output[0], np.float32))


def prepared(picture: Picture, spec: Spec) -> NDArray[np.float32]:
    """A picture as the model wants it: (1, 3, crop, crop), normalised."""
    height, width = picture.shape[:2]
    scale = spec.shorter_side / min(height, width)
    size = [max(spec.crop, round(side * scale)) for side in (width, height)]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(picture, size, interpolation=way)
    top, left = ((side - spec.crop) // 2 for side in resized.shape[:2])
    square = resized[top : top + spec.crop, left : left + spec.crop].astype(np.float32) / 255
    normal = (square - np.array(spec.mean, np.float32)) / np.array(spec.deviation, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None])


def use_file(key: str, path: Path) -> None:
    """Take a model from this file instead of its hub; its sha256 is checked all the same."""
    _files[spec_named(key).key] = path
    model_named.cache_clear()


@cache
def model_named(key: str) -> Model:
    """A model, loaded; SettingsError if there is none of this name, ModelError if that fails."""
    spec = spec_named(key)
    if key in _files:
        return Model(spec, checked(_read(_files[key]), spec))
    kept = _folder() / f"{spec.key}-{spec.sha256[:12]}.onnx"
    if kept.exists():
        return Model(spec, checked(_read(kept), spec))
    data = checked(_fetched(spec), spec)
    _keep(kept, data)
    return Model(spec, data)


def spec_named(key: str) -> Spec:
    """What is known of a model without loading it; SettingsError if there is none of this name."""
    if key not in SPECS:
        known = ", ".join(("efficientnet-lite2", *SPECS))
        raise SettingsError(
            f"The model must be one of {known}, but is {key!r}: choose one of these."
        )
    return SPECS[key]


def checked(data: bytes, spec: Spec) -> bytes:
    """`data`, if it's the very file that was pinned."""
    found = hashlib.sha256(data).hexdigest()
    if found != spec.sha256:
        raise ModelError(
            f"The file of {spec.title} must have the sha256 {spec.sha256}, but has {found}: "
            f"get {spec.file} of {spec.repository} at revision {spec.revision}."
        )
    return data


def _folder() -> Path:
    """Where fetched models are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "imgdiff" / "models"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"The model's file {path} can't be read ({error.strerror}): check the path."
        ) from None


def _fetched(spec: Spec) -> bytes:
    """The file from the hub, at most as many bytes as it should have and one more."""
    try:
        with urllib.request.urlopen(spec.address, timeout=_TIMEOUT) as answer:  # noqa: S310 (https)
            pieces = iter(lambda: answer.read(_CHUNK), b"")
            data = bytearray()
            for piece in pieces:
                data += piece
                if len(data) > spec.size:
                    break
    except (OSError, ValueError):
        raise ModelError(
            f"{spec.title} must be fetched once ({spec.size / 1e6:.0f} MB), but its hub can't be "
            f"reached: go online, or name a local file with --model-file."
        ) from None
    return bytes(data)


def _keep(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it; not being able to is no failure."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(path)
    except OSError:
        return


def _session(spec: Spec, data: bytes) -> Any:  # noqa: ANN401 (onnxruntime has no types)
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError:
        raise ModelError(
            f"{spec.title} needs onnxruntime, which isn't installed: "
            "run pip install 'imgdiff-app[models]'."
        ) from None
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001 (its errors share no base of their own)
        raise ModelError(f"{spec.title} can't be loaded: the file isn't a model.") from None
