"""A small builder over onnx.helper: nodes, constants, and weights in their three storage forms."""

from __future__ import annotations

from typing import Literal

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

# fp32: as they are. fp16: half the size, and exact, since the source is fp16. int8: a quarter, one
# scale a row; both are widened by constant folding when the session loads, so that the arithmetic
# stays float32 on every processor. int8-dynamic: integer products, activations quantised a call.
Weights = Literal["fp32", "fp16", "int8", "int8-dynamic"]


class Nodes:
    """Collects nodes and initializers; every method returns the name of the tensor it makes."""

    def __init__(self, weights: Weights, prefix: str = "") -> None:
        self.weights = weights
        self._prefix = prefix
        self.nodes: list[NodeProto] = []
        self.initializers: list[TensorProto] = []
        self._constants: dict[tuple[str, bytes], str] = {}

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        return self.op_many(kind, 1, *inputs, **attributes)[0]

    def op_many(self, kind: str, count: int, *inputs: str, **attributes: object) -> list[str]:
        stem = f"{self._prefix}{kind.lower()}_{len(self.nodes)}"
        outputs = [stem if count == 1 else f"{stem}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
        return outputs

    def tensor(self, array: np.ndarray) -> str:
        """Store an array as it is; equal arrays are stored once."""
        key = (f"{array.dtype}{array.shape}", array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"{self._prefix}constant_{len(self._constants)}"
            self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), self._constants[key]))
        return self._constants[key]

    def ints(self, *values: int) -> str:
        return self.tensor(np.array(values, np.int64))

    def scalar(self, value: float) -> str:
        return self.tensor(np.array(value, np.float32))

    def weight(self, array: np.ndarray) -> str:
        """Store float32 weights in the chosen form; the first axis is the output channel."""
        if self.weights == "fp32":
            return self.tensor(array.astype(np.float32))
        if self.weights == "fp16":
            return self.half(array)
        codes, scale = quantise_rows(array)
        return self.op("Mul", self.op("Cast", self.tensor(codes), to=TensorProto.FLOAT), self.tensor(scale))

    def half(self, array: np.ndarray) -> str:
        return self.op("Cast", self.tensor(array.astype(np.float16)), to=TensorProto.FLOAT)

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x [T, in] times weight [out, in] transposed, plus bias."""
        if self.weights == "int8-dynamic":
            return self._dynamic_linear(x, weight, bias)
        return self.op("Gemm", x, self.weight(weight), self.tensor(bias.astype(np.float32)), transB=1)

    def _dynamic_linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        codes, scale = quantise_rows(weight)
        quantised, x_scale, x_zero = self.op_many("DynamicQuantizeLinear", 3, x)
        product = self.op("MatMulInteger", quantised, self.tensor(codes.T), x_zero)
        scales = self.op("Mul", x_scale, self.tensor(scale[:, 0]))
        product = self.op("Mul", self.op("Cast", product, to=TensorProto.FLOAT), scales)
        return self.op("Add", product, self.tensor(bias.astype(np.float32)))


def quantise_rows(array: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric int8 codes (-127..127) and the float32 scale of each row of the first axis.

    codes * scale is within half a scale of the array; scale keeps the rank for broadcasting.
    """
    axes = tuple(range(1, array.ndim))
    scale = np.maximum(np.abs(array).max(axis=axes, keepdims=True) / 127.0, 1e-12).astype(np.float32)
    return np.clip(np.rint(array / scale), -127, 127).astype(np.int8), scale
