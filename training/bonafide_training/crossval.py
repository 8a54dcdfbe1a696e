"""Out-of-fold scores of every member: what calibration, fusion and every choice are made on."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from .dataset import Dataset
from .folds import clip_weights, fold_masks, row_weights
from .members import Member, logit

# fit(rows, labels, weights, seed) -> Member
Fit = Callable[..., Member]


def out_of_fold(data: Dataset, rows: np.ndarray, fit: Fit, fold_of: dict[str, int], seed: int, power: float = 0.5,
                twin_share: float = 0.3, usable: np.ndarray | None = None) -> np.ndarray:
    """Raw logits [rows] of validation rows, each by the model that saw nothing of its group; NaN elsewhere.

    rows: float32 [n, c] inputs of this member; usable: clip mask of what may be trained on.
    """
    scores = np.full(len(data.clip_of), np.nan)
    row_labels = data.labels[data.clip_of]
    for fold in sorted(set(fold_of.values())):
        started = time.time()
        train, validation = fold_masks(data, fold_of, fold)
        if usable is not None:
            train = train & usable
        weights = row_weights(data, clip_weights(data, train, power, twin_share))
        keep = data.rows_of(train)
        member = fit(rows[keep], row_labels[keep], weights[keep], seed)
        held = data.rows_of(validation)
        scores[held] = logit(member.predict_proba(rows[held])[:, 1])
        print(f"  fold {fold}: {keep.sum()} rows in training, {held.sum()} held out, {time.time() - started:.0f} s", flush=True)
    return scores
