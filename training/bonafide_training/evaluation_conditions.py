"""How the detector stands degraded audio and recordings of which only a part is cloned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import metrics
from . import metrics_calibration as calibration
from .evaluation import SHIPPED_PROFILE, evaluate_system
from .evaluation_input import decisions_of, kinds_of
from .evaluation_slices import group_members

NO_REPLICATES = 0


def headline(figures: dict) -> dict:
    """The few numbers of a system that fit one table row; {clips, error} stays as it is."""
    if "error" in figures:
        return figures
    row = {
        "clips": figures["clips"],
        "macro_eer": figures["macro_generators"]["eer"],
        "pooled_eer": figures["pooled"]["eer"],
        "auc": figures["pooled"]["auc"],
        "within_source_auc": figures["within_source"]["mean"],
    }
    if "profiles" in figures:
        shipped = figures["profiles"][SHIPPED_PROFILE]
        row |= {"fpr": shipped["fpr"], "fnr": shipped["fnr"], "ece": figures["calibration"]["ece"]}
    return row


def judge_conditions(
    clips: Sequence[dict], rows: Sequence[dict], clean: Sequence[dict], thresholds: dict[str, float]
) -> list[dict]:
    """One row a condition: its figures, and the macro EER of the same clips untouched beside it.

    rows: scores of degraded clips with `kind`; clean: scores of originals. Returns [{condition, ..., clean_macro_eer,
    inconclusive, conclusive_fpr, conclusive_fnr}].
    """
    whole = [clip for clip in clips if not clip["probe"]]
    # A rare generator does not come to count by being copied.
    counted, _, _ = group_members(whole, "generator_key")
    judged = {
        clip["path"]: clip if clip["generator_key"] in counted else {**clip, "generator_key": None} for clip in whole
    }
    table = kinds_of(rows)
    untouched = {row["path"]: row["p_fake"] for row in [*clean, *table.pop("original", [])]}
    result = []
    for condition, part in sorted(table.items()):
        # A clip may have several copies of one kind: each counts as a clip of its own.
        copies = [(f"{row['path']}#{number}", row) for number, row in enumerate(part) if row["path"] in judged]
        inside = [{**judged[row["path"]], "path": name} for name, row in copies]
        scores = {name: row["p_fake"] for name, row in copies}
        same = {name: untouched[row["path"]] for name, row in copies if row["path"] in untouched}
        figures = headline(evaluate_system(inside, scores, thresholds, None, NO_REPLICATES))
        reference = headline(evaluate_system(inside, same, thresholds, None, NO_REPLICATES))
        beside = {f"clean_{key}": reference.get(key) for key in ("macro_eer", "pooled_eer")}
        decided = _of_conclusive(inside, scores, decisions_of([{**row, "path": name} for name, row in copies]), thresholds)
        result.append({"condition": condition, **figures, **beside, **decided})
    return result


def _of_conclusive(
    copies: Sequence[dict], scores: dict[str, float], decisions: dict[str, dict], thresholds: dict[str, float]
) -> dict:
    """Share of copies without a conclusive answer, and the errors of those with one; {} where no answer is told."""
    told = [copy for copy in copies if copy["path"] in decisions]
    if not told:
        return {}
    conclusive = [copy for copy in told if decisions[copy["path"]]["status"] == "conclusive"]
    errors = _errors([(scores[copy["path"]], copy["label"]) for copy in conclusive], thresholds[SHIPPED_PROFILE])
    return {
        "inconclusive": 1 - len(conclusive) / len(told),
        "conclusive_fpr": errors["fpr"],
        "conclusive_fnr": errors["fnr"],
    }


def judge_spliced(rows: Sequence[dict]) -> dict | None:
    """Segment-level EER and AUC on spliced clips, and how often `partially_cloned` is said of each kind of clip.

    Segments without a score (no speech) are left out. None when there are no rows with both classes of segment.
    """
    segments = [
        segment
        for row in rows
        if row["label"] == "spliced"
        for segment in row["segments"]
        if segment["p_fake"] is not None
    ]
    scores = np.array([segment["p_fake"] for segment in segments])
    labels = np.array([segment["label"] in (1, "fake") for segment in segments], dtype=bool)
    if labels.size == 0 or labels.all() or not labels.any():
        return None
    return {
        "clips": {label: sum(row["label"] == label for row in rows) for label in ("spliced", "real", "fake")},
        "segments": {"real": int((~labels).sum()), "fake": int(labels.sum())},
        "segment_eer": metrics.eer(scores, labels),
        "segment_auc": metrics.auc(scores, labels),
        "said_partially_cloned": {
            label: _share(rows, label, "partially_cloned") for label in ("spliced", "real", "fake")
        },
    }


def judge_long(rows: Sequence[dict], clean: Sequence[dict], threshold: float) -> dict | None:
    """Recordings of half a minute beside the very clips that they are made of, each judged alone.

    rows: scores of the recordings with their `clips`; clean: scores of originals. None where there are no such rows.
    """
    if not rows:
        return None
    alone = {row["path"]: row["p_fake"] for row in clean}
    parts = [(alone[path], row["label"]) for row in rows for path in row["clips"] if path in alone]
    conclusive = [row for row in rows if row["decision"]["status"] == "conclusive"]
    return {
        "recordings": {label: sum(row["label"] == label for row in rows) for label in ("real", "fake")},
        "sources": len({row["source"] for row in rows}),
        **_errors([(row["p_fake"], row["label"]) for row in rows], threshold),
        "clips_alone": {"clips": len(parts), **_errors(parts, threshold)},
        "inconclusive": 1 - len(conclusive) / len(rows),
        "conclusive": {
            "recordings": len(conclusive),
            **_errors([(row["p_fake"], row["label"]) for row in conclusive], threshold),
        },
        "said_partially_cloned": {label: _share(rows, label, "partially_cloned") for label in ("real", "fake")},
    }


def _errors(scored: Sequence[tuple[float, str]], threshold: float) -> dict:
    """EER, FPR and FNR at the threshold, and Cllr; null where a class is missing."""
    scores = np.array([p_fake for p_fake, _ in scored])
    labels = np.array([label == "fake" for _, label in scored], dtype=bool)
    if labels.size == 0 or labels.all() or not labels.any():
        return {"eer": None, "fpr": None, "fnr": None, "cllr": None}
    called = scores >= threshold
    return {
        "eer": metrics.eer(scores, labels),
        "fpr": float(called[~labels].mean()),
        "fnr": float((~called[labels]).mean()),
        "cllr": calibration.cllr(calibration.llr_real_from_p_fake(scores), labels),
    }


def _share(rows: Sequence[dict], label: str, field: str) -> float | None:
    values = [bool(row[field]) for row in rows if row["label"] == label and field in row]
    return float(np.mean(values)) if values else None
