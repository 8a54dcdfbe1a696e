"""An encoder of two numbers, for tests that need the shape of the real one and none of its weights."""

import onnx
from onnx import TensorProto, helper


def toy_encoder(size: str = "Abs") -> onnx.ModelProto:
    """waveform [1, n] -> embedding [1, 2]: mean magnitude (or what else `size` names) and mean power."""
    nodes = [
        helper.make_node(size, ["waveform"], ["size"]),
        helper.make_node("Mul", ["waveform", "waveform"], ["power"]),
        helper.make_node("ReduceMean", ["size"], ["mean_size"], axes=[1], keepdims=1),
        helper.make_node("ReduceMean", ["power"], ["mean_power"], axes=[1], keepdims=1),
        helper.make_node("Concat", ["mean_size", "mean_power"], ["embedding"], axis=1),
    ]
    sound = helper.make_tensor_value_info("waveform", TensorProto.FLOAT, [1, "n"])
    vector = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, 2])
    return helper.make_model(helper.make_graph(nodes, "toy", [sound], [vector]),
                             opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
