"""The frozen speech encoder as one ONNX graph: waveform in, pooled levels out.

Architecture: the encoder of Whisper (Radford et al., 2022, figure 1): log-mel, two convolutions,
sinusoidal positions, pre-norm transformer blocks with exact GELU.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from onnx import ModelProto, TensorProto, ValueInfoProto, checker, helper

from bonafide_training.encoder_mel import (
    DYNAMIC_RANGE, HOP_LENGTH, LOG_FLOOR, MEL_COUNT, WINDOW_LENGTH, dft_kernel, mel_filters,
)
from bonafide_training.encoder_nodes import Nodes, Weights
from bonafide_training.encoder_pooling import POOLINGS, pool, row_width
from bonafide_training.encoder_weights import LICENCE_NOTICE

WIDTH = 512
HEAD_COUNT = 8
HEAD_WIDTH = WIDTH // HEAD_COUNT
BLOCK_COUNT = 6
LAYER_NORM_EPSILON = 1e-5
OPSET = 20  # the first with a Gelu operator
IR_VERSION = 9
# "conv" is the convolutions' output before positions are added, "norm" the encoder's own output.
LEVELS = ("conv", "1", "2", "3", "4", "5", "6", "norm")

EMBEDDING, STRETCH_EMBEDDINGS = "embedding", "stretch_embeddings"

Variables = dict[str, np.ndarray]


@dataclass(frozen=True)
class EncoderSpec:
    """What to export: which levels, pooled how, and how the weights are stored.

    With no poolings the graph gives each level's frames instead: `frames_<level>` [T, 512], T one
    frame in 20 ms. With stretches, (frames of one, frames from one to the next), each of those is pooled like the
    whole besides, to `stretch_embeddings` [S, D]: what a short stretch sounds like, heard once with what is around it.
    position_count bounds the input: 50 positions a second of audio. directions: a level's
    matrix [512, k] for the pooling `correlations`, the same k at every level.
    """

    levels: tuple[str, ...] = ("conv", "1", "2", "3")
    poolings: tuple[str, ...] = ("mean", "std")
    weights: Weights = "fp32"
    position_count: int = 1500
    directions: Mapping[str, np.ndarray] = field(default_factory=dict)
    stretches: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for values, known in ((self.levels, LEVELS), (self.poolings, POOLINGS)):
            unknown = [value for value in values if value not in known]
            if unknown:
                raise ValueError(f"unknown {', '.join(unknown)}; known: {', '.join(known)}")
        if not self.levels:
            raise ValueError("at least one level is needed")
        if "correlations" in self.poolings and not set(self.levels) <= set(self.directions):
            raise ValueError("correlations need the directions of every level")

    @property
    def dimension(self) -> int:
        """Columns of the embedding."""
        count = min((matrix.shape[1] for matrix in self.directions.values()), default=0)
        return len(self.levels) * sum(row_width(pooling, WIDTH, count) for pooling in self.poolings)


def build_encoder(variables: Variables, spec: EncoderSpec) -> ModelProto:
    """Build the graph: `waveform` float32 [1, n] at 16 kHz, n >= 4000, to `embedding` [1, D]."""
    nodes = Nodes(spec.weights)
    frames = _levels(nodes, variables, spec)
    if spec.poolings:
        whole = {level: nodes.op("Unsqueeze", frames[level], nodes.ints(0)) for level in spec.levels}
        outputs = [_embedding(nodes, whole, spec, EMBEDDING, 1)]
        if spec.stretches:
            places = _places(nodes, frames[spec.levels[0]], *spec.stretches)
            parts = {level: nodes.op("Gather", frames[level], places, axis=0) for level in spec.levels}
            outputs.append(_embedding(nodes, parts, spec, STRETCH_EMBEDDINGS, "stretches"))
    else:
        outputs = []
        for level in spec.levels:
            nodes.nodes.append(helper.make_node("Identity", [frames[level]], [f"frames_{level}"]))
            outputs.append(helper.make_tensor_value_info(f"frames_{level}", TensorProto.FLOAT, ["frames", WIDTH]))
    model = _model(nodes, outputs)
    helper.set_model_props(model, {
        "levels": json.dumps(spec.levels), "poolings": json.dumps(spec.poolings), "width": str(WIDTH),
        "weights": spec.weights, "licence": LICENCE_NOTICE,
    })
    return model


def _embedding(nodes: Nodes, frames: dict[str, str], spec: EncoderSpec, name: str, count: int | str) -> ValueInfoProto:
    parts = [part for level in spec.levels
             for part in pool(nodes, frames[level], spec.poolings, spec.directions.get(level))]
    nodes.nodes.append(helper.make_node("Concat", parts, [name], axis=1))
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [count, spec.dimension])


def _places(nodes: Nodes, frames: str, length: int, hop: int) -> str:
    """Which frames make each stretch [S, length]; of fewer frames one stretch, filled up with the last of them."""
    count = nodes.op("Shape", frames, start=0, end=1)
    further = nodes.op("Div", nodes.op("Sub", count, nodes.ints(length)), nodes.ints(hop))
    last = nodes.op("Mul", nodes.op("Max", further, nodes.ints(0)), nodes.ints(hop))
    end = nodes.op("Squeeze", nodes.op("Add", last, nodes.ints(1)))
    starts = nodes.op("Range", nodes.tensor(np.array(0, np.int64)), end, nodes.tensor(np.array(hop, np.int64)))
    places = nodes.op("Add", nodes.op("Unsqueeze", starts, nodes.ints(1)), nodes.tensor(np.arange(length)[None]))
    return nodes.op("Min", places, nodes.op("Sub", count, nodes.ints(1)))


def build_log_mel() -> ModelProto:
    """Build the front end alone: `waveform` [1, n] to `log_mel` [1, 80, n // 160]."""
    nodes = Nodes("fp32")
    nodes.nodes.append(helper.make_node("Identity", [_log_mel(nodes)], ["log_mel"]))
    return _model(nodes, [helper.make_tensor_value_info("log_mel", TensorProto.FLOAT, [1, MEL_COUNT, "steps"])])


def _model(nodes: Nodes, outputs: list[ValueInfoProto]) -> ModelProto:
    waveform = helper.make_tensor_value_info("waveform", TensorProto.FLOAT, [1, "samples"])
    graph = helper.make_graph(nodes.nodes, "speech_encoder", [waveform], outputs, nodes.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    model.producer_name = "bonafide"
    checker.check_model(model)
    return model


def _levels(nodes: Nodes, variables: Variables, spec: EncoderSpec) -> dict[str, str]:
    frames = {"conv": _convolutions(nodes, variables, _log_mel(nodes))}
    depth = max(BLOCK_COUNT if level == "norm" else LEVELS.index(level) for level in spec.levels)
    if depth == 0:
        return frames
    x = _add_positions(nodes, variables["position_encodings/encodings"][:spec.position_count], frames["conv"])
    for i in range(depth):
        x = frames[str(i + 1)] = _block(nodes, variables, f"layer_{i}", x)
    if "norm" in spec.levels:
        frames["norm"] = _layer_norm(nodes, variables, "layer_norm", x)
    return frames


def _log_mel(nodes: Nodes) -> str:
    x = nodes.op("Sub", "waveform", nodes.op("ReduceMean", "waveform", nodes.ints(1), keepdims=1))
    x = nodes.op("Unsqueeze", x, nodes.ints(1))
    half = WINDOW_LENGTH // 2
    x = nodes.op("Pad", x, nodes.ints(0, 0, half, 0, 0, half), mode="reflect")
    x = nodes.op("Conv", x, nodes.tensor(dft_kernel()), strides=[HOP_LENGTH])
    x = nodes.op("Slice", x, nodes.ints(0), nodes.ints(-1), nodes.ints(2))
    x = nodes.op("Mul", x, x)
    real, imaginary = nodes.op_many("Split", 2, x, axis=1, num_outputs=2)
    x = nodes.op("MatMul", nodes.tensor(mel_filters()), nodes.op("Add", real, imaginary))
    x = nodes.op("Max", x, nodes.scalar(LOG_FLOOR))
    x = nodes.op("Mul", nodes.op("Log", x), nodes.scalar(1.0 / np.log(10.0)))
    loudest = nodes.op("ReduceMax", x, nodes.ints(1, 2), keepdims=1)
    x = nodes.op("Max", x, nodes.op("Sub", loudest, nodes.scalar(DYNAMIC_RANGE)))
    return nodes.op("Mul", nodes.op("Add", x, nodes.scalar(4.0)), nodes.scalar(0.25))


def _convolutions(nodes: Nodes, variables: Variables, x: str) -> str:
    for name, stride in (("conv1", 1), ("conv2", 2)):
        weight, bias = variables[f"{name}/weight"], variables[f"{name}/bias"]
        x = nodes.op("Conv", x, nodes.weight(weight), nodes.tensor(bias), strides=[stride], pads=[1, 1])
        x = nodes.op("Gelu", x)
    return nodes.op("Transpose", nodes.op("Squeeze", x, nodes.ints(0)), perm=[1, 0])


def _add_positions(nodes: Nodes, positions: np.ndarray, x: str) -> str:
    length = nodes.op("Shape", x, start=0, end=1)
    table = nodes.tensor(positions) if nodes.weights == "fp32" else nodes.half(positions)
    return nodes.op("Add", x, nodes.op("Slice", table, nodes.ints(0), length, nodes.ints(0)))


def _block(nodes: Nodes, variables: Variables, name: str, x: str) -> str:
    normed = _layer_norm(nodes, variables, f"{name}/self_attention/layer_norm", x)
    x = nodes.op("Add", x, _attention(nodes, variables, f"{name}/self_attention", normed))
    normed = _layer_norm(nodes, variables, f"{name}/ffn/layer_norm", x)
    hidden = nodes.op("Gelu", nodes.linear(normed, *_linear(variables, f"{name}/ffn/linear_0")))
    return nodes.op("Add", x, nodes.linear(hidden, *_linear(variables, f"{name}/ffn/linear_1")))


def _attention(nodes: Nodes, variables: Variables, name: str, x: str) -> str:
    weight, bias = (part.copy() for part in _linear(variables, f"{name}/linear_0"))
    weight[:WIDTH] /= np.sqrt(HEAD_WIDTH)  # the scale of the scores, folded into the queries (exactly 1/8)
    bias[:WIDTH] /= np.sqrt(HEAD_WIDTH)
    joint = nodes.op("Reshape", nodes.linear(x, weight, bias), nodes.ints(0, 3 * HEAD_COUNT, HEAD_WIDTH))
    q, k, v = nodes.op_many("Split", 3, nodes.op("Transpose", joint, perm=[1, 0, 2]), axis=0, num_outputs=3)
    scores = nodes.op("Softmax", nodes.op("MatMul", q, nodes.op("Transpose", k, perm=[0, 2, 1])), axis=-1)
    heads = nodes.op("Transpose", nodes.op("MatMul", scores, v), perm=[1, 0, 2])
    return nodes.linear(nodes.op("Reshape", heads, nodes.ints(0, WIDTH)), *_linear(variables, f"{name}/linear_1"))


def _layer_norm(nodes: Nodes, variables: Variables, name: str, x: str) -> str:
    gamma, beta = nodes.tensor(variables[f"{name}/gamma"]), nodes.tensor(variables[f"{name}/beta"])
    return nodes.op("LayerNormalization", x, gamma, beta, axis=-1, epsilon=LAYER_NORM_EPSILON)


def _linear(variables: Variables, name: str) -> tuple[np.ndarray, np.ndarray]:
    return variables[f"{name}/weight"], variables[f"{name}/bias"]
