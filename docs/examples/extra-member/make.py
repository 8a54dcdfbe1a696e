"""Two toy detectors as ONNX files, to show how a member is dropped into a bundle: python make.py

They stand for any network that was exported to ONNX. `loudness.onnx` hears two seconds at 24 kHz and answers one
logit; `brightness.onnx` reads a log-mel spectrogram [1, 40, frames] at 16 kHz and answers two. Neither detects
anything: they say that what is quiet, or dull, is fake.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent


def constant(name: str, values) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values, dtype=np.float32), name)


def save(name: str, nodes, inputs, outputs, constants) -> None:
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(HERE / f"{name}.onnx"))


def loudness() -> None:
    """logit = -8 - log(mean(x^2)), of exactly 48,000 samples."""
    nodes = [
        helper.make_node("Mul", ["waveform", "waveform"], ["square"]),
        helper.make_node("ReduceMean", ["square"], ["power"], axes=[1], keepdims=1),
        helper.make_node("Add", ["power", "tiny"], ["positive"]),
        helper.make_node("Log", ["positive"], ["level"]),
        helper.make_node("Sub", ["offset", "level"], ["logit"]),
    ]
    inputs = [helper.make_tensor_value_info("waveform", TensorProto.FLOAT, [1, 48_000])]
    outputs = [helper.make_tensor_value_info("logit", TensorProto.FLOAT, [1, 1])]
    save("loudness", nodes, inputs, outputs, [constant("tiny", 1e-10), constant("offset", -8)])


def brightness() -> None:
    """Two logits: the mean of the upper half of the mel bands for real, of the lower half for fake."""
    halves = np.zeros((40, 2))
    halves[20:, 0] = halves[:20, 1] = 1 / 20
    nodes = [
        helper.make_node("ReduceMean", ["log_mel"], ["bands"], axes=[2], keepdims=0),
        helper.make_node("MatMul", ["bands", "halves"], ["logits"]),
    ]
    inputs = [helper.make_tensor_value_info("log_mel", TensorProto.FLOAT, ["N", 40, "frames"])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 2])]
    save("brightness", nodes, inputs, outputs, [constant("halves", halves)])


if __name__ == "__main__":
    loudness()
    brightness()
