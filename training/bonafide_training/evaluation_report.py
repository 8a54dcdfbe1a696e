"""The whole evaluation of a bundle as one JSON document, from the scores that training left in its cache."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import evaluation_input as given
from .baselines import metadata_scores, shortcut_correlations
from .evaluation import SHIPPED_PROFILE, evaluate, probe_scores
from .evaluation_conditions import headline, judge_conditions, judge_long, judge_spliced
from .evaluation_corpus import describe_corpus
from .evaluation_slices import MIN_GROUP_CLIPS

LEAK_EER = 0.08
"""Below this an unseen-source error is taken for a leak until shown otherwise."""
SHORTCUT_EER = 0.40
"""A metadata-only model with a lower error shows that the corpus offers a shortcut."""
FALLBACK_THRESHOLDS = {SHIPPED_PROFILE: 0.5}
"""Even odds, where neither training nor a bundle says otherwise."""

MEASURES = {
    "eer": "equal error rate on the linearly interpolated ROC; pooled over clips",
    "macro_generators": "mean over generators (canonical keys) of the EER of each against all real clips; "
    f"generators of at least {MIN_GROUP_CLIPS} clips",
    "macro_families": f"the same over families of generators (at least {MIN_GROUP_CLIPS} clips)",
    "within_source": "AUC inside each source with at least 4 clips of both classes; mean counts each source once",
    "min_dcf": "normalised detection cost of ASVspoof 5 (Pspoof 0.05, Cmiss 1, Cfa 10) at the best threshold",
    "act_dcf": "the same at the Bayes threshold, scores taken as probabilities at even odds",
    "min_t_dcf": "not applicable: there is no speaker verifier to combine with",
    "intervals": "95 % percentiles over bootstrap replicates that draw page groups (sources), never clips",
    "fpr": "share of real clips called fake",
    "fnr": "share of fake clips called real",
}


@dataclass(frozen=True)
class Options:
    """corpus, cache and bundle are folders; replicates: bootstrap draws for `dev` (a fifth of them for `cv`)."""

    corpus: Path
    cache: Path
    bundle: Path
    replicates: int


def build_report(
    options: Options,
    metadata: Mapping[str, dict[str, float]],
    outside: Mapping[str, Mapping[str, float]],
    live: Sequence[dict],
) -> dict:
    """Judge all there is: protocols, outside detectors, baselines, probes, conditions, spliced clips, recordings of half a minute.

    metadata: path -> stored properties (`baselines_metadata`). outside: name -> path -> score of other detectors
    (higher = fake). live: score rows of dev clips from the shipped bundle, or empty. What training
    has not written is null.
    """
    clips = given.load_judged_clips(options.corpus)
    parts = {split: [clip for clip in clips if clip["split"] == split] for split in ("train", "dev")}
    thresholds = given.load_thresholds(options.cache, options.bundle) or FALLBACK_THRESHOLDS
    rows = {protocol: given.load_score_rows(options.cache, protocol) for protocol in given.PROTOCOLS}
    originals = {protocol: given.kinds_of(part).get("original", []) for protocol, part in rows.items()}
    same = {split: clips_scored(parts[split], originals[protocol]) for split, protocol in (("train", "cv"), ("dev", "dev"))}
    near = given.load_near_threshold(options.bundle)
    report = {
        "format": 1,
        "measures": MEASURES,
        "corpus": describe_corpus(options.corpus, clips),
        "thresholds": thresholds,
        "protocols": {
            "cv": judge_protocol(parts["train"], originals["cv"], thresholds, options.replicates // 5, near),
            "dev": judge_protocol(parts["dev"], originals["dev"], thresholds, options.replicates, near),
            "random": judge_protocol(parts["train"], originals["random"], thresholds, options.replicates // 5),
            "shipped_on_dev": judge_protocol(parts["dev"], live, thresholds, 0),
        },
        "dev_by_novelty": judge_novelty(parts["dev"], originals["dev"], thresholds, options.replicates),
        "outside": judge_outside(same, outside, options.replicates),
        "baselines": judge_baselines(parts, same, metadata, options.replicates),
        "shortcuts": shortcut_correlations(parts["dev"], scores_of(originals["dev"]), metadata),
        "probes": probe_scores(clips, scores_of([*originals["cv"], *originals["dev"]]), thresholds[SHIPPED_PROFILE]),
        "degraded": {
            split: judge_conditions(parts[split], rows[protocol], [], thresholds)
            for split, protocol in (("train", "cv"), ("dev", "dev"))
        },
        "robustness": judge_conditions(parts["dev"], rows["robustness"], originals["dev"], thresholds),
        "spliced": judge_spliced(given.load_score_rows(options.cache, "spliced")),
        "long": judge_long(
            given.load_score_rows(options.cache, "long"), originals["dev"], thresholds[SHIPPED_PROFILE]
        ),
    }
    report["leakage_gap"] = leakage_gap(report["protocols"])
    report["warnings"] = warnings_of(report)
    return without_nan(report)


def clips_scored(clips: Sequence[dict], rows: Sequence[dict]) -> Sequence[dict]:
    """The clips that have a score of ours, so that others are judged on the same ones; all of them without any."""
    paths = {row["path"] for row in rows}
    return [clip for clip in clips if clip["path"] in paths] if paths else clips


def scores_of(rows: Sequence[dict]) -> dict[str, float]:
    """path -> score of the full ensemble."""
    return {row["path"]: row["p_fake"] for row in rows}


def judge_protocol(
    clips: Sequence[dict],
    rows: Sequence[dict],
    thresholds: dict[str, float],
    replicates: int,
    near_threshold: dict[str, float] | None = None,
) -> dict | None:
    """Every system of one protocol; None when training has not written it."""
    if not rows:
        return None
    return evaluate(clips, given.systems_of(rows), thresholds, given.decisions_of(rows), replicates, near_threshold)


def judge_novelty(
    dev: Sequence[dict], rows: Sequence[dict], thresholds: dict[str, float], replicates: int
) -> dict | None:
    """dev's real clips against its fakes of generators that train knows, and of those it does not."""
    if not rows:
        return None
    systems = {name: scores for name, scores in given.systems_of(rows).items() if name in ("fusion", "classic")}
    result = {}
    for name, known in (("known_generators", True), ("unknown_generators", False)):
        side = [clip for clip in dev if clip["label"] == "real" or clip["generator_known"] == known]
        figures = evaluate(side, systems, thresholds, None, replicates)
        result[name] = {
            system: headline(one) | {"macro_interval": one.get("macro_generators", {}).get("interval")}
            for system, one in figures.items()
        }
    return result


def judge_outside(
    parts: Mapping[str, Sequence[dict]], outside: Mapping[str, Mapping[str, float]], replicates: int
) -> dict:
    """Other detectors, on whichever split their scores name; measures without a threshold only."""
    table = {}
    for name, scores in outside.items():
        for split, clips in parts.items():
            covered = [clip for clip in clips if clip["path"] in scores]
            if covered:
                table.setdefault(name, {})[split] = evaluate(clips, {name: scores}, None, None, replicates)[name]
    return table


def judge_baselines(
    parts: Mapping[str, Sequence[dict]], same: Mapping[str, Sequence[dict]], metadata: dict, replicates: int
) -> dict:
    """The metadata-only model on both protocols, judged on `same`."""
    scores = metadata_scores(parts["train"], parts["dev"], metadata)
    return {
        protocol: {
            "metadata": evaluate(same[split], {"metadata": scores[protocol]}, None, None, replicates)["metadata"]
        }
        for protocol, split in (("cv", "train"), ("dev", "dev"))
    }


def leakage_gap(protocols: dict) -> dict | None:
    """Macro EER with sources and generators held out, minus that of a random split over the same clips."""
    if not protocols["cv"] or not protocols["random"]:
        return None
    held = protocols["cv"]["fusion"]["macro_generators"]["eer"]
    random = protocols["random"]["fusion"]["macro_generators"]["eer"]
    return {"held_out": held, "random": random, "gap": held - random}


def warnings_of(report: dict) -> list[str]:
    """What a reader must not overlook."""
    found = []
    for protocol in ("cv", "dev"):
        systems = report["protocols"][protocol] or {}
        for name in ("fusion", "classic"):
            rate = systems.get(name, {}).get("macro_generators", {}).get("eer")
            if rate is not None and rate < LEAK_EER:
                found.append(
                    f"{name} on {protocol}: macro EER {rate:.1%} is below {LEAK_EER:.0%}: a leak until shown otherwise"
                )
        rate = report["baselines"][protocol]["metadata"]["macro_generators"]["eer"]
        if rate is not None and rate < SHORTCUT_EER:
            found.append(f"metadata alone reaches {rate:.1%} macro EER on {protocol}: the clips offer a shortcut")
    missing = [name for name, value in report["protocols"].items() if value is None and name != "shipped_on_dev"]
    if missing:
        found.append(f"not judged, because training left no scores: {', '.join(missing)}")
    return found


def without_nan(value):
    """The same JSON value with null for every number that is not finite."""
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
