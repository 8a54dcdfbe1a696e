"""A classifier appended to the encoder, so that one ONNX file goes from waveform to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from onnx import ModelProto, TensorProto, ValueInfoProto, checker, helper

from bonafide_training.encoder_graph import EMBEDDING, STRETCH_EMBEDDINGS
from bonafide_training.encoder_nodes import Nodes

Activation = Literal["Identity", "Relu", "Tanh", "Sigmoid"]


@dataclass(frozen=True)
class Linear:
    """activation(x @ weight.T + bias): weight [out, in], bias [out]."""

    weight: np.ndarray
    bias: np.ndarray
    activation: Activation = "Identity"


@dataclass(frozen=True)
class Rbf:
    """exp(-gamma * squared distance) to each of the centres [m, in]: the kernel of a support vector machine."""

    centres: np.ndarray
    gamma: float


def append_head(
    model: ModelProto,
    scaler_mean: np.ndarray,
    scaler_scale: np.ndarray,
    layers: Sequence[Linear | Rbf],
    storage: Literal["fp32", "fp16"] = "fp32",
) -> ModelProto:
    """Return a copy of the encoder that answers `probabilities` [1, 2]: real, fake; and, where it embeds stretches,
    `stretch_probabilities` [S, 2].

    (embedding - scaler_mean) / scaler_scale [D] goes through the layers; the last one gives the
    logit of fake, [1, 1]. Raises ValueError when the shapes do not follow from each other.
    """
    width = model.graph.output[0].type.tensor_type.shape.dim[1].dim_value
    _check_shapes(width, scaler_mean, scaler_scale, layers)
    nodes = Nodes(storage, prefix="head_")
    outputs = [_answer(nodes, output, scaler_mean, scaler_scale, layers) for output in model.graph.output]
    joined = ModelProto()
    joined.CopyFrom(model)
    joined.graph.node.extend(nodes.nodes)
    joined.graph.initializer.extend(nodes.initializers)
    del joined.graph.output[:]
    joined.graph.output.extend(outputs)
    checker.check_model(joined)
    return joined


def _answer(nodes: Nodes, embedding: ValueInfoProto, mean: np.ndarray, scale: np.ndarray,
            layers: Sequence[Linear | Rbf]) -> ValueInfoProto:
    x = nodes.op("Sub", embedding.name, nodes.tensor(mean[None].astype(np.float32)))
    x = nodes.op("Mul", x, nodes.tensor((1.0 / scale)[None].astype(np.float32)))
    for layer in layers:
        x = _linear(nodes, x, layer) if isinstance(layer, Linear) else _rbf(nodes, x, layer)
    name = {EMBEDDING: "probabilities", STRETCH_EMBEDDINGS: "stretch_probabilities"}[embedding.name]
    parts = [nodes.op("Sigmoid", nodes.op("Neg", x)), nodes.op("Sigmoid", x)]
    nodes.nodes.append(helper.make_node("Concat", parts, [name], axis=1))
    rows = embedding.type.tensor_type.shape.dim[0]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [rows.dim_param or rows.dim_value, 2])


def _linear(nodes: Nodes, x: str, layer: Linear) -> str:
    x = nodes.linear(x, layer.weight, layer.bias)
    return x if layer.activation == "Identity" else nodes.op(layer.activation, x)


def _rbf(nodes: Nodes, x: str, layer: Rbf) -> str:
    # |x - c|^2 = |x|^2 - 2 x.c + |c|^2; rounding may take it below zero where x is a centre.
    squares = np.square(layer.centres.astype(np.float64)).sum(axis=1)
    distance = nodes.linear(x, -2.0 * layer.centres, squares)
    distance = nodes.op("Add", distance, nodes.op("ReduceSumSquare", x, nodes.ints(1), keepdims=1))
    return nodes.op("Exp", nodes.op("Mul", nodes.op("Relu", distance), nodes.scalar(-layer.gamma)))


def _check_shapes(width: int, mean: np.ndarray, scale: np.ndarray, layers: Sequence[Linear | Rbf]) -> None:
    if mean.shape != (width,) or scale.shape != (width,):
        raise ValueError(f"the scaler has shapes {mean.shape} and {scale.shape}, the embedding {width} columns")
    for layer in layers:
        matrix = layer.weight if isinstance(layer, Linear) else layer.centres
        if matrix.ndim != 2 or matrix.shape[1] != width:
            raise ValueError(f"a layer of shape {matrix.shape} cannot follow {width} columns")
        width = matrix.shape[0]
    if width != 1:
        raise ValueError(f"the last layer gives {width} values, not one logit")
