"""Members to ONNX files; a bundle with its manifest from what training found."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as XgbFloat
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType

from .encoder_head import Linear, append_head
from .members import LinearMember
from .svm_graph import with_kernel_products
from .tree_graph import with_plain_trees

OPSET = 15


def feature_member_to_onnx(member, columns: int) -> onnx.ModelProto:
    """Input `features` float32 [n, columns], output `probabilities` float32 [n, 2]: real, fake."""
    if type(member).__name__ == "XGBClassifier":
        model = convert_xgboost(member, initial_types=[("features", XgbFloat([None, columns]))], target_opset=OPSET)
    else:
        model = convert_sklearn(member, initial_types=[("features", FloatTensorType([None, columns]))],
                                target_opset=OPSET, options={id(member): {"zipmap": False}})
    keep = [output for output in model.graph.output if output.name == "probabilities"]
    del model.graph.output[:]
    model.graph.output.extend(keep)
    if any(node.op_type == "SVMClassifier" for node in model.graph.node):
        model = with_kernel_products(model)
    if any(node.op_type == "TreeEnsembleClassifier" for node in model.graph.node):
        model = with_plain_trees(model)
    # The converters name a graph at random, and the same member would be another file each time.
    model.graph.name = "member"
    onnx.checker.check_model(model)
    return model


def waveform_member_to_onnx(member: LinearMember, encoder: onnx.ModelProto) -> onnx.ModelProto:
    """Encoder, pooling and a linear classifier in one graph: waveform [1, n] at 16 kHz -> probabilities [1, 2]."""
    head = Linear(member.coefficients[None], np.array([member.intercept]))
    return append_head(encoder, member.mean, member.scale, [head])


def member_to_onnx(member, columns: int, encoder: onnx.ModelProto) -> onnx.ModelProto:
    """The graph of any member: one that hears is the encoder with its classifier, any other reads so many features."""
    if isinstance(member, LinearMember):
        return waveform_member_to_onnx(member, encoder)
    return feature_member_to_onnx(member, columns)


def write_member(folder: Path, name: str, model: onnx.ModelProto) -> dict:
    """Save the model; returns file name, sha256, input and output for the manifest."""
    data = model.SerializeToString()
    (folder / f"{name}.onnx").write_bytes(data)
    return {"name": name, "file": f"{name}.onnx", "sha256": hashlib.sha256(data).hexdigest(),
            "input": model.graph.input[0].name, "output": "probabilities"}


def feature_entries(definitions: list[dict], rows: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> list[dict]:
    """Manifest entries of the features: moments over all training rows, 10–90 % ranges of each class."""
    mean = np.average(rows, axis=0, weights=weights)
    std = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weights))
    ranges = {value: np.quantile(rows[labels == value], [0.1, 0.9], axis=0) for value in (0, 1)}
    return [
        {"name": d["name"], "title": d["title"], "unit": d["unit"], "mean": _short(mean[i]),
         "std": max(_short(std[i]), 1e-9), "real_range": [_short(v) for v in ranges[0][:, i]],
         "fake_range": [_short(v) for v in ranges[1][:, i]]}
        for i, d in enumerate(definitions)
    ]


def principal_axes(rows: np.ndarray, entries: list[dict], axes: int) -> dict:
    """The leading principal axes of the standardised rows and the variance along each."""
    mean = np.array([entry["mean"] for entry in entries])
    std = np.array([entry["std"] for entry in entries])
    standard = np.clip((rows - mean) / std, -8, 8)
    values, vectors = np.linalg.eigh(np.cov(standard, rowvar=False))
    order = np.argsort(values)[::-1][:axes]
    return {"axes": [[_short(v) for v in vectors[:, i]] for i in order], "variances": [_short(values[i]) for i in order]}


def digest_of_clips(clips: list[dict]) -> str:
    """sha256 over the sorted ids of the clips that were trained on."""
    return hashlib.sha256("\n".join(sorted(clip["id"] for clip in clips)).encode()).hexdigest()


def write_manifest(folder: Path, manifest: dict) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def _short(value: float) -> float:
    return float(f"{value:.6g}")
