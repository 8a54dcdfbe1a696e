"""The frozen speech encoder as the bundle has it: which levels, pooled how, stored how small."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import onnx
import onnx.utils

from .encoder_directions import find_directions
from .encoder_graph import EMBEDDING, EncoderSpec, build_encoder
from .encoder_weights import fetch_model, read_variables

LEVELS = ("conv", "1", "2", "3")
POOLINGS = ("mean", "std", "delta_std", "correlations")
DIRECTIONS = 48
FRAME_SEC = 0.02
STRETCHES = (75, 25)
"""Frames: 1.5 s, every 0.5 s. Of 1, 1.5 and 2 s those that told train's spliced clips best."""
# Positions for 5 s: no window is longer than 4.
POSITIONS = 256


def export_encoder(path: Path, cache: Path, heard: Iterable[Path]) -> None:
    """Write the encoder to path, its directions from the recordings `heard`; fetches the weights into cache if need be."""
    variables = read_variables(fetch_model(cache) / "model.bin")
    directions = find_directions(variables, LEVELS, heard, DIRECTIONS)
    spec = EncoderSpec(LEVELS, POOLINGS, "int8", POSITIONS, directions, STRETCHES)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    onnx.save(build_encoder(variables, spec), str(partial))
    partial.replace(path)


def export_without_stretches(encoder: Path, path: Path) -> None:
    """Write to path what embeds a window alone: a tenth less to compute, for the features that training reads."""
    onnx.utils.extract_model(str(encoder), str(path), ["waveform"], [EMBEDDING])
