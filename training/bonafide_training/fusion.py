"""Calibration, fusion and pooling, fitted on out-of-fold scores. The same arithmetic runs in the pipeline."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from .dataset import WINDOW


IDENTITY = {"slope": 1.0, "intercept": 0.0}
"""Platt's parameters that change nothing."""


def log_loss(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean of -log p of what was so, in nats; labels 1 = fake."""
    return float(np.average(np.logaddexp(0.0, np.where(labels == 1, -logits, logits)), weights=weights))


def fit_platt(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    """Slope and intercept of sigmoid(slope * logit + intercept) (Platt 1999), slope >= 0."""
    loss = lambda p: log_loss(p[0] * logits + p[1], labels, weights)
    found = minimize(loss, [1.0, 0.0], method="L-BFGS-B", bounds=[(0.01, 10), (-20, 20)])
    return {"slope": float(found.x[0]), "intercept": float(found.x[1])}


def apply_platt(platt: dict[str, float], logits: np.ndarray) -> np.ndarray:
    """Calibrated logits."""
    return platt["slope"] * logits + platt["intercept"]


def fit_fusion(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray, ridge: float = 1e-3) -> dict:
    """Non-negative weights and intercept over calibrated member logits [n, members] (logistic regression)."""
    members = logits.shape[1]

    def loss(p: np.ndarray) -> float:
        return log_loss(logits @ p[:members] + p[members], labels, weights) + ridge * float((p**2).sum())

    start = np.r_[np.full(members, 1.0 / members), 0.0]
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0, 5)] * members + [(-10, 10)])
    return {"weights": found.x[:members], "intercept": float(found.x[members])}


def apply_fusion(fusion: dict, logits: np.ndarray) -> np.ndarray:
    return logits @ np.asarray(fusion["weights"]) + fusion["intercept"]


def weighted_quantile(values: np.ndarray, weights: np.ndarray, quantile: float) -> float:
    """Quantile of weighted values: linear between the midpoints of their shares of the weight."""
    order = np.argsort(values, kind="stable")
    share = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    return float(np.interp(quantile, share, values[order]))


def pool_clips(logits: np.ndarray, clip_of: np.ndarray, speech: np.ndarray, clips: int, upper_quantile: float,
               upper_weight: float) -> np.ndarray:
    """Clip logits [clips] from window logits: mean + upper_weight * (upper quantile - mean); NaN if no window.

    Mean and quantile are weighted by the share of speech in the window.
    """
    total = np.bincount(clip_of, weights=speech, minlength=clips)
    mean = np.bincount(clip_of, weights=logits * speech, minlength=clips) / np.where(total > 0, total, np.nan)
    if upper_weight == 0:
        return mean
    order = np.argsort(clip_of, kind="stable")
    bounds = np.searchsorted(clip_of[order], np.arange(clips + 1))
    upper = np.array([weighted_quantile(logits[order[a:b]], speech[order[a:b]], upper_quantile) if b > a else np.nan
                      for a, b in zip(bounds[:-1], bounds[1:])])
    return mean + upper_weight * (upper - mean)


def effective_windows(spoken: np.ndarray | float, correlation: float) -> np.ndarray | float:
    """How many independent windows one recording's are worth: n / (1 + (n - 1) correlation) (Kish 1965).

    spoken: its speech in whole windows; less than one counts as one.
    """
    whole = np.maximum(spoken, 1)
    return whole / (1 + (whole - 1) * correlation)


def lengthen(logits: np.ndarray, clip_of: np.ndarray, speech: np.ndarray, correlation: float) -> np.ndarray:
    """Calibrated clip logits [clips] times the effective number of their windows; neighbours count by what is new in them.

    clip_of, speech: clip and share of speech of each window.
    """
    count = np.maximum(np.bincount(clip_of, minlength=len(logits)), 1)
    mean = np.bincount(clip_of, weights=speech, minlength=len(logits)) / count
    covered = 1 + (count - 1) * WINDOW["hop_sec"] / WINDOW["window_sec"]
    return logits * effective_windows(covered * mean, correlation)
