"""Measures that respect where clips come from: AUC within a source, and intervals by resampling sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .metrics import auc


def within_source_auc(scores: np.ndarray, labels: np.ndarray, sources: Sequence[str], min_per_class: int = 4) -> dict:
    """AUC inside each source that holds at least `min_per_class` clips of both classes.

    Returns {mean, weighted, sources: [{source, real, fake, auc}]}: `mean` counts each source once, `weighted`
    counts each by its number of real-fake pairs. Both are None when no source qualifies.
    """
    labels = np.asarray(labels).astype(bool)
    names = np.asarray(sources)
    rows = []
    for name in sorted(set(names.tolist())):
        inside = names == name
        fake, real = int(labels[inside].sum()), int((~labels[inside]).sum())
        if min(fake, real) >= min_per_class:
            rows.append({"source": name, "real": real, "fake": fake, "auc": auc(scores[inside], labels[inside])})
    if not rows:
        return {"mean": None, "weighted": None, "sources": []}
    values = np.array([row["auc"] for row in rows])
    pairs = np.array([row["real"] * row["fake"] for row in rows], dtype=np.float64)
    return {"mean": float(values.mean()), "weighted": float((values * pairs).sum() / pairs.sum()), "sources": rows}


def source_weights(sources: Sequence[str], replicates: int, seed: int) -> np.ndarray:
    """Bootstrap weights (replicates, n): each replicate draws as many sources as there are, with replacement.

    A clip weighs as often as its source was drawn, so clips of a source stand or fall together.
    """
    names, place = np.unique(np.asarray(sources), return_inverse=True)
    draws = np.random.default_rng(seed).multinomial(names.size, np.full(names.size, 1.0 / names.size), size=replicates)
    return draws[:, place].astype(np.float64)


def interval(measure: Callable[[np.ndarray], float], weights: np.ndarray) -> list[float] | None:
    """95 % percentile interval of measure(one row of weights); None when under half of the rows give a number."""
    values = np.array([measure(row) for row in weights], dtype=np.float64)
    values = values[np.isfinite(values)]
    if values.size < max(2, len(weights) // 2):
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return [float(low), float(high)]


def drawn(weights: np.ndarray) -> np.ndarray:
    """Places of the clips of one replicate, each as often as its source was drawn."""
    return np.repeat(np.arange(weights.size), weights.astype(int))


def resampled_interval(
    measure: Callable[[np.ndarray, np.ndarray], float], values: np.ndarray, labels: np.ndarray, weights: np.ndarray
) -> list[float] | None:
    """`interval` of measure(values, labels) over the clips of each replicate; those without both classes tell nothing."""
    fake = np.asarray(labels).astype(bool)

    def one(row: np.ndarray) -> float:
        at = drawn(row)
        return measure(values[at], fake[at]) if 0 < fake[at].sum() < at.size else np.nan

    return interval(one, weights)
