"""Statistics over time that turn a level's frames, of one or more stretches of the same length [N, T, 512], into rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from bonafide_training.encoder_nodes import Nodes

# mean, std: over all frames. delta_std: of the difference between neighbours (20 ms apart).
# slow_std: of the running mean over CONTEXT_FRAMES. fast_rms: of what departs from that mean.
# correlations: how the level's directions (encoder_directions) move together, in the frames and in their differences.
POOLINGS = ("mean", "std", "delta_std", "slow_std", "fast_rms", "correlations")
CONTEXT_FRAMES = 9  # 180 ms, about a syllable
LEAST_VARIANCE = 1e-8


def row_width(pooling: str, frame_width: int, directions: int) -> int:
    """Columns of one level's row: of k directions k(k-1)/2 correlations and k log deviations, twice."""
    return directions * (directions + 1) if pooling == "correlations" else frame_width


def pool(nodes: Nodes, frames: str, poolings: Sequence[str], directions: np.ndarray | None = None) -> list[str]:
    """Add the nodes of the named statistics (population deviations); one tensor [N, columns] each.

    directions: float32 [512, k], what `correlations` looks along.
    """
    rows = []
    for pooling in poolings:
        if pooling == "correlations":
            rows.append(_correlations(nodes, frames, directions))
        else:
            rows.append(_row(nodes, _STATISTICS[pooling](nodes, frames)))
    return rows


def _correlations(nodes: Nodes, frames: str, directions: np.ndarray) -> str:
    moved = nodes.op("MatMul", frames, nodes.tensor(directions) if nodes.weights == "fp32" else nodes.half(directions))
    parts = [part for x in (moved, _differences(nodes, moved)) for part in _second_order(nodes, x, directions.shape[1])]
    return nodes.op("Concat", *parts, axis=1)


def _second_order(nodes: Nodes, x: str, count: int) -> tuple[str, str]:
    """Correlations above the diagonal, row by row [N, k(k-1)/2], and log deviations [N, k] of x [N, T, k]."""
    centred = nodes.op("Sub", x, _mean(nodes, x))
    deviation = nodes.op("Sqrt", nodes.op("Max", _mean(nodes, nodes.op("Mul", centred, centred)),
                                          nodes.scalar(LEAST_VARIANCE)))
    standard = nodes.op("Div", centred, deviation)
    frames = nodes.op("Cast", nodes.op("Shape", x, start=1, end=2), to=TensorProto.FLOAT)
    products = nodes.op("Div", nodes.op("MatMul", nodes.op("Transpose", standard, perm=[0, 2, 1]), standard), frames)
    rows, columns = np.triu_indices(count, 1)
    flat = nodes.op("Reshape", products, nodes.ints(0, -1))
    return nodes.op("Gather", flat, nodes.ints(*(rows * count + columns)), axis=1), _row(nodes, nodes.op("Log", deviation))


def _row(nodes: Nodes, x: str) -> str:
    return nodes.op("Squeeze", x, nodes.ints(1))


def _mean(nodes: Nodes, x: str) -> str:
    return nodes.op("ReduceMean", x, nodes.ints(1), keepdims=1)


def _rms(nodes: Nodes, x: str) -> str:
    return nodes.op("Sqrt", _mean(nodes, nodes.op("Mul", x, x)))


def _std(nodes: Nodes, x: str) -> str:
    return _rms(nodes, nodes.op("Sub", x, _mean(nodes, x)))


def _differences(nodes: Nodes, x: str) -> str:
    axis, end = nodes.ints(1), nodes.ints(2**31 - 1)
    return nodes.op("Sub", nodes.op("Slice", x, nodes.ints(1), end, axis),
                    nodes.op("Slice", x, nodes.ints(0), nodes.ints(-1), axis))


def _running_mean(nodes: Nodes, x: str) -> str:
    rows = nodes.op("Transpose", x, perm=[0, 2, 1])
    half = CONTEXT_FRAMES // 2
    smooth = nodes.op("AveragePool", rows, kernel_shape=[CONTEXT_FRAMES], pads=[half, half], strides=[1])
    return nodes.op("Transpose", smooth, perm=[0, 2, 1])


# Of frames [N, T, columns] to [N, 1, columns].
_STATISTICS = {
    "mean": _mean,
    "std": _std,
    "delta_std": lambda nodes, frames: _std(nodes, _differences(nodes, frames)),
    "slow_std": lambda nodes, frames: _std(nodes, _running_mean(nodes, frames)),
    "fast_rms": lambda nodes, frames: _rms(nodes, nodes.op("Sub", frames, _running_mean(nodes, frames))),
}
