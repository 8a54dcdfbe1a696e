"""How far calibrated probabilities can be trusted: Cllr and its minimum, ECE with its table, Brier score."""

from __future__ import annotations

import numpy as np

P_FLOOR = 1e-6
"""Probabilities are kept this far from 0 and 1 before a logarithm is taken."""


def llr_real_from_p_fake(p_fake: np.ndarray, prior_fake: float = 0.5) -> np.ndarray:
    """Natural log-likelihood ratio real : fake of probabilities calibrated at `prior_fake` (Bayes' rule in odds)."""
    p = np.clip(np.asarray(p_fake, dtype=np.float64), P_FLOOR, 1.0 - P_FLOOR)
    return np.log1p(-p) - np.log(p) + np.log(prior_fake) - np.log1p(-prior_fake)


def cllr(llr_real: np.ndarray, labels: np.ndarray) -> float:
    """Cost of log-likelihood ratios in bits; 1 = as good as no answer (Brummer and du Preez 2006, eq. 15)."""
    fake = np.asarray(labels).astype(bool)
    llr = np.asarray(llr_real, dtype=np.float64)
    real_cost = np.mean(np.logaddexp(0.0, -llr[~fake]))
    fake_cost = np.mean(np.logaddexp(0.0, llr[fake]))
    return float((real_cost + fake_cost) / (2.0 * np.log(2.0)))


def pool_adjacent_violators(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Best non-decreasing fit in weighted least squares (Ayer et al. 1955), same shape as `values` (n,)."""
    means: list[float] = []
    masses: list[float] = []
    lengths: list[int] = []
    for value, weight in zip(values, weights):
        mean, mass, length = float(value), float(weight), 1
        while means and means[-1] >= mean:
            previous_mass = masses.pop()
            mean = (means.pop() * previous_mass + mean * mass) / (previous_mass + mass)
            mass += previous_mass
            length += lengths.pop()
        means.append(mean)
        masses.append(mass)
        lengths.append(length)
    return np.repeat(means, lengths)


def min_cllr(scores: np.ndarray, labels: np.ndarray) -> float:
    """Lowest Cllr that any non-decreasing calibration of the scores reaches, in bits (same paper, section 4).

    scores: higher = fake, any scale. Clips with one score share one calibrated value.
    """
    fake = np.asarray(labels).astype(np.float64)
    _, block, size = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True, return_counts=True)
    share_fake = np.bincount(block, weights=fake) / size
    posterior = pool_adjacent_violators(share_fake, size.astype(np.float64))[block]
    prior = fake.mean()
    with np.errstate(divide="ignore"):
        llr_fake = np.log(posterior) - np.log1p(-posterior) - np.log(prior) + np.log1p(-prior)
    return cllr(-llr_fake, labels)


def reliability(p_fake: np.ndarray, labels: np.ndarray, bin_count: int = 10) -> list[dict]:
    """Table of equal-width bins: {low, high, n, mean_p_fake, share_fake}; the means are None in an empty bin."""
    p = np.asarray(p_fake, dtype=np.float64)
    fake = np.asarray(labels).astype(np.float64)
    place = np.minimum((p * bin_count).astype(int), bin_count - 1)
    rows = []
    for index in range(bin_count):
        inside = place == index
        count = int(inside.sum())
        rows.append(
            {
                "low": index / bin_count,
                "high": (index + 1) / bin_count,
                "n": count,
                "mean_p_fake": float(p[inside].mean()) if count else None,
                "share_fake": float(fake[inside].mean()) if count else None,
            }
        )
    return rows


def ece(p_fake: np.ndarray, labels: np.ndarray, bin_count: int = 10) -> float:
    """Expected calibration error: mean gap of the reliability table, weighted by bin size (Guo et al. 2017, eq. 3)."""
    rows = [row for row in reliability(p_fake, labels, bin_count) if row["n"]]
    gaps = sum(row["n"] * abs(row["mean_p_fake"] - row["share_fake"]) for row in rows)
    return float(gaps / sum(row["n"] for row in rows))


def brier(p_fake: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance of the probability from the label, 0..1 (Brier 1950, two classes, one term)."""
    return float(np.mean((np.asarray(p_fake, dtype=np.float64) - np.asarray(labels, dtype=np.float64)) ** 2))
