"""One function that judges a detector's clip scores the same way, whoever made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from . import metrics
from . import metrics_calibration as calibration
from . import metrics_sources as by_source
from .evaluation_slices import macro, slices
from .members import logit

SHIPPED_PROFILE = "balanced"
"""The threshold profile that applies when a request names none."""
WORST_COUNT = 10
OF_A_PROFILE = ("inconclusive", "conclusive_fpr", "conclusive_fnr")
SEED = 20260411


def evaluate(
    clips: Sequence[dict],
    scores: Mapping[str, Mapping[str, float]],
    thresholds: Mapping[str, float] | None,
    decisions: Mapping[str, dict] | None = None,
    replicates: int = 1000,
    near_threshold: Mapping[str, float] | None = None,
) -> dict[str, dict]:
    """Judge every system on the same clips. Clips marked `probe` are left out.

    clips: {path, label, probe, source, page_group, generator_key, family, language, codec,
    origin_sample_rate, duration}.
    scores: system -> path -> score, higher = fake. With `thresholds` (profile -> value) scores are calibrated
    probabilities; with None only measures that need no threshold are given. decisions: path -> {status, reasons}
    of the system named `fusion`, by the shipped profile; near_threshold: the limits of that reason, in logits for
    each result, by which the other profiles are judged too.
    """
    judged = [clip for clip in clips if not clip["probe"]]
    return {
        name: evaluate_system(
            judged, by_path, thresholds, decisions if name == "fusion" else None, replicates, near_threshold
        )
        for name, by_path in scores.items()
    }


def evaluate_system(
    clips: Sequence[dict],
    score_by_path: Mapping[str, float],
    thresholds: Mapping[str, float] | None,
    decisions: Mapping[str, dict] | None,
    replicates: int,
    near_threshold: Mapping[str, float] | None = None,
) -> dict:
    """Figures of one system; {clips, error} when its scores do not cover both classes. Arguments as in `evaluate`."""
    scored = [clip for clip in clips if clip["path"] in score_by_path]
    labels = np.array([clip["label"] == "fake" for clip in scored], dtype=bool)
    counts = {"real": int((~labels).sum()), "fake": int(labels.sum()), "without_score": len(clips) - len(scored)}
    if counts["real"] == 0 or counts["fake"] == 0:
        return {"clips": counts, "error": "scores do not cover both classes"}
    values = np.array([score_by_path[clip["path"]] for clip in scored], dtype=np.float64)
    weights = by_source.source_weights([clip["page_group"] for clip in scored], replicates, SEED)
    result = {"clips": counts, **_ranked(scored, values, labels, weights)}
    if thresholds is not None:
        result |= _calibrated(values, labels, weights)
        result["profiles"] = {name: _profile(values, labels, value, weights) for name, value in thresholds.items()}
        result["slices"] = slices(scored, values, labels, thresholds[SHIPPED_PROFILE])
        if decisions:
            given = [decisions.get(clip["path"], {"status": "conclusive", "reasons": []}) for clip in scored]
            result["decisions"] = judge_decisions(values, labels, given, thresholds[SHIPPED_PROFILE], weights)
            if near_threshold is not None:
                for name, threshold in thresholds.items():
                    told = [decision_at(threshold, near_threshold, *one) for one in zip(given, values)]
                    judged = judge_decisions(values, labels, told, 0.5, weights)
                    result["profiles"][name] |= {key: judged[key] for key in OF_A_PROFILE}
    return result


def _ranked(clips: Sequence[dict], values: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> dict:
    """Measures that only need an order of the clips."""
    ranking = metrics.rank(values, labels)
    generators = macro(clips, ranking, "generator_key", weights)
    families = macro(clips, ranking, "family", weights)
    within = by_source.within_source_auc(values, labels, [clip["source"] for clip in clips])
    return {
        "pooled": {
            "eer": metrics.eer(values, labels),
            "eer_interval": by_source.interval(
                lambda row: float(metrics.crossing(*metrics.error_curve(ranking, row))), weights
            ),
            "auc": metrics.auc(values, labels),
            "auc_interval": by_source.interval(lambda row: _weighted_auc(ranking, row), weights),
            "fnr_at_fpr_1_percent": metrics.fnr_at_fpr(values, labels, 0.01),
            "fnr_at_fpr_5_percent": metrics.fnr_at_fpr(values, labels, 0.05),
            **_with_intervals({"min_dcf": metrics.min_dcf, "min_cllr": calibration.min_cllr}, values, labels, weights),
        },
        "macro_generators": generators,
        "macro_families": families,
        "worst_generators": generators["groups"][:WORST_COUNT],
        "within_source": within | {"interval": _within_interval(within)},
    }


def _weighted_auc(ranking: metrics.Ranking, weights: np.ndarray) -> float:
    fpr, fnr = metrics.error_curve(ranking, weights)
    return float(-np.trapezoid(1.0 - fnr, fpr))


def _within_interval(within: dict) -> list[float] | None:
    values = np.array([row["auc"] for row in within["sources"]])
    if values.size < 2:
        return None
    draws = np.random.default_rng(SEED).integers(0, values.size, size=(2000, values.size))
    return [float(edge) for edge in np.percentile(values[draws].mean(axis=1), [2.5, 97.5])]


def _with_intervals(measures: Mapping[str, Callable], values: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> dict:
    """{name, name_interval} of each measure(values, labels); in a replicate a clip stands as often as its source."""
    result = {}
    for name, measure in measures.items():
        result[name] = measure(values, labels)
        result[f"{name}_interval"] = by_source.resampled_interval(measure, values, labels, weights)
    return result


def _calibrated(p_fake: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> dict:
    """Measures that take the score as a probability at even odds."""
    llr = calibration.llr_real_from_p_fake(p_fake)
    return {
        "calibration": {
            **_with_intervals({"act_dcf": metrics.act_dcf, "cllr": calibration.cllr}, llr, labels, weights),
            "min_cllr": calibration.min_cllr(p_fake, labels),
            **_with_intervals({"ece": calibration.ece, "brier": calibration.brier}, p_fake, labels, weights),
            "reliability": calibration.reliability(p_fake, labels),
        }
    }


def _profile(p_fake: np.ndarray, labels: np.ndarray, threshold: float, weights: np.ndarray) -> dict:
    fpr, fnr = metrics.rates_at(p_fake, labels, threshold)
    return {
        "threshold": threshold,
        "fpr": fpr,
        "fpr_interval": by_source.interval(lambda row: metrics.rates_at(p_fake, labels, threshold, row)[0], weights),
        "fnr": fnr,
        "fnr_interval": by_source.interval(lambda row: metrics.rates_at(p_fake, labels, threshold, row)[1], weights),
        "balanced_error": (fpr + fnr) / 2.0,
    }


def decision_at(threshold: float, near_threshold: Mapping[str, float], given: dict, p_fake: float) -> dict:
    """What the product would decide by another threshold: of its reasons only `near_threshold` depends on it.

    That reason holds where the score lies less than the result's limit (logits) beyond the threshold on its side.
    """
    score, limit = logit(np.array([p_fake, threshold]))
    beyond = score - limit
    reasons = [code for code in given["reasons"] if code != "near_threshold"]
    if (beyond < near_threshold["fake"]) if p_fake > 0.5 else (-beyond < near_threshold["real"]):
        reasons.append("near_threshold")
    return {"status": "inconclusive" if reasons else "conclusive", "reasons": reasons}


def judge_decisions(
    p_fake: np.ndarray, labels: np.ndarray, given: Sequence[dict], threshold: float, weights: np.ndarray
) -> dict:
    """Share of inconclusive answers, their reasons, and the errors among conclusive ones at a threshold."""
    open_ = np.array([decision["status"] == "inconclusive" for decision in given])
    both = 0 < labels[~open_].sum() < (~open_).sum()
    reasons = Counter(reason for decision in given for reason in decision["reasons"])

    def measure(at: np.ndarray) -> np.ndarray:
        rest = at[~open_[at]]
        return np.array([open_[at].mean(), *metrics.rates_at(p_fake[rest], labels[rest], threshold)])

    inconclusive, fpr, fnr = measure(np.arange(open_.size))
    draws = [measure(by_source.drawn(row)) for row in weights]
    intervals = [by_source.interval(float, np.array([draw[k] for draw in draws])) for k in range(3)]
    return {
        "inconclusive": float(inconclusive),
        "inconclusive_interval": intervals[0],
        "inconclusive_real": float(open_[~labels].mean()),
        "inconclusive_fake": float(open_[labels].mean()),
        "reasons": dict(reasons.most_common()),
        "conclusive_fpr": _or_none(float(fpr)),
        "conclusive_fpr_interval": intervals[1],
        "conclusive_fnr": _or_none(float(fnr)),
        "conclusive_fnr_interval": intervals[2],
        "conclusive_eer": metrics.eer(p_fake[~open_], labels[~open_]) if both else None,
    }


def _or_none(rate: float) -> float | None:
    return rate if np.isfinite(rate) else None


def probe_scores(clips: Sequence[dict], p_fake: Mapping[str, float], threshold: float) -> list[dict]:
    """How clips marked `probe` (real speech through a codec) are scored, by source and generator."""
    rows: dict[tuple[str, str], list[float]] = {}
    for clip in clips:
        if clip["probe"] and clip["path"] in p_fake:
            rows.setdefault((clip["source"], clip["generator_key"]), []).append(p_fake[clip["path"]])
    return [
        {
            "source": source,
            "generator": generator,
            "n": len(values),
            "mean_p_fake": float(np.mean(values)),
            "called_fake": float(np.mean(np.asarray(values) >= threshold)),
        }
        for (source, generator), values in sorted(rows.items())
    ]
