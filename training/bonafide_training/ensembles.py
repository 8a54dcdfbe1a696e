"""Platt, fusion and pooling of the two ensembles, from out-of-fold logits of every member."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .calibration_by_sources import FewerSeen
from .dataset import AUGMENTATION, Dataset, write_jsonl
from .folds import clip_weights, is_validation, row_weights
from .fusion import IDENTITY, apply_fusion, apply_platt, fit_fusion, fit_platt, lengthen, pool_clips
from .members import mean_look
from .metrics import eer, generator_macro_eer
from .recording_length import fit_length

CLASSIC = ("xgboost", "random_forest", "svm")
AUGMENTED = "full"
"""The ensemble whose windows are measured at the speeds of AUGMENTATION besides: the classic one gains nothing by it."""


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def fit_ensembles(data: Dataset, scores: dict[str, np.ndarray], fewer: FewerSeen | None = None) -> dict:
    """Calibration of each member, fusion and pooling of `full` and `classic`, scores of windows and clips by both.

    scores: raw out-of-fold logits [rows, looks] by member, of each window as it is and then at the speeds of AUGMENTATION
    where the member looks at features; NaN where a row was not held out. `full` fuses their means, `classic` the first.
    With `fewer` the clips' calibration is that of models that have seen all sources.
    """
    judged = np.array([is_validation(clip) for clip in data.clips])
    labels = data.labels[data.clip_of]
    clip_weight = clip_weights(data.clips, judged, 0.5, (0.0, 0.0))
    weight = row_weights(data, clip_weight)
    result = {"platt": {}, "ensembles": {}, "window_logits": {}, "clip_p": {}, "member_p": {}, "validation": {},
              "judged": judged}
    for name, values in scores.items():
        plain = values[:, 0]
        rows = data.rows_of(judged) & np.isfinite(plain)
        result["platt"][name] = fit_platt(plain[rows], labels[rows], weight[rows])
    for ensemble, members in (("full", tuple(scores)), ("classic", CLASSIC)):
        stacked, rows = _stacked(data, result, members, _seen_by(ensemble, scores))
        fusion = fit_fusion(stacked[rows], labels[rows], weight[rows])
        fused = apply_fusion(fusion, stacked)
        length = fit_length(data, fused, rows)
        pooled = _pool(data, fused, rows, length)
        calibration = _calibration(data, pooled, clip_weight)
        if fewer:
            stacked, few_rows = _stacked(data, result, members, _seen_by(ensemble, fewer.logits))
            of_fewer = _pool(data, apply_fusion(fusion, stacked), few_rows, length)
            calibration = fewer.follow(_calibration(data, of_fewer, clip_weight), calibration)
        pooling = {**length, "calibration": calibration}
        result["window_logits"][ensemble] = np.where(rows, apply_platt(calibration, fused), np.nan)
        result["clip_p"][ensemble] = _probabilities(data, fused, rows, pooling)
        result["ensembles"][ensemble] = {
            "fusion": {"members": list(members), "weights": dict(zip(members, map(float, fusion["weights"]))),
                       "intercept": fusion["intercept"]},
            "pooling": pooling,
            **({"augmentation": AUGMENTATION} if ensemble == AUGMENTED else {}),
        }
        _report(ensemble, data, pooled, fusion)
    _vote(data, result, _seen_by(AUGMENTED, scores))
    return result


def _seen_by(ensemble: str, scores: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Raw logits [rows] by member as the ensemble takes them."""
    return {name: mean_look(values) if ensemble == AUGMENTED else values[:, 0] for name, values in scores.items()}


def _vote(data: Dataset, result: dict, scores: dict[str, np.ndarray]) -> None:
    """What each member says of the clips, and its error on originals."""
    pooling = {**result["ensembles"]["full"]["pooling"], "calibration": IDENTITY}
    for name, values in scores.items():
        rows = data.rows_of(result["judged"]) & np.isfinite(values)
        votes = _probabilities(data, apply_platt(result["platt"][name], values), rows, pooling)
        seen = np.isfinite(votes) & (data.column("kind") == "original")
        result["member_p"][name] = votes
        result["validation"][name] = {"eer": eer(votes[seen], data.labels[seen])}
        print(f"  {name}: {100 * result['validation'][name]['eer']:.1f} %")


def _stacked(data: Dataset, fitted: dict, members: tuple[str, ...],
             scores: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated logits [rows, members] of raw ones by member; the mask of judged rows for which each member answered."""
    stacked = np.stack([apply_platt(fitted["platt"][name], scores[name]) for name in members], axis=1)
    return stacked, data.rows_of(fitted["judged"]) & np.isfinite(stacked).all(axis=1)


def _calibration(data: Dataset, pooled: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    seen = np.isfinite(pooled)
    return fit_platt(pooled[seen], data.labels[seen], weight[seen])


def _report(ensemble: str, data: Dataset, pooled: np.ndarray, fusion: dict) -> None:
    """Out-of-fold errors of the originals and of their degraded copies."""
    generators, kind = data.column("generator_key"), data.column("kind")
    for what in ("original", "channel"):
        part = np.isfinite(pooled) & (kind == what)
        if part.any():
            pooled_eer = eer(pooled[part], data.labels[part])
            macro = generator_macro_eer(pooled[part], data.labels[part], generators[part])
            print(f"{ensemble}, {what}: out-of-fold EER {100 * pooled_eer:.1f} %, macro {100 * macro:.1f} %", flush=True)
    print(f"  weights {np.round(fusion['weights'], 2)}")


def _pool(data: Dataset, logits: np.ndarray, rows: np.ndarray, pooling: dict) -> np.ndarray:
    return pool_clips(logits[rows], data.clip_of[rows], data.speech_ratio[rows].astype(float), len(data.clips),
                      pooling["upper_quantile"], pooling["upper_weight"])


def _probabilities(data: Dataset, logits: np.ndarray, rows: np.ndarray, pooling: dict) -> np.ndarray:
    """Probabilities [clips] of being fake, from window logits; NaN where no window is of `rows`."""
    calibrated = apply_platt(pooling["calibration"], _pool(data, logits, rows, pooling))
    return sigmoid(lengthen(calibrated, data.clip_of[rows], data.speech_ratio[rows], pooling["correlation"]))


def score_rows_of(data: Dataset, fitted: dict, path: Path) -> None:
    """scores-cv.jsonl for the evaluation: one line a judged clip or degraded copy."""
    full, classic = fitted["clip_p"]["full"], fitted["clip_p"]["classic"]
    chosen = np.flatnonzero(fitted["judged"] & np.isfinite(full))
    write_jsonl(path, [
        {"path": data.clips[i]["clip"], "kind": "original" if data.clips[i]["kind"] == "original" else "degraded",
         "p_fake": float(full[i]), "classic": float(classic[i]),
         "members": {name: float(p[i]) for name, p in fitted["member_p"].items()}}
        for i in chosen
    ])
