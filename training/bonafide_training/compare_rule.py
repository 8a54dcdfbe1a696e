"""Which conditions changed, and the verdict that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from .compare_clips import Compared
from .metrics import crossing, error_curve, rank
from .metrics_sources import source_weights

MIN_CLIPS = 20
"""Of each class: with fewer a condition says too little to fail a candidate."""
MIN_ADDED_CLIPS = 4
ADDED_GENERATOR = "added, generator "
"""What was added of one generator must be detected better; its other parts fail a candidate by their interval alone."""
FALSE_ALARM = 0.05
"""Chance that any condition at all is called worse or better although none is (Bonferroni over the conditions)."""
SEED = 20260411


def compare_conditions(clips: Sequence[Compared], replicates: int) -> list[dict]:
    """One row a condition: {condition, real, fake, current, candidate, difference, interval, change}.

    Errors are equal error rates. A condition of fakes alone (a family, what was added) is held against the real clips
    of its part; `change` is worse, better or none by the interval of the difference.
    """
    members: dict[str, list[Compared]] = defaultdict(list)
    for clip in clips:
        for name in clip.conditions:
            members[name].append(clip)
    judged = {}
    for name, own in sorted(members.items()):
        part = own[0].conditions[0].split(",")[0]
        least = MIN_ADDED_CLIPS if part == "added" else MIN_CLIPS
        if part == "added":
            # A few real clips of their own are too few to be held against: dev's go with them.
            lacking = [value for value in (0, 1) if sum(clip.label == value for clip in own) < least]
            own = [*own, *(clip for clip in members["dev"] if lacking == [clip.label])]
        elif not any(clip.label == 0 for clip in own):
            own = [*own, *(clip for clip in members[part] if clip.label == 0)]
        if min(sum(clip.label == value for clip in own) for value in (0, 1)) >= least:
            judged[name] = own
    reach = NormalDist().inv_cdf(1 - FALSE_ALARM / 2 / max(1, len(judged)))
    return [{"condition": name, "real": sum(clip.label == 0 for clip in own), "fake": sum(clip.label for clip in own),
             **_difference(own, replicates, reach)} for name, own in judged.items()]


def _difference(clips: Sequence[Compared], replicates: int, reach: float) -> dict:
    """`reach`: standard errors that the interval reaches to each side."""
    labels = np.array([clip.label for clip in clips])
    rankings = [rank(np.array([clip.scores[which] for clip in clips]), labels) for which in (0, 1)]
    weights = source_weights(_units(clips), replicates, SEED)
    current, candidate = (float(crossing(*error_curve(ranking))) for ranking in rankings)
    drawn = crossing(*error_curve(rankings[1], weights)) - crossing(*error_curve(rankings[0], weights))
    drawn = drawn[np.isfinite(drawn)]
    difference, interval = candidate - current, None
    if drawn.size >= replicates // 2:
        width = reach * float(drawn.std(ddof=1))
        interval = [difference - width, difference + width]
    change = "none" if interval is None else "worse" if interval[0] > 0 else "better" if interval[1] < 0 else "none"
    return {"current": current, "candidate": candidate, "difference": difference, "interval": interval, "change": change}


def _units(clips: Sequence[Compared]) -> list[str]:
    """Sources, or single clips where a class has only one source and a draw of sources would be all or nothing."""
    few = {value for value in (0, 1) if len({clip.group for clip in clips if clip.label == value}) < 3}
    return [f"{clip.group} {at}" if clip.label in few else clip.group for at, clip in enumerate(clips)]


def verdict_of(conditions: Sequence[dict]) -> dict:
    """{accepted, reasons}: the rule of compare_bundles on its rows."""
    worse = [row["condition"] for row in conditions if row["change"] == "worse"]
    added = [row for row in conditions if row["condition"].startswith("added")]
    missed = [row["condition"] for row in added if row["difference"] > 0 and row["condition"].startswith(ADDED_GENERATOR)]
    overall = next((row for row in added if row["condition"] == "added"), None)
    gained = overall is None or overall["difference"] < 0
    reasons = [f"worse: {name}" for name in worse] + [f"not better: {name}" for name in missed if name not in worse]
    if not gained and not missed:
        reasons.append("what was added is detected no better")
    if not reasons:
        what = "no condition is worse" + (", what was added is detected better" if overall else "; nothing was held out")
        reasons = [what]
    return {"accepted": not worse and not missed and gained, "reasons": reasons}
