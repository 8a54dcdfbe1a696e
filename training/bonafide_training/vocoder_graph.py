"""Two neural vocoders as ONNX graphs, from the weights that packages carry: `mel` [1, 80, frames] to `wave` [1, 1, n].

HiFi-GAN V1: Kong et al. 2020 (arXiv 2010.05646). MelGAN: Kumar et al. 2019 (arXiv 1910.06711).
"""

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper

from .encoder_nodes import Nodes

Weights = dict[str, np.ndarray]
UPSAMPLING = (8, 8, 2, 2)
UPSAMPLING_16K = (8, 5, 2, 2)  # 10 ms of 16 kHz a frame
KERNELS = (3, 7, 11)
DILATIONS = (1, 3, 5)
OPSET, IR_VERSION = 17, 8


def hifigan(weights: Weights, upsampling: tuple[int, ...] = UPSAMPLING) -> ModelProto:
    """The generator of HiFi-GAN V1; weights as its own checkpoint names them."""
    nodes = Nodes("fp32")
    x = _conv(nodes, weights, "conv_pre", "mel", padding=3)
    for stage, rate in enumerate(upsampling):
        x = _up(nodes, weights, f"ups.{stage}", _leaky(nodes, x, 0.1), rate)
        sums = [_resblock(nodes, weights, f"resblocks.{stage * len(KERNELS) + at}", x, kernel)
                for at, kernel in enumerate(KERNELS)]
        x = nodes.op("Mul", nodes.op("Add", nodes.op("Add", sums[0], sums[1]), sums[2]), nodes.scalar(1 / 3))
    return _model(nodes, _conv(nodes, weights, "conv_post", _leaky(nodes, x, 0.01), padding=3))


def _resblock(nodes: Nodes, weights: Weights, name: str, x: str, kernel: int) -> str:
    for at, dilation in enumerate(DILATIONS):
        y = _conv(nodes, weights, f"{name}.convs1.{at}", _leaky(nodes, x, 0.1), (kernel - 1) * dilation // 2, dilation)
        x = nodes.op("Add", x, _conv(nodes, weights, f"{name}.convs2.{at}", _leaky(nodes, y, 0.1), (kernel - 1) // 2))
    return x


def melgan(weights: Weights) -> ModelProto:
    """The generator of MelGAN as a list of layers, `generator.N`, with stacks of three residual blocks between."""
    nodes = Nodes("fp32")
    x = nodes.op("Mul", nodes.op("Add", "mel", nodes.scalar(5.0)), nodes.scalar(0.2))
    x = _conv(nodes, weights, "generator.1", _reflect(nodes, x, 3))
    for stage, rate in enumerate(UPSAMPLING):
        x = _up(nodes, weights, f"generator.{3 + 3 * stage}", _leaky(nodes, x, 0.2), rate)
        for block in range(3):
            name = f"generator.{4 + 3 * stage}"
            y = _reflect(nodes, _leaky(nodes, x, 0.2), 3**block)
            y = _conv(nodes, weights, f"{name}.blocks.{block}.2", y, dilation=3**block)
            y = _conv(nodes, weights, f"{name}.blocks.{block}.4", _leaky(nodes, y, 0.2))
            x = nodes.op("Add", _conv(nodes, weights, f"{name}.shortcuts.{block}", x), y)
    return _model(nodes, _conv(nodes, weights, "generator.16", _reflect(nodes, _leaky(nodes, x, 0.2), 3)))


def _weight(weights: Weights, name: str) -> np.ndarray:
    """Weight normalisation (Salimans and Kingma 2016) taken in: each row v has the length g."""
    if f"{name}.weight" in weights:
        return weights[f"{name}.weight"]
    v, g = weights[f"{name}.weight_v"], weights[f"{name}.weight_g"]
    return (v * (g / np.sqrt((v**2).sum(axis=(1, 2), keepdims=True)))).astype(np.float32)


def _conv(nodes: Nodes, weights: Weights, name: str, x: str, padding: int = 0, dilation: int = 1) -> str:
    return nodes.op("Conv", x, nodes.tensor(_weight(weights, name)), nodes.tensor(weights[f"{name}.bias"]),
                    pads=[padding, padding], dilations=[dilation])


def _up(nodes: Nodes, weights: Weights, name: str, x: str, rate: int) -> str:
    kernel = _weight(weights, name)
    padding = (kernel.shape[2] - rate + 1) // 2
    return nodes.op("ConvTranspose", x, nodes.tensor(kernel), nodes.tensor(weights[f"{name}.bias"]),
                    strides=[rate], pads=[padding, padding], output_padding=[rate + 2 * padding - kernel.shape[2]])


def _leaky(nodes: Nodes, x: str, slope: float) -> str:
    return nodes.op("LeakyRelu", x, alpha=slope)


def _reflect(nodes: Nodes, x: str, width: int) -> str:
    return nodes.op("Pad", x, nodes.ints(0, 0, width, 0, 0, width), mode="reflect")


def _model(nodes: Nodes, x: str) -> ModelProto:
    nodes.nodes.append(helper.make_node("Tanh", [x], ["wave"]))
    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, 80, "frames"])
    wave = helper.make_tensor_value_info("wave", TensorProto.FLOAT, [1, 1, "samples"])
    graph = helper.make_graph(nodes.nodes, "vocoder", [mel], [wave], nodes.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    checker.check_model(model)
    return model
