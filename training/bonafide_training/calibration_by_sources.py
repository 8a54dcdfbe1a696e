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
    """Scores by models that have seen fewer sources than those that are calibrated.

    logits: raw out-of-fold logits [rows] by member; few, many, every: sources seen by these models, by those that are
    calibrated, and by what ships (geometric means over folds).
    """

    logits: dict[str, np.ndarray]
    few: float
    many: float
    every: float

    def follow(self, at_few: dict[str, float], at_many: dict[str, float]) -> dict[str, float]:
        """Platt's parameters at every source, from those at few and at many; those at many where they are no more."""
        if self.many <= self.few:
            return at_many
        reach = float(np.log(self.every / self.many) / np.log(self.many / self.few))
        return {name: at_many[name] + reach * (at_many[name] - at_few[name]) for name in at_many}


def sources_seen(clips: list[dict], masks: Iterable[np.ndarray]) -> float:
    """Geometric mean over masks [clips] of the number of sources in them."""
    counts = [len({clip["source"] for clip, keep in zip(clips, mask) if keep}) for mask in masks]
    return float(np.exp(np.mean(np.log(counts))))
