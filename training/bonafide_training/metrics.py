"""Error measures of a detector, on scores where higher means fake (label 1) and lower means real (label 0).

A clip is called fake when its score is at or above the threshold. The false positive rate (FPR) is the
share of real clips called fake, the false negative rate (FNR) the share of fake clips called real.
Every function takes optional weights >= 0 a clip, so that a bootstrap is a change of weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

P_SPOOF = 0.05
"""Prior of a fake in the detection cost (ASVspoof 5 evaluation plan, section on track 1)."""
COST_MISS = 1.0
"""Cost of a real clip rejected (same plan: the target class is real speech)."""
COST_FALSE_ACCEPT = 10.0
"""Cost of a fake clip accepted as real (same plan)."""


@dataclass(frozen=True)
class Ranking:
    """Scores sorted once, so that curves for many weightings cost a cumulative sum each.

    thresholds: ascending distinct scores followed by +inf, shape (T,); cuts: number of clips below each.
    """

    labels: np.ndarray
    order: np.ndarray
    cuts: np.ndarray
    thresholds: np.ndarray

    def share_below(self, weights: np.ndarray) -> np.ndarray:
        """Share of the weight that lies below each threshold, shape (..., T); NaN where a row weighs nothing.

        weights: shape (..., n) in the order of the scores.
        """
        running = np.cumsum(weights[..., self.order], axis=-1)
        total = running[..., -1:]
        below = np.concatenate([np.zeros_like(total), running], axis=-1)[..., self.cuts]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, below / total, np.nan)


def rank(scores: np.ndarray, labels: np.ndarray) -> Ranking:
    """Sort scores (n,) with labels (n,) of 0 and 1. Raises ValueError on unequal lengths or scores not finite."""
    scores = np.asarray(scores, dtype=np.float64)
    labels = np.asarray(labels).astype(bool)
    if scores.shape != labels.shape or scores.ndim != 1 or scores.size == 0:
        raise ValueError("scores and labels must be two equally long, non-empty lists")
    if not np.all(np.isfinite(scores)):
        raise ValueError("a score is not finite")
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(ordered)) + 1, [scores.size]])
    return Ranking(labels, order, cuts, np.concatenate([ordered[cuts[:-1]], [np.inf]]))


def error_curve(ranking: Ranking, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """FPR (falling from 1 to 0) and FNR (rising from 0 to 1) at `ranking.thresholds`, both of shape (T,)."""
    base = np.ones(ranking.labels.size) if weights is None else np.asarray(weights, dtype=np.float64)
    fpr = 1.0 - ranking.share_below(base * ~ranking.labels)
    fnr = ranking.share_below(base * ranking.labels)
    return fpr, fnr


def crossing(fpr: np.ndarray, fnr: np.ndarray) -> np.ndarray:
    """Rate at which FPR and FNR are equal, on the straight line between the two operating points around it.

    This is the interpolated ROC, not its convex hull (which would never be higher). Shapes (..., T) -> (...).
    """
    fpr, fnr = np.broadcast_arrays(fpr, fnr)
    gap = fnr - fpr
    after = np.argmax(gap >= 0, axis=-1)[..., None]
    before = np.maximum(after - 1, 0)
    gap_before = np.take_along_axis(gap, before, -1)
    gap_after = np.take_along_axis(gap, after, -1)
    span = np.where(gap_after > gap_before, gap_after - gap_before, 1.0)
    share = np.where(gap_after > gap_before, -gap_before / span, 0.0)
    fnr_before = np.take_along_axis(fnr, before, -1)
    rate = fnr_before + share * (np.take_along_axis(fnr, after, -1) - fnr_before)
    return np.where(np.isnan(gap[..., 0]), np.nan, rate[..., 0])


def eer(scores: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Equal error rate, 0..1 (see `crossing`); NaN when a class is absent."""
    return float(crossing(*error_curve(rank(scores, labels), weights)))


def eer_by_group(ranking: Ranking, fake_groups: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """EER of each group of fake clips against all real clips, shape (G,).

    fake_groups: boolean (G, n), true where a clip belongs to the group; NaN for a group without weight.
    """
    base = np.ones(ranking.labels.size) if weights is None else np.asarray(weights, dtype=np.float64)
    fpr = 1.0 - ranking.share_below(base * ~ranking.labels)
    return crossing(fpr, ranking.share_below(fake_groups * base))


LEAST_CLIPS_OF_GENERATOR = 5


def generator_macro_eer(scores: np.ndarray, labels: np.ndarray, generators: np.ndarray) -> float:
    """Mean over generators of at least five clips of the EER of each against all real clips; 0..1, NaN without any."""
    names, counts = np.unique(generators[labels == 1], return_counts=True)
    named = [name for name, count in zip(names, counts) if name and count >= LEAST_CLIPS_OF_GENERATOR]
    if not named:
        return float("nan")
    groups = np.array([(generators == name) & (labels == 1) for name in named])
    return float(np.nanmean(eer_by_group(rank(scores, labels), groups)))


def auc(scores: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Area under the ROC curve: chance that a fake scores above a real clip, ties counting half."""
    fpr, fnr = error_curve(rank(scores, labels), weights)
    return float(-np.trapezoid(1.0 - fnr, fpr))


def fnr_at_fpr(scores: np.ndarray, labels: np.ndarray, max_fpr: float) -> float:
    """Lowest FNR among the operating points whose FPR is at most `max_fpr`, without interpolation."""
    fpr, fnr = error_curve(rank(scores, labels))
    allowed = fpr <= max_fpr + 1e-12
    return float(np.min(fnr[allowed])) if np.any(allowed) else float("nan")


def rates_at(
    scores: np.ndarray, labels: np.ndarray, threshold: float, weights: np.ndarray | None = None
) -> tuple[float, float]:
    """FPR and FNR when clips with a score at or above `threshold` are called fake; NaN for an absent class."""
    fake = np.asarray(labels).astype(bool)
    called_fake = np.asarray(scores, dtype=np.float64) >= threshold
    base = np.ones(fake.size) if weights is None else np.asarray(weights, dtype=np.float64)
    real_weight, fake_weight = base[~fake].sum(), base[fake].sum()
    fpr = base[~fake & called_fake].sum() / real_weight if real_weight > 0 else np.nan
    fnr = base[fake & ~called_fake].sum() / fake_weight if fake_weight > 0 else np.nan
    return float(fpr), float(fnr)


def _dcf(fpr: np.ndarray | float, fnr: np.ndarray | float) -> np.ndarray | float:
    """Detection cost of ASVspoof 5, normalised by the cheaper of the two blind decisions (1 = no better than blind)."""
    miss, accept = COST_MISS * (1.0 - P_SPOOF), COST_FALSE_ACCEPT * P_SPOOF
    return (miss * fpr + accept * fnr) / min(miss, accept)


def min_dcf(scores: np.ndarray, labels: np.ndarray) -> float:
    """Lowest normalised detection cost over all thresholds. In the plan's words a miss is a real clip rejected."""
    return float(np.min(_dcf(*error_curve(rank(scores, labels)))))


def act_dcf(llr_real: np.ndarray, labels: np.ndarray) -> float:
    """Normalised detection cost at the Bayes threshold, for log-likelihood ratios ln p(x|real)/p(x|fake).

    Real is decided when the ratio reaches -ln(Cmiss (1 - Pspoof) / (Cfa Pspoof)) (ASVspoof 5 evaluation plan).
    """
    beta = COST_MISS * (1.0 - P_SPOOF) / (COST_FALSE_ACCEPT * P_SPOOF)
    fake = np.asarray(labels).astype(bool)
    called_real = np.asarray(llr_real) >= -np.log(beta)
    return float(_dcf(float(np.mean(~called_real[~fake])), float(np.mean(called_real[fake]))))
