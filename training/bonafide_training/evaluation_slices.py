"""Figures by group: each generator and family against all real clips, and error rates by where clips come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from .metrics import Ranking, eer, eer_by_group, rates_at
from .metrics_sources import interval

MIN_GROUP_CLIPS = 5
"""A generator or family with fewer clips is left out of macro figures: its rate would be a coin or two."""
MIN_SLICE_CLIPS = 10
"""A slice shows an equal error rate only with this many clips of both classes."""

SAMPLE_RATE_BANDS = (
    (8000, "up to 8 kHz"),
    (16000, "up to 16 kHz"),
    (24000, "up to 24 kHz"),
    (float("inf"), "above 24 kHz"),
)
DURATION_BANDS = ((1.0, "up to 1 s"), (2.0, "1 to 2 s"), (4.0, "2 to 4 s"), (float("inf"), "above 4 s"))


def band(value: float, bands: Sequence[tuple[float, str]]) -> str:
    """Name of the first band whose upper limit (inclusive) holds the value; the last limit must be infinite."""
    return next(name for limit, name in bands if value <= limit)


def slice_keys(clip: dict) -> dict[str, str]:
    """The slices one clip belongs to: source, language, codec, sample rate band, duration band."""
    return {
        "source": clip["source"],
        "language": clip["language"],
        "codec": clip["codec"],
        "sample_rate": band(clip["origin_sample_rate"], SAMPLE_RATE_BANDS),
        "duration": band(clip["duration"], DURATION_BANDS),
    }


def group_members(clips: Sequence[dict], key: str) -> tuple[list[str], np.ndarray, int]:
    """Fake groups of a key with enough clips: names, boolean (G, n), and the number of clips left out as too few."""
    values = [clip[key] if clip["label"] == "fake" else None for clip in clips]
    counts = Counter(value for value in values if value is not None)
    names = sorted(name for name, count in counts.items() if count >= MIN_GROUP_CLIPS)
    left_out = sum(count for count in counts.values() if count < MIN_GROUP_CLIPS)
    members = np.array([[value == name for value in values] for name in names], dtype=bool)
    return names, members.reshape(len(names), len(clips)), left_out


def macro(clips: Sequence[dict], ranking: Ranking, key: str, weights: np.ndarray) -> dict:
    """Mean over fake groups of the EER of each group against all real clips, with its interval over sources.

    Returns {eer, interval, groups: [{name, family?, n, eer}] worst first, min_clips, left_out_clips}.
    """
    names, members, left_out = group_members(clips, key)
    summary = {"eer": None, "interval": None, "groups": [], "min_clips": MIN_GROUP_CLIPS, "left_out_clips": left_out}
    if not names:
        return summary
    rates = eer_by_group(ranking, members)
    families = {clip[key]: clip["family"] for clip in clips if clip["label"] == "fake"}
    rows = [
        {"name": name, "family": families[name], "n": int(row.sum()), "eer": float(rate)}
        for name, row, rate in zip(names, members, rates)
    ]
    summary["eer"] = float(np.mean(rates))
    summary["interval"] = interval(lambda row: _defined_mean(eer_by_group(ranking, members, row)), weights)
    summary["groups"] = sorted(rows, key=lambda row: -row["eer"])
    return summary


def _defined_mean(values: np.ndarray) -> float:
    defined = values[np.isfinite(values)]
    return float(defined.mean()) if defined.size else float("nan")


def slices(clips: Sequence[dict], p_fake: np.ndarray, labels: np.ndarray, threshold: float) -> dict[str, list[dict]]:
    """FPR and FNR at a threshold by source, language, codec, sample rate and duration.

    Each row: {value, real, fake, fpr, fnr, eer}; a rate is None when its class is absent (EER: too few clips).
    """
    keys = [slice_keys(clip) for clip in clips]
    table: dict[str, list[dict]] = {}
    for dimension in ("source", "language", "codec", "sample_rate", "duration"):
        values = np.array([key[dimension] for key in keys])
        rows = [
            _slice_row(str(value), p_fake[values == value], labels[values == value], threshold)
            for value in np.unique(values)
        ]
        table[dimension] = sorted(rows, key=lambda row: (_band_place(row["value"]), -(row["real"] + row["fake"])))
    return table


def _band_place(value: str) -> int:
    """Bands in their own order; everything else together, to be ordered by size."""
    names = [name for _, name in (*SAMPLE_RATE_BANDS, *DURATION_BANDS)]
    return names.index(value) if value in names else 0


def _slice_row(value: str, p_fake: np.ndarray, labels: np.ndarray, threshold: float) -> dict:
    fake = int(labels.sum())
    real = int(labels.size) - fake
    fpr, fnr = rates_at(p_fake, labels, threshold)
    enough = min(real, fake) >= MIN_SLICE_CLIPS
    return {
        "value": value,
        "real": real,
        "fake": fake,
        "fpr": fpr if real else None,
        "fnr": fnr if fake else None,
        "eer": eer(p_fake, labels) if enough else None,
    }
