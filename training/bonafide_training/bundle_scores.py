"""Scores of a bundle on windows whose features are in the cache: the product's arithmetic, without its decoding."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from .dataset import AUGMENTATION, Dataset
from .fusion import IDENTITY, apply_fusion, apply_platt, lengthen, pool_clips
from .members import look_logits, mean_look

BATCH_ROWS = 4096
EMBEDDING = "embedding"


def read_manifest(bundle: Path) -> dict:
    return json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))


def score_clips(bundle: Path, data: Dataset) -> dict[str, np.ndarray]:
    """p_fake [clips] of the default ensemble under `fusion`, and of each of its members by name.

    `data` must hold the columns that the bundle names, and the embeddings of the encoder that its waveform member was
    made with. Raises ValueError for a waveform member of another making, and for another test-time augmentation: score
    these by the product.
    """
    manifest = read_manifest(bundle)
    chosen = data.select([feature["name"] for feature in manifest["features"]])
    ensemble = manifest["ensembles"][manifest["default_ensemble"]]
    if "augmentation" not in ensemble:
        chosen = replace(chosen, copies=None)
    elif ensemble["augmentation"] != AUGMENTATION:
        raise ValueError(f"{bundle}: measures recordings at other speeds than the rows in the cache: score it by the product")
    described = {member["name"]: member for member in manifest["members"]}
    logits = {name: _member_logits(bundle, described[name], chosen) for name in ensemble["fusion"]["members"]}
    fusion = {"weights": [ensemble["fusion"]["weights"][name] for name in logits],
              "intercept": ensemble["fusion"]["intercept"]}
    fused = apply_fusion(fusion, np.stack(list(logits.values()), axis=1))
    votes = {**ensemble["pooling"], "calibration": IDENTITY}
    return {"fusion": _of_clips(chosen, fused, ensemble["pooling"]),
            **{name: _of_clips(chosen, values, votes) for name, values in logits.items()}}


def _of_clips(data: Dataset, logits: np.ndarray, pooling: dict) -> np.ndarray:
    """Probabilities [clips] from window logits. Bundles before 1.11 were as sure of many windows as of one."""
    pooled = pool_clips(logits, data.clip_of, data.speech_ratio.astype(float), len(data.clips),
                        pooling["upper_quantile"], pooling["upper_weight"])
    whole = lengthen(apply_platt(pooling["calibration"], pooled), data.clip_of, data.speech_ratio,
                     pooling.get("correlation", 1.0))
    return 1 / (1 + np.exp(-whole))


def _member_logits(bundle: Path, member: dict, data: Dataset) -> np.ndarray:
    path = bundle / member["file"]
    if member["kind"] == "features":
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        rows, copies, name = data.features, data.copies, member["input"]
    else:
        session = onnxruntime.InferenceSession(head_of(path).SerializeToString(), providers=["CPUExecutionProvider"])
        rows, copies, name = data.embeddings, None, EMBEDDING
    answer = lambda asked: np.concatenate([
        session.run([member["output"]], {name: asked[at : at + BATCH_ROWS]})[0][:, 1]
        for at in range(0, len(asked), BATCH_ROWS)
    ])
    return apply_platt(member["calibration"], mean_look(look_logits(answer, rows, copies)))


def head_of(path: Path) -> onnx.ModelProto:
    """The part of a waveform member behind its tensor `embedding`: [n, width] -> probabilities [n, 2]."""
    model = onnx.load(str(path))
    reached, kept = {EMBEDDING}, []
    for node in model.graph.node:
        if any(name in reached for name in node.input):
            kept.append(node)
            reached.update(node.output)
    if "probabilities" not in reached:
        raise ValueError(f"{path}: has no tensor {EMBEDDING} from which its answer follows")
    needed = {name for node in kept for name in node.input}
    constants = [node for node in model.graph.node if node.op_type == "Constant" and set(node.output) & needed]
    graph = helper.make_graph(
        [*constants, *kept], "head", [helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, [None, None])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 2])],
        [each for each in model.graph.initializer if each.name in needed],
    )
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
