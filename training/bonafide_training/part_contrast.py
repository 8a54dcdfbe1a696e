"""By how much a cloned part of some length must stand out of its recording (`limits.partial_contrast`).

Chosen on joined recordings in which nothing is cloned: out-of-fold windows of the real originals of one speaker on one
page. Models that have seen a recording find its windows more alike than they are, and would choose too low a limit. A
phrase has a limit of its own (`choose_partial`).
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from .dataset import Dataset
from .recording_length import DRAWS, SEED, windows_by_speaker

LENGTHS = (4, 8)
"""Windows of a recording: a quarter and half a minute."""
MAX_SAID = 0.03
"""Share of these recordings, each page counting as much, that may be said to be cloned in part."""
LIMITS = np.arange(1.0, 4.0, 0.05)
USUAL_SLOTS = 10
"""Of recordings with this many slots or fewer the limit is the limit; it grows with their logarithm (segments.ts)."""


def standing_out(slots: np.ndarray, near_threshold: float, around: np.ndarray, usual_slots: int) -> float:
    """By how much what stands out most does so, as the product compares it with a limit (`clonedPart`, segments.ts).

    slots: logits [n]; around: bool [n, n], which slots are the surroundings of each. -inf where no slot is surely cloned
    beside one that is likely real.
    """
    contrasts = [slots[at] - slots[around[at]].mean() for at in np.flatnonzero(slots > near_threshold)
                 if slots[around[at]].min() < 0]
    growth = np.log(max(len(slots), usual_slots)) / np.log(usual_slots)
    return float(max(contrasts) / growth) if contrasts else -np.inf


def contrast_of_part(windows: np.ndarray, near_threshold: float) -> float:
    """That of a part, in a recording joined of these windows (logits), none overlapping.

    Between two of them the product lays a third, over the joint, which says the mean of both; each slot is the mean of
    the two windows that cover it.
    """
    own = np.repeat(windows, 2)
    beside = np.stack([np.r_[windows[0], windows[:-1]], np.r_[windows[1:], windows[-1]]], axis=1).ravel()
    slots = 0.75 * own + 0.25 * beside
    return standing_out(slots, near_threshold, np.ones((len(slots), len(slots)), bool), USUAL_SLOTS)


def choose_part_contrast(data: Dataset, logits: np.ndarray, near_threshold: float) -> float:
    """The least limit by which at most MAX_SAID of real recordings are said to be cloned in part; the last of LIMITS
    where there is none.

    logits: calibrated out-of-fold window logits [rows]; NaN where a row was not held out.
    """
    random = np.random.default_rng(SEED)
    real = [group for (_, _, label, variant, _), group in windows_by_speaker(data, np.isfinite(logits)).items()
            if label == "real" and variant == "original"]
    contrasts, pages = [], []
    for windows in LENGTHS:
        for group in real:
            for _ in range(DRAWS if len(group) >= windows else 0):
                contrasts.append(contrast_of_part(logits[random.permutation(group)[:windows]], near_threshold))
                pages.append((windows, data.clips[data.clip_of[group[0]]]["source"]))
    if not contrasts:
        return round(float(LIMITS[-1]), 2)
    count = Counter(pages)
    weights = [1 / count[page] for page in pages]
    for limit in LIMITS:
        said = float(np.average(np.array(contrasts) > limit, weights=weights))
        if said <= MAX_SAID:
            print(f"  a cloned part stands out by {limit:.2f}: said of {100 * said:.1f} % of {len(contrasts)} real recordings")
            break
    return round(float(limit), 2)
