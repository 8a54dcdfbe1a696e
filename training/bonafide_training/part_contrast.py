"""By how much a cloned part of some length must stand out of its recording (`limits.partial_contrast`).

Chosen on joined recordings in which nothing is cloned, most of several voices: out-of-fold windows of the real originals
of one page. Models that have seen a recording find its windows more alike than they are, and would choose too low a
limit. A phrase has a limit of its own (`choose_phrase`).
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from .dataset import Dataset
from .recording_length import DRAWS, SEED, first_windows

LENGTHS = (4, 8)
"""Windows of a recording: a quarter and half a minute."""
MAX_SAID = 0.03
"""Share of these recordings, each page counting as much, that may be said to be cloned in part."""
LIMITS = np.arange(1.0, 4.0, 0.05)
USUAL_SLOTS = 10
"""Of recordings with this many slots or fewer the limit is the limit; it grows with their logarithm (cloned-part.ts)."""


def growth_of(slots: int, usual_slots: int) -> float:
    """What a limit is multiplied by in a recording of so many slots (`growthOf`, cloned-part.ts)."""
    return float(np.log(max(slots, usual_slots)) / np.log(usual_slots))


def contrast_of_part(windows: np.ndarray, near_threshold: float) -> float:
    """By how much a part stands out, as the product compares it with the limit (`clonedPart`, cloned-part.ts), in a
    recording joined of these windows (logits), none overlapping; -inf where none is surely cloned or likely real.

    Between two of them the product lays a third, over the joint, which says the mean of both; each slot is the mean of
    the two windows that cover it.
    """
    own = np.repeat(windows, 2)
    beside = np.stack([np.r_[windows[0], windows[:-1]], np.r_[windows[1:], windows[-1]]], axis=1).ravel()
    slots = 0.75 * own + 0.25 * beside
    if slots.max() <= near_threshold or slots.min() >= 0:
        return -np.inf
    return float(slots.max() - slots.mean()) / growth_of(len(slots), USUAL_SLOTS)


def choose_part_contrast(data: Dataset, logits: np.ndarray, near_threshold: float) -> float:
    """The least limit by which at most MAX_SAID of real recordings are said to be cloned in part; the last of LIMITS
    where there is none.

    logits: calibrated out-of-fold window logits [rows]; NaN where a row was not held out.
    """
    random = np.random.default_rng(SEED)
    contrasts, weights = [], []
    for windows in LENGTHS:
        for group in _real_windows(data, np.isfinite(logits)).values():
            draws = DRAWS * (len(group) // windows)
            for _ in range(draws):
                contrasts.append(contrast_of_part(logits[random.permutation(group)[:windows]], near_threshold))
                weights.append(1 / draws)
    if not contrasts:
        return round(float(LIMITS[-1]), 2)
    for limit in LIMITS:
        said = float(np.average(np.array(contrasts) > limit, weights=weights))
        if said <= MAX_SAID:
            print(f"  a cloned part stands out by {limit:.2f}: said of {100 * said:.1f} % of {len(contrasts)} real recordings")
            break
    return round(float(limit), 2)


def _real_windows(data: Dataset, judged: np.ndarray) -> dict[str, list[int]]:
    """The first window of each real original that was judged, by page."""
    pages = defaultdict(list)
    for row, clip in first_windows(data, judged):
        if clip["label"] == "real" and clip["variant"] == "original":
            pages[clip["source"]].append(row)
    return pages
