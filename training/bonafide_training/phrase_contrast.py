"""By how much a phrase stands out of what is around it, as the product compares it with `localization.contrast`."""

from __future__ import annotations

import numpy as np

from .part_contrast import growth_of

LENGTH_SEC = (2.0, 6.0)
REACH_SEC = 6.0
USUAL_VARIANCE = 3.0
USUAL_SLOTS = 20
ROUNDING_SEC = 1e-6


def contrast_of_phrase(logits: np.ndarray, lengths_sec: np.ndarray, middles_sec: np.ndarray, near_threshold: float) -> float:
    """That of the phrase which stands out most (`clonedPhrase`, cloned-phrase.ts); -inf where there is none.

    logits, lengths_sec, middles_sec: float64 [slots] of a fine timeline, in order, those that tell nothing left out.
    """
    weighed = np.stack([lengths_sec, lengths_sec * logits, lengths_sec * logits**2])
    up_to = np.concatenate([np.zeros((3, 1)), np.cumsum(weighed, axis=1)], axis=1)
    least, most = LENGTH_SEC[0] - ROUNDING_SEC, LENGTH_SEC[1] + ROUNDING_SEC
    best = -np.inf
    for start in range(len(logits)):
        ends = np.arange(start + 1, len(logits) + 1)
        phrase = up_to[:, ends] - up_to[:, [start]]
        first = np.searchsorted(middles_sec, middles_sec[start] - REACH_SEC - ROUNDING_SEC)
        last = np.searchsorted(middles_sec, middles_sec[ends - 1] + REACH_SEC + ROUNDING_SEC, side="right")
        around = up_to[:, last] - up_to[:, [first]] - phrase
        fits = (phrase[0] >= least) & (phrase[0] <= most) & (around[0] >= least)
        length, total, square = phrase[:, fits]
        beside, sum_beside, square_beside = around[:, fits]
        mean, mean_beside = total / length, sum_beside / beside
        variance = np.maximum(square_beside / beside - mean_beside**2, 0)
        stands = (mean > near_threshold) & (mean_beside < near_threshold)
        contrasts = (mean - mean_beside) * np.sqrt(USUAL_VARIANCE / (USUAL_VARIANCE + variance))
        best = max(best, contrasts[stands].max(initial=-np.inf))
    return float(best) / growth_of(len(logits), USUAL_SLOTS)
