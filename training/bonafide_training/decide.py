"""Thresholds of the profiles, chosen on out-of-fold scores, and the limits of the decision."""

from __future__ import annotations

import numpy as np

from .dataset import Dataset
from .members import logit
from .part_contrast import choose_part_contrast


def choose_thresholds(data: Dataset, fitted: dict) -> dict[str, float]:
    """recall: 5 % of fakes missed; balanced: even odds of calibrated scores; precision: 2 % of real clips accused."""
    score = fitted["clip_p"]["full"]
    seen = fitted["judged"] & np.isfinite(score)
    real, fake = score[seen & (data.labels == 0)], score[seen & (data.labels == 1)]
    return {
        "recall": round(min(0.5, float(np.quantile(fake, 0.05))), 4),
        "balanced": 0.5,
        "precision": round(max(0.5, float(np.quantile(real, 0.98))), 4),
    }


MAX_CONCLUSIVE_FPR = 0.05
MAX_NEAR_SHARE = 0.28
"""Share of clips that may be inconclusive for being near the threshold; other reasons add to it."""
ACCUSED = 4 / 3
"""What it costs to accuse an honest speaker, where a clone that is let through costs 1."""
SIDELESS_SHARE = 0.25
"""Parts of a recording that score as near to even odds as this share of clips are on neither side."""


MIN_BIT_RATE = {"opus": 22_000}
"""Bits a second by codec: of real copies of train by Opus at no more than 20 kbit/s, 38 % of the conclusive answers, out
of fold, say cloned; at 24 to 48 kbit/s 11 to 17 %, as by other codecs."""


def choose_near_threshold(data: Dataset, fitted: dict) -> dict[str, float]:
    """The least distances from even odds, in logits, beyond which an answer is conclusive, for each result.

    By Chow's rule (doi 10.1109/TIT.1970.1054406): no answer is the cheapest where it costs less than the likely error, so
    that "cloned" takes p_fake > 1 - c / ACCUSED and "real" p_fake < c, with c the cost of no answer. c is the highest
    by which at most 5 % of real originals with a conclusive answer are called fake, or at most MAX_NEAR_SHARE of all
    originals stay without one.
    """
    margin, real = _margins(data, fitted)
    chosen = _limits_at(0.5)
    for cost in np.arange(0.5, 0.0, -0.001):
        limits = _limits_at(cost)
        conclusive = ~is_near(margin, limits)
        if np.mean(~conclusive) > MAX_NEAR_SHARE:
            break
        chosen = limits
        if np.sum(real & conclusive & (margin > 0)) <= MAX_CONCLUSIVE_FPR * np.sum(real & conclusive):
            break
    return chosen


def near_threshold_of(limits: dict) -> dict[str, float]:
    """A manifest's limits of the reason `near_threshold`, in logits, for each result; bundles before 1.14 have one for both."""
    return limits.get("near_threshold_by_result") or dict.fromkeys(("real", "fake"), limits["near_threshold"])


def is_near(margins: np.ndarray, limits: dict[str, float]) -> np.ndarray:
    """Which scores, in logits from even odds, lie nearer to them than the limit of their result."""
    return np.where(margins > 0, margins < limits["fake"], -margins < limits["real"])


def _limits_at(cost: float) -> dict[str, float]:
    real, fake = -logit(np.array([cost, cost / ACCUSED]))
    return {"real": round(float(real), 2), "fake": round(float(fake), 2)}


def _margins(data: Dataset, fitted: dict) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the originals' out-of-fold scores, and which of them are real."""
    score = fitted["clip_p"]["full"]
    seen = fitted["judged"] & np.isfinite(score) & (data.column("kind") == "original")
    return logit(score[seen]), data.labels[seen] == 0


def choose_limits(data: Dataset, fitted: dict) -> dict[str, float | dict[str, float]]:
    """Limits in the units of the report; those near the threshold are in logits."""
    near = round(float(np.quantile(np.abs(_margins(data, fitted)[0]), SIDELESS_SHARE)), 2)
    return {
        "min_speech_sec": 1.0, "min_bandwidth_hz": 3000.0, "min_snr_db": 3.0, "max_clipping": 0.05, "max_music": 0.6,
        "min_bit_rate": MIN_BIT_RATE, "max_speaker_change": 2.8, "max_distance": 2.5, "max_disagreement": 0.75,
        "near_threshold": near, "near_threshold_by_result": choose_near_threshold(data, fitted),
        "partial_contrast": choose_part_contrast(data, fitted["window_logits"]["full"], near),
    }
