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
MAX_NEAR_SHARE = 0.25
"""Share of clips that may be inconclusive for being near the threshold; other reasons add to it."""


def choose_near_threshold(data: Dataset, fitted: dict) -> float:
    """The least distance from even odds, in logits, beyond which at most 5 % of real originals are called fake; at
    most the distance within which a quarter of all originals lie."""
    score = fitted["clip_p"]["full"]
    seen = fitted["judged"] & np.isfinite(score) & (data.column("kind") == "original")
    margin, real = logit(score[seen]), data.labels[seen] == 0
    most = float(np.quantile(np.abs(margin), MAX_NEAR_SHARE))
    for limit in np.arange(0.0, most, 0.05):
        conclusive = real & (np.abs(margin) >= limit)
        if conclusive.any() and np.mean(margin[conclusive] > 0) <= MAX_CONCLUSIVE_FPR:
            return round(float(limit), 2)
    return round(most, 2)


def choose_limits(data: Dataset, fitted: dict) -> dict[str, float]:
    """Limits in the units of the report; near_threshold is in logits."""
    near = choose_near_threshold(data, fitted)
    return {
        "min_speech_sec": 1.0, "min_bandwidth_hz": 3000.0, "min_snr_db": 3.0, "max_clipping": 0.05, "max_music": 0.6,
        "max_speaker_change": 2.8, "max_distance": 2.5, "max_disagreement": 0.75,
        "near_threshold": near, "partial_contrast": choose_part_contrast(data, fitted["window_logits"]["full"], near),
    }
