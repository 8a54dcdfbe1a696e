"""What a longer recording tells more than a short one.

The corpus's clips are of one window each; calls and interviews are of many. Windows of one recording say nearly the
same, so that n of them count as n / (1 + (n - 1) * correlation) independent ones (the design effect, Kish 1965;
correlation is that within classes), and the log odds of a recording are those of its mean window times that. The
correlation, and whether the upper quantile of the windows is worth something beside their mean, are fitted on joined
recordings: out-of-fold windows of clips of one speaker (real, or of one generator) on one page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from .corpus_speakers import speaker_groups
from .dataset import Dataset
from .folds import clip_weights
from .fusion import effective_windows, log_loss, pool_clips

WINDOWS = (1, 2, 4, 8)
"""Of joined recordings; the longest are of half a minute."""
DRAWS = 8
"""Recordings of each length and group of clips."""
SEED = 7
UPPER_QUANTILE = 0.9
UPPER_WEIGHTS = (0.0, 0.125, 0.25)
SINGLE = {"upper_quantile": UPPER_QUANTILE, "upper_weight": 0.0, "correlation": 1.0}
"""Where nothing can be learned of longer recordings: as sure of them as of one window."""


@dataclass(frozen=True)
class Joined:
    """Recordings of one length: rows int [recordings, windows] of the windows; labels int8, weights float64 [recordings]."""

    rows: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


def fit_length(data: Dataset, logits: np.ndarray, rows: np.ndarray) -> dict[str, float]:
    """upper_quantile, upper_weight and correlation of a bundle's `pooling`, of the least log loss on joined recordings.

    logits: out-of-fold window logits [rows]; rows: mask of those that are judged. Slope and intercept of these groups
    are fitted beside, and left aside: the calibration of all clips is another one.
    """
    groups = [group for group in windows_by_speaker(data, rows).values() if len(group) >= max(WINDOWS)]
    if len({int(data.labels[data.clip_of[group[0]]]) for group in groups}) < 2:
        return SINGLE
    joined = [_join(data, groups, windows, np.random.default_rng(SEED)) for windows in WINDOWS]
    fits = [(*_fit_correlation(data, logits, joined, weight), weight) for weight in UPPER_WEIGHTS]
    loss, correlation, weight = min(fits)
    alone, _ = _fit_correlation(data, logits, joined, weight, least=1.0)
    print(f"  longer recordings: correlation {correlation:.2f}, upper weight {weight}; log loss {loss:.3f} ({alone:.3f} "
          f"whatever the length) on {sum(map(len, groups))} clips in {len(groups)} groups", flush=True)
    return {"upper_quantile": UPPER_QUANTILE, "upper_weight": weight, "correlation": round(correlation, 4)}


def windows_by_speaker(data: Dataset, rows: np.ndarray) -> dict[tuple, list[int]]:
    """The first window of each judged clip, by page, generator, class, kind of copy and speaker, where that is known."""
    groups = defaultdict(list)
    for row, clip in first_windows(data, rows):
        speakers = tuple(sorted(speaker_groups(clip.get("speaker"), clip["source"])))
        if speakers:
            groups[clip["source"], clip["generator_key"], clip["label"], clip["variant"], speakers].append(row)
    return groups


def first_windows(data: Dataset, rows: np.ndarray) -> list[tuple[int, dict]]:
    """Of each clip the first row of the mask `rows`, in the order of the rows."""
    chosen = np.flatnonzero(rows)
    _, first = np.unique(data.clip_of[chosen], return_index=True)
    return [(row, data.clips[data.clip_of[row]]) for row in chosen[np.sort(first)]]


def _join(data: Dataset, groups: list[list[int]], windows: int, random: np.random.Generator) -> Joined:
    drawn = [random.permutation(group)[:windows] for group in groups for _ in range(DRAWS)]
    clips = [data.clips[data.clip_of[rows[0]]] for rows in drawn]
    labels = np.array([clip["label"] == "fake" for clip in clips], dtype=np.int8)
    return Joined(np.array(drawn), labels, clip_weights(clips, np.ones(len(clips), bool), 0.5, (0.0, 0.0)))


def _loss(data: Dataset, logits: np.ndarray, joined: list[Joined], upper_weight: float):
    """Mean log loss over lengths as a function of (slope, intercept, correlation)."""
    pooled = [_pooled(data, logits, one.rows, upper_weight) for one in joined]
    spoken = [data.speech_ratio[one.rows].sum(axis=1) for one in joined]

    def loss(parameters: np.ndarray) -> float:
        slope, intercept, correlation = parameters
        return float(np.mean([
            log_loss(effective_windows(speech, correlation) * (slope * mean + intercept), one.labels, one.weights)
            for speech, mean, one in zip(spoken, pooled, joined)
        ]))

    return loss


def _pooled(data: Dataset, logits: np.ndarray, rows: np.ndarray, upper_weight: float) -> np.ndarray:
    recordings, windows = rows.shape
    return pool_clips(logits[rows.ravel()], np.repeat(np.arange(recordings), windows),
                      data.speech_ratio[rows.ravel()].astype(float), recordings, UPPER_QUANTILE, upper_weight)


def _fit_correlation(data: Dataset, logits: np.ndarray, joined: list[Joined], upper_weight: float,
                     least: float = 0.0) -> tuple[float, float]:
    """Log loss, and the correlation of at least `least`."""
    loss = _loss(data, logits, joined, upper_weight)
    found = minimize(loss, [1.0, 0.0, (1 + least) / 2], method="L-BFGS-B", bounds=[(0.01, 10), (-10, 10), (least, 1)])
    return float(found.fun), float(found.x[2])
