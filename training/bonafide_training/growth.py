"""The calibration of models that have seen more sources than those whose scores it is fitted on.

A model that is judged out of fold has seen a part of the sources only, and the fewer it has seen, the less its logits
are worth: Platt's slope falls with them. What ships has seen all. So slope and intercept are fitted at two numbers of
folds, and the straight line through them over the logarithm of the number of sources is followed to all sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class FewerSeen:
    """Scores by models that have seen fewer sources, and how many sources each have seen.

    logits: raw out-of-fold logits [rows] by member, of fewer folds; sources: (theirs, those of the scores that are
    calibrated, all), geometric means over folds.
    """

    logits: dict[str, np.ndarray]
    sources: tuple[float, float, float]

    def follow(self, few: dict[str, float], many: dict[str, float]) -> dict[str, float]:
        """Platt's parameters at all sources, from those at few and at many; those at many where fewer folds showed
        the models no fewer sources."""
        fewer, more, every = np.log(self.sources)
        if more <= fewer:
            return many
        reach = (every - more) / (more - fewer)
        return {name: float(many[name] + reach * (many[name] - few[name])) for name in many}


def sources_seen(clips: list[dict], masks: Iterable[np.ndarray]) -> float:
    """Geometric mean over masks [clips] of the number of sources in them."""
    counts = [len({clip["source"] for clip, keep in zip(clips, mask) if keep}) for mask in masks]
    return float(np.exp(np.mean(np.log(counts))))
