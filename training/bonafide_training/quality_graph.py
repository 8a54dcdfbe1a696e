"""The frozen quality encoder as one ONNX graph: waveform in, pooled activations out.

Architecture: the convolutional part of DistillMOS (Stahl and Gamper, 2025): a complex spectrum, compressed to the
power 0.3 with its phase kept, through six convolutions over frequency and time. It hears the middle
`EXCERPT_SEC` of what it is given: windows overlap by half, so that a long recording is heard once, not twice.
"""

from __future__ import annotations

import json

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper

from .encoder_graph import IR_VERSION, OPSET
from .encoder_mel import dft_kernel
from .encoder_nodes import Nodes, Weights
from .quality_weights import LICENCE_NOTICE

SAMPLE_RATE_HZ = 16_000
WINDOW_LENGTH = 320
HOP_LENGTH = 160
EXCERPT_SEC = 2.0
LAYERS = 6
FIRST_POOLED_LAYER = 3
SLOPE = 0.1
"""Of the leaky rectifier."""
COMPRESSION = 0.3
MAGNITUDE_FLOOR = 1e-12
CHANNELS, LAST_BANDS = 256, 4

EMBEDDING_NAMES = [
    f"layer{layer + 1}/{statistic}/{channel:03d}"
    for layer in range(FIRST_POOLED_LAYER, LAYERS)
    for statistic in ("mean", "time_std", "band_time_std", "band_std")
    for channel in range(CHANNELS)
] + [f"bands/{statistic}/{row:04d}" for statistic in ("mean", "std") for row in range(CHANNELS * LAST_BANDS)]


def build_quality_encoder(variables: dict[str, np.ndarray], weights: Weights = "int8") -> ModelProto:
    """Build the graph: `waveform` float32 [1, n] at 16 kHz, n >= 4000, to `embedding` [1, 5120]."""
    nodes = Nodes(weights, prefix="quality_")
    x = _compressed_spectrum(nodes, _level(nodes, _middle(nodes, "waveform")))
    parts: list[str] = []
    for layer in range(LAYERS):
        kernel, bias = (variables[f"cnn.cnn.{2 * layer}.{kind}"] for kind in ("weight", "bias"))
        strides = [2 if layer > 0 else 1, 2 if layer == LAYERS - 1 else 1]
        x = nodes.op("Conv", x, nodes.weight(kernel), nodes.tensor(bias), strides=strides, pads=[0, 1, 0, 1])
        x = nodes.op("LeakyRelu", x, alpha=SLOPE)
        if layer >= FIRST_POOLED_LAYER:
            parts += _layer_statistics(nodes, x)
    rows = nodes.op("Reshape", x, nodes.ints(0, CHANNELS * LAST_BANDS, -1))
    parts += [_mean(nodes, rows, 2), _std(nodes, rows, 2)]
    nodes.nodes.append(helper.make_node("Concat", parts, ["embedding"], axis=1))
    return _model(nodes)


def _middle(nodes: Nodes, x: str) -> str:
    length = nodes.op("Shape", x, start=1, end=2)
    wanted = nodes.ints(round(EXCERPT_SEC * SAMPLE_RATE_HZ))
    start = nodes.op("Max", nodes.op("Div", nodes.op("Sub", length, wanted), nodes.ints(2)), nodes.ints(0))
    end = nodes.op("Min", nodes.op("Add", start, wanted), length)
    return nodes.op("Slice", x, start, end, nodes.ints(1))


def _level(nodes: Nodes, x: str) -> str:
    """Without offset, at a peak of one."""
    x = nodes.op("Sub", x, nodes.op("ReduceMean", x, nodes.ints(1), keepdims=1))
    peak = nodes.op("ReduceMax", nodes.op("Abs", x), nodes.ints(1), keepdims=1)
    return nodes.op("Div", x, nodes.op("Add", peak, nodes.scalar(1e-8)))


def _compressed_spectrum(nodes: Nodes, x: str) -> str:
    """[1, n] to [1, 2, 161, T]: real and imaginary part, magnitude to the power 0.3, a frame in 10 ms."""
    pad = (WINDOW_LENGTH - HOP_LENGTH) // 2
    x = nodes.op("Pad", nodes.op("Unsqueeze", x, nodes.ints(1)), nodes.ints(0, 0, pad, 0, 0, pad), mode="reflect")
    x = nodes.op("Conv", x, nodes.tensor(dft_kernel(WINDOW_LENGTH)), strides=[HOP_LENGTH])
    real, imaginary = nodes.op_many("Split", 2, x, axis=1, num_outputs=2)
    squares = nodes.op("Add", nodes.op("Mul", real, real), nodes.op("Mul", imaginary, imaginary))
    magnitude = nodes.op("Max", nodes.op("Sqrt", squares), nodes.scalar(MAGNITUDE_FLOOR))
    gain = nodes.op("Pow", magnitude, nodes.scalar(COMPRESSION - 1))
    parts = [nodes.op("Unsqueeze", nodes.op("Mul", part, gain), nodes.ints(1)) for part in (real, imaginary)]
    return nodes.op("Concat", *parts, axis=1)


def _layer_statistics(nodes: Nodes, x: str) -> list[str]:
    """Of activations [1, C, F, T], one [1, C] each: mean; deviation over time of the mean over bands; mean over bands
    of the deviation over time; deviation over bands of the mean over time."""
    over_bands, over_time = _mean(nodes, x, 2), _mean(nodes, x, 3)
    return [
        _mean(nodes, over_bands, 2), _std(nodes, over_bands, 2),
        _mean(nodes, _std(nodes, x, 3), 2), _std(nodes, over_time, 2),
    ]


def _mean(nodes: Nodes, x: str, axis: int) -> str:
    return nodes.op("ReduceMean", x, nodes.ints(axis), keepdims=0)


def _std(nodes: Nodes, x: str, axis: int) -> str:
    """Population deviation."""
    centred = nodes.op("Sub", x, nodes.op("ReduceMean", x, nodes.ints(axis), keepdims=1))
    return nodes.op("Sqrt", _mean(nodes, nodes.op("Mul", centred, centred), axis))


def _model(nodes: Nodes) -> ModelProto:
    waveform = helper.make_tensor_value_info("waveform", TensorProto.FLOAT, [1, "samples"])
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, len(EMBEDDING_NAMES)])
    graph = helper.make_graph(nodes.nodes, "quality_encoder", [waveform], [embedding], nodes.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    model.producer_name = "bonafide"
    checker.check_model(model)
    helper.set_model_props(model, {
        "encoder": "quality", "names": json.dumps(EMBEDDING_NAMES), "weights": nodes.weights, "licence": LICENCE_NOTICE,
    })
    return model
