"""The members of the ensemble: what each is, how it is fitted, what it answers for a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import expit
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from xgboost import XGBClassifier

from .logistic import fit_logistic

# The SVM's cost grows with the square of its rows: of more than these it sees a weighted draw. The corpus has fewer; out
# of fold a draw of two thirds costs 0.2 points of macro EER, and 0.3 without the encoder.
SVM_MAX_ROWS = 40_000


class Member(Protocol):
    def predict_proba(self, rows: np.ndarray) -> np.ndarray: ...


def fit_xgboost(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, seed: int, **options) -> Member:
    settings = dict(n_estimators=2000, max_depth=3, learning_rate=0.025, subsample=0.6,
                    colsample_bytree=0.2, min_child_weight=4, reg_lambda=8, tree_method="hist", n_jobs=2,
                    random_state=seed)
    return XGBClassifier(**{**settings, **options}).fit(rows, labels, sample_weight=weights)


def fit_random_forest(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, seed: int, **options) -> Member:
    settings = dict(n_estimators=250, max_depth=11, min_samples_leaf=6, max_features=0.12, n_jobs=2,
                    random_state=seed)
    return RandomForestClassifier(**{**settings, **options}).fit(rows, labels, sample_weight=weights)


def draw_rows(weights: np.ndarray, limit: int, seed: int) -> np.ndarray:
    """Row numbers drawn without replacement with probability by weight, at most `limit`, sorted."""
    usable = np.flatnonzero(weights > 0)
    if len(usable) <= limit:
        return usable
    share = weights[usable] / weights[usable].sum()
    return np.sort(np.random.default_rng(seed).choice(usable, limit, replace=False, p=share))


def fit_svm(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, seed: int, max_rows: int = SVM_MAX_ROWS,
            **options) -> Member:
    """RBF SVM on standardised rows; its sigmoid is a fixed link, calibrated properly by the caller."""
    settings = dict(C=3.0, gamma=0.005, cache_size=2000)
    drawn = draw_rows(weights, max_rows, seed)
    scaler = StandardScaler().fit(rows[drawn])
    machine = SVC(**{**settings, **options}).fit(scaler.transform(rows[drawn]), labels[drawn])
    link = CalibratedClassifierCV(FrozenEstimator(machine), method="sigmoid")
    few = drawn[:: max(1, len(drawn) // 4000)]
    link.fit(scaler.transform(rows[few]), labels[few])
    # The converter to ONNX does not know the frozen wrapper; what it wraps is fitted already.
    link.estimator = machine
    for calibrated in link.calibrated_classifiers_:
        calibrated.estimator = machine
    return Pipeline([("scale", scaler), ("svm", link)])


@dataclass(frozen=True)
class LinearMember:
    """sigmoid((row - mean) / scale . coefficients + intercept) over embeddings [n, d]."""

    mean: np.ndarray
    scale: np.ndarray
    coefficients: np.ndarray
    intercept: float

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        """float64 [n, 2]: real, fake."""
        slope = self.coefficients / self.scale
        fake = expit(rows @ slope.astype(np.float32) + (self.intercept - self.mean @ slope))
        return np.stack([1 - fake, fake], axis=1)


def fit_linear(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, seed: int, ridge: float = 0.6) -> LinearMember:
    """Ridge logistic regression on standardised embeddings; `seed` is there for the common signature alone."""
    mean, scale = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64) + 1e-6
    standard = ((rows - mean) / scale).astype(np.float32)
    coefficients, intercept = fit_logistic(standard, labels, weights, ridge)
    return LinearMember(mean, scale, coefficients, intercept)


def logit(probability: np.ndarray) -> np.ndarray:
    """Log odds; the clamp is the pipeline's (packages/pipeline/src/ensemble)."""
    clipped = np.clip(probability.astype(np.float64), 1e-4, 1 - 1e-4)
    return np.log(clipped / (1 - clipped))


def look_logits(answer: Callable[[np.ndarray], np.ndarray], rows: np.ndarray, copies: np.ndarray | None) -> np.ndarray:
    """Log odds [n, 1 + k] of what a member answers to each row and then to its copies, NaN where there are none.

    answer: p_fake [m] of rows [m, c]; rows: float32 [n, c]; copies: float32 [n, k, c], NaN where there are none, or None.
    """
    looks = [rows] if copies is None else [rows, *np.moveaxis(copies, 1, 0)]
    found = np.full((len(rows), len(looks)), np.nan)
    for number, look in enumerate(looks):
        measured = np.isfinite(look).all(axis=1)
        if measured.any():
            found[measured, number] = logit(answer(look[measured]))
    return found


def mean_look(logits: np.ndarray) -> np.ndarray:
    """[n]: of logits [n, 1 + k] the mean of those that there are; NaN where the first is missing."""
    there = np.isfinite(logits)
    means = np.where(there, logits, 0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return np.where(there[:, 0], means, np.nan)
