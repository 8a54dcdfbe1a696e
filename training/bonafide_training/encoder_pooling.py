"""Statistics over time that turn a level's frames [T, 512] into rows [1, 512]."""

from __future__ import annotations

from collections.abc import Sequence

from bonafide_training.encoder_nodes import Nodes

# mean, std: over all frames. delta_std: of the difference between neighbours (20 ms apart).
# slow_std: of the running mean over CONTEXT_FRAMES. fast_rms: of what departs from that mean.
POOLINGS = ("mean", "std", "delta_std", "slow_std", "fast_rms")
CONTEXT_FRAMES = 9  # 180 ms, about a syllable


def pool(nodes: Nodes, frames: str, poolings: Sequence[str]) -> list[str]:
    """Add the nodes of the named statistics (population deviations); one tensor [1, 512] each."""
    rows = []
    for pooling in poolings:
        if pooling == "mean":
            rows.append(_mean(nodes, frames))
        elif pooling == "std":
            rows.append(_std(nodes, frames))
        elif pooling == "delta_std":
            rows.append(_std(nodes, _differences(nodes, frames)))
        elif pooling == "slow_std":
            rows.append(_std(nodes, _running_mean(nodes, frames)))
        elif pooling == "fast_rms":
            rows.append(_rms(nodes, nodes.op("Sub", frames, _running_mean(nodes, frames))))
        else:
            raise ValueError(f"unknown pooling {pooling}")
    return rows


def _mean(nodes: Nodes, x: str) -> str:
    return nodes.op("ReduceMean", x, nodes.ints(0), keepdims=1)


def _rms(nodes: Nodes, x: str) -> str:
    return nodes.op("Sqrt", _mean(nodes, nodes.op("Mul", x, x)))


def _std(nodes: Nodes, x: str) -> str:
    return _rms(nodes, nodes.op("Sub", x, _mean(nodes, x)))


def _differences(nodes: Nodes, x: str) -> str:
    axis, end = nodes.ints(0), nodes.ints(2**31 - 1)
    return nodes.op("Sub", nodes.op("Slice", x, nodes.ints(1), end, axis),
                    nodes.op("Slice", x, nodes.ints(0), nodes.ints(-1), axis))


def _running_mean(nodes: Nodes, x: str) -> str:
    rows = nodes.op("Unsqueeze", nodes.op("Transpose", x, perm=[1, 0]), nodes.ints(0))
    half = CONTEXT_FRAMES // 2
    smooth = nodes.op("AveragePool", rows, kernel_shape=[CONTEXT_FRAMES], pads=[half, half], strides=[1])
    return nodes.op("Transpose", nodes.op("Squeeze", smooth, nodes.ints(0)), perm=[1, 0])
