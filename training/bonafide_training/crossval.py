"""Out-of-fold scores of every member: what calibration, fusion and every choice are made on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from .dataset import Dataset
from .folds import training_weights
from .members import Member, look_logits

# fit(rows, labels, weights, seed) -> Member
Fit = Callable[..., Member]
Split = tuple[np.ndarray, np.ndarray]


def out_of_fold(data: Dataset, rows: np.ndarray, fit: Fit, splits: Sequence[Split], seed: int,
                copies: np.ndarray | None = None) -> np.ndarray:
    """Raw logits [rows, looks] of validation rows, each by the model that did not see it in training; NaN elsewhere.

    rows: float32 [n, c] inputs of this member; splits: clip masks (train, validation) a fold; copies: see `look_logits`.
    """
    scores = np.full((len(data.clip_of), 1 if copies is None else 1 + copies.shape[1]), np.nan)
    row_labels = data.labels[data.clip_of]
    for fold, (train, validation) in enumerate(splits):
        started = time.time()
        weights = training_weights(data, train)
        keep, held = data.rows_of(train), data.rows_of(validation)
        member = fit(rows[keep], row_labels[keep], weights[keep], seed)
        answer = lambda asked, member=member: member.predict_proba(asked)[:, 1]
        scores[held] = look_logits(answer, rows[held], None if copies is None else copies[held])
        print(f"  fold {fold}: {keep.sum()} rows in training, {held.sum()} held out, "
              f"{time.time() - started:.0f} s", flush=True)
    return scores
