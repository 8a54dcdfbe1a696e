"""Thresholds of the profiles, chosen on out-of-fold scores, and the limits of the decision."""

from __future__ import annotations

import numpy as np

from .dataset import Dataset


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


def choose_limits() -> dict[str, float]:
    """Limits in the units of the report; near_threshold is in logits."""
    return {
        "min_speech_sec": 1.0, "min_bandwidth_hz": 3000.0, "min_snr_db": 3.0, "max_clipping": 0.05, "max_music": 0.6,
        "max_speaker_change": 2.8, "max_distance": 2.5, "max_disagreement": 0.75, "near_threshold": 0.8,
        "partial_high": 0.85, "partial_low": 0.2,
    }
