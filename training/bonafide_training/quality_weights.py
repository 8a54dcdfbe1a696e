"""Weights of the frozen quality encoder: the convolutions of DistillMOS, a network that was distilled from a large
self-supervised model to hear how good speech sounds (Stahl and Gamper, 2025, "Distillation and pruning for scalable
self-supervised representation-based speech quality assessment"; MIT licence of Microsoft)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .encoder_weights import MIT_TERMS
from .packaged_weights import Packaged, fetch_packaged
from .torch_archive import read_checkpoint

MODEL = Packaged(
    wheel="distillmos==0.9.1",
    folder="distillmos/weights/",
    file="distill_mos_v7.pt",
    sha256="b18b3ac60227267cfb91e5d00ce22cc7b73716fd92f269484da1446e27031a40",
)
LICENCE_NOTICE = "DistillMOS, Copyright (c) Microsoft Corporation, MIT License"
LICENCE_TEXT = f"""quality_encoder.onnx holds weights of DistillMOS ("Distillation and Pruning for Scalable
Self-Supervised Representation-Based Speech Quality Assessment"), under this licence:

MIT License

Copyright (c) Microsoft Corporation.

{MIT_TERMS}"""


def read_variables(cache: Path) -> dict[str, np.ndarray]:
    """Weights by their names in the checkpoint; fetched into `cache` if need be. Raises WeightsError."""
    return read_checkpoint(fetch_packaged(MODEL, cache / "quality-encoder"))["model"]
