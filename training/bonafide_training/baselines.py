"""What can be told without listening: a small model on metadata alone, to show how much a shortcut could earn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

from .folds import assign_folds

COLUMNS = ("duration_sec", "sample_rate_hz", "loudness_dbfs", "bandwidth_hz")
"""The baseline's four columns, all of the file as it is stored."""
WATCHED = COLUMNS + ("dc_offset", "peak_dbfs", "leading_silence_sec", "digital_silence_ratio")
"""Columns whose rank correlation with the detector's score is reported."""
FOLDS = 5
SEED = 11


def _balance(clips: Sequence[dict]) -> np.ndarray:
    """Clip weights that give both classes, and inside a class each source, the same say (sum = number of clips)."""
    keys = [(clip["label"], clip["source"]) for clip in clips]
    sizes = Counter(keys)
    weights = np.array([1.0 / sizes[key] for key in keys])
    fake = np.array([clip["label"] == "fake" for clip in clips])
    for side in (fake, ~fake):
        weights[side] *= len(clips) / 2 / weights[side].sum()
    return weights


def _fit_predict(
    train: Sequence[dict], judged: Sequence[dict], metadata: dict[str, dict[str, float]]
) -> dict[str, float]:
    rows = {
        name: np.array([[metadata[clip["path"]][c] for c in COLUMNS] for clip in part])
        for name, part in (("train", train), ("judged", judged))
    }
    model = GradientBoostingClassifier(
        max_depth=3, n_estimators=120, learning_rate=0.06, subsample=0.7, random_state=SEED
    )
    model.fit(rows["train"], [clip["label"] == "fake" for clip in train], sample_weight=_balance(train))
    return dict(zip((clip["path"] for clip in judged), model.predict_proba(rows["judged"])[:, 1].tolist()))


def metadata_scores(
    train: Sequence[dict], dev: Sequence[dict], metadata: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Scores of the metadata-only model: `cv` on train with page groups held out, `dev` fitted on all of train.

    clips: as in `evaluation.evaluate`, with `page_group`. Probes are neither learned from nor scored.
    """
    train = [clip for clip in train if not clip["probe"]]
    dev = [clip for clip in dev if not clip["probe"]]
    folds = min(FOLDS, len({clip["page_group"] for clip in train}))
    fold_of = assign_folds(list(train), folds, SEED)
    out_of_fold: dict[str, float] = {}
    for fold in range(folds):
        held = [clip for clip in train if fold_of[clip["page_group"]] == fold]
        rest = [clip for clip in train if fold_of[clip["page_group"]] != fold]
        out_of_fold |= _fit_predict(rest, held, metadata)
    return {"cv": out_of_fold, "dev": _fit_predict(train, dev, metadata)}


def shortcut_correlations(
    clips: Sequence[dict], p_fake: dict[str, float], metadata: dict[str, dict[str, float]]
) -> list[dict]:
    """Spearman correlation of the score with each watched column inside each class: {column, real, fake}.

    Inside a class, because across classes a column may differ for reasons the detector need not use.
    """
    judged = [clip for clip in clips if not clip["probe"] and clip["path"] in p_fake and clip["path"] in metadata]
    rows = []
    for column in WATCHED:
        row: dict[str, float | str | None] = {"column": column}
        for label in ("real", "fake"):
            side = [clip["path"] for clip in judged if clip["label"] == label]
            row[label] = _spearman(
                np.array([p_fake[path] for path in side]), np.array([metadata[path][column] for path in side])
            )
        rows.append(row)
    return rows


def _spearman(left: np.ndarray, right: np.ndarray) -> float | None:
    if left.size < 10 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return None
    return float(np.corrcoef(_ranks(left), _ranks(right))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks with ties at their mean."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2.0)[place]
