"""Directions along which a level's frames move within a window: what second-order pooling looks along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from .corpus_audio import WORK_RATE_HZ, active_rms, load, resample
from .encoder_graph import EncoderSpec, Variables, build_encoder
from .encoder_mel import SAMPLE_RATE_HZ

LEVEL_RMS = 10 ** (-23 / 20)
HEARD_SEC = 4
EVERY_FRAME = 4  # neighbours, 20 ms apart, say all but the same


def find_directions(variables: Variables, levels: Sequence[str], paths: Iterable[Path], count: int) -> dict[str, np.ndarray]:
    """Float32 [512, count] a level: frames less their window's mean, each dimension by its deviation over all the
    recordings, along the principal axes of what remains, the largest variance first.
    """
    model = build_encoder(variables, EncoderSpec(tuple(levels), (), position_count=50 * HEARD_SEC + 50))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    heard = [session.run(None, {"waveform": samples[None]}) for samples in _sounds(paths)]
    return {
        level: _axes([frames[at][::EVERY_FRAME] for frames in heard], count)
        for at, level in enumerate(levels)
    }


def _sounds(paths: Iterable[Path]) -> Iterator[np.ndarray]:
    for path in paths:
        samples = load(path)[: HEARD_SEC * WORK_RATE_HZ]
        level = LEVEL_RMS / active_rms(samples)
        yield resample(samples, WORK_RATE_HZ, SAMPLE_RATE_HZ).astype(np.float32) * np.float32(level)


def _axes(windows: list[np.ndarray], count: int) -> np.ndarray:
    deviation = np.concatenate(windows).std(axis=0, dtype=np.float64) + 1e-6
    moved = np.concatenate([window - window.mean(axis=0) for window in windows]) / deviation
    vectors = np.linalg.eigh(moved.T @ moved / len(moved))[1]
    return (vectors[:, ::-1][:, :count] / deviation[:, None]).astype(np.float32)
