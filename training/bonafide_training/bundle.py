"""A bundle: the members' files and the manifest that describes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from . import export
from .dataset import WINDOW, Dataset
from .encoder import FRAME_SEC, STRETCHES
from .encoder_graph import STRETCH_EMBEDDINGS
from .encoder_weights import LICENCE_TEXT
from .ensembles import CLASSIC
from .feature_table import definitions_of

LOCALIZATION = {
    "member": "whisper_encoder", "output": "stretch_probabilities",
    "window_sec": STRETCHES[0] * FRAME_SEC, "hop_sec": STRETCHES[1] * FRAME_SEC,
    "contrast": 2.2,
}
"""Stretches in which a cloned phrase is looked for; the contrast was chosen on recordings of `train` that the models had
not seen (`node setup/python.mjs bonafide_training.choose_phrase`)."""
FEATURE_VERSION = "2"
AXES = 24


def assemble(folder: Path, data: Dataset, members: dict, weights: np.ndarray, fitted: dict, *, thresholds: dict,
             limits: dict, version: str, created_at: str, seed: int, encoder: Path) -> dict:
    """Write every member into `folder`; returns the manifest, which makes a bundle of them when it is written too."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = export.feature_entries(definitions_of(data.names), data.features, data.labels[data.clip_of],
                                     weights)
    heard = onnx.load(str(encoder))
    described = [_member(folder, name, member, data, fitted, heard) for name, member in members.items()]
    originals = [clip for clip in data.clips if clip["kind"] == "original"]
    manifest = {
        "format": 1, "version": version, "created_at": created_at, "feature_version": FEATURE_VERSION, **WINDOW,
        "features": entries, "members": described,
        "best_member": min(fitted["validation"], key=lambda name: fitted["validation"][name]["eer"]),
        "default_ensemble": "full", "ensembles": fitted["ensembles"], "thresholds": thresholds, "limits": limits,
        # The encoder of an older cache embeds no stretches.
        **({"localization": LOCALIZATION} if STRETCH_EMBEDDINGS in {one.name for one in heard.graph.output} else {}),
        "distribution": export.principal_axes(data.features, entries, AXES),
        "training": {
            "fitted_on": sorted({clip["split"] for clip in data.clips}), "seed": seed,
            "clips": len(data.clips), "windows": len(data.clip_of), "originals": len(originals),
            "digest": export.digest_of_clips(data.clips),
            "clips_by_kind": {kind: int(np.sum(data.column("kind") == kind)) for kind in sorted(set(data.column("kind")))},
        },
    }
    (folder / "NOTICE").write_text(LICENCE_TEXT)
    return manifest


def _member(folder: Path, name: str, member, data: Dataset, fitted: dict, encoder: onnx.ModelProto) -> dict:
    kind = ({"kind": "features", "columns": len(data.names)} if name in CLASSIC
            else {"kind": "waveform", "sample_rate": 16000})
    written = export.write_member(folder, name, export.member_to_onnx(member, len(data.names), encoder))
    return {**written, **kind, "calibration": fitted["platt"][name], "validation": fitted["validation"][name]}
