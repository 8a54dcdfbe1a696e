"""reference.json of a bundle: how every feature and score is distributed over the recordings it was made from.

node setup/python.mjs bonafide_training.reference --bundle DIR --cache DIR

The service holds what comes in against it (docs/monitoring.md). A clip counts once, its windows share its weight.
Features, bandwidth and noise: tenths of the undegraded clips of train. Scores: tenths of the scale, by models that had
not seen the clip's source.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from .bundle_scores import read_manifest
from .dataset import Dataset, load_dataset, read_jsonl
from .decide import is_near, near_threshold_of

BINS = 10
SCALE_EDGES = [round(at / BINS, 1) for at in range(1, BINS)]
"""Inner edges of scores, which lie in 0..1."""
QUALITY = ("bandwidth_hz", "snr_db")
MAX_DEVIATION = 8.0
"""As in the product's distance."""


def quantile_edges(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """Inner edges of ten bins of equal weight; fewer where many values are the same."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    edges = [float(f"{values[order][min(np.searchsorted(share, at), len(values) - 1)]:.6g}") for at in SCALE_EDGES]
    return sorted(set(edges))


def shares_of(values: np.ndarray, weights: np.ndarray, edges: list[float]) -> list[float]:
    """Share of the weight in each bin: below the first edge, from each edge on (edges belong to the bin above)."""
    counts = np.bincount(np.searchsorted(edges, values, side="right"), weights=weights, minlength=len(edges) + 1)
    return [round(float(share), 6) for share in counts / counts.sum()]


def quantity(name: str, kind: str, values: np.ndarray, weights: np.ndarray, edges: list[float] | None = None) -> dict:
    chosen = quantile_edges(values, weights) if edges is None else edges
    return {"name": name, "kind": kind, "edges": chosen, "shares": shares_of(values, weights, chosen)}


def distances(manifest: dict, rows: np.ndarray) -> np.ndarray:
    """The product's distance from the training windows, a row each (packages/pipeline/src/ensemble/distance.ts)."""
    mean = np.array([feature["mean"] for feature in manifest["features"]])
    std = np.array([feature["std"] for feature in manifest["features"]])
    standard = np.clip((rows - mean) / std, -MAX_DEVIATION, MAX_DEVIATION)
    projected = standard @ np.array(manifest["distribution"]["axes"]).T
    return np.sqrt((projected**2 / np.array(manifest["distribution"]["variances"])).mean(axis=1))


def window_quantities(data: Dataset, manifest: dict) -> tuple[list[dict], float]:
    """Quantities that windows have; also the share of clips that are out of distribution."""
    keep = data.rows_of(data.column("kind") == "original")
    clip_of, rows = data.clip_of[keep], data.features[keep]
    windows = np.bincount(clip_of, minlength=len(data.clips))
    weights = 1.0 / windows[clip_of]
    mean_of = lambda values: (np.bincount(clip_of, values, len(data.clips)) / np.maximum(windows, 1))[windows > 0]
    features = [quantity(name, "feature", rows[:, at].astype(float), weights) for at, name in enumerate(data.names)]
    quality = [each for each, kept in zip(data.quality, keep) if kept]
    ones = np.ones((windows > 0).sum())
    measures = [quantity(name, "measure", mean_of(np.array([each[name] for each in quality], float)), ones)
                for name in QUALITY]
    distance = mean_of(distances(manifest, rows))
    measures.append(quantity("distance", "measure", distance, ones))
    return [*features, *measures], float(np.mean(distance > manifest["limits"]["max_distance"]))


def score_quantities(rows: list[dict], names: list[str]) -> tuple[list[dict], np.ndarray]:
    """Quantities of the scores of originals, and how far the members disagree on each clip."""
    p_fake = np.array([row["p_fake"] for row in rows])
    members = np.array([[row["members"][name] for name in names] for row in rows])
    disagreement = members.max(axis=1) - members.min(axis=1)
    ones = np.ones(len(rows))
    scores = [quantity(name, "score", members[:, at], ones, SCALE_EDGES) for at, name in enumerate(names)]
    return [
        quantity("p_fake", "score", p_fake, ones, SCALE_EDGES), *scores,
        quantity("disagreement", "measure", disagreement, ones, SCALE_EDGES),
    ], disagreement


def rates_of(dev: list[dict], fallback: dict) -> dict:
    """Shares of inconclusive answers as the product gave them on dev; what training knows, where it has not been asked."""
    decisions = [row["decision"] for row in dev if isinstance(row.get("decision"), dict)]
    if not decisions:
        return fallback
    said = lambda code: float(np.mean([any(reason["code"] == code for reason in each["reasons"]) for each in decisions]))
    return {"inconclusive": float(np.mean([each["status"] == "inconclusive" for each in decisions])),
            "out_of_distribution": said("out_of_distribution"), "members_disagree": said("members_disagree")}


def build_reference(manifest: dict, data: Dataset, scored: list[dict], dev: list[dict]) -> dict:
    """data: windows of train with the bundle's columns. scored: rows of scores-cv.jsonl. dev: of scores-dev.jsonl."""
    originals = [row for row in scored if (row.get("kind") or "original") == "original"]
    members = manifest["ensembles"][manifest["default_ensemble"]]["fusion"]["members"]
    windows, far = window_quantities(data, manifest)
    scores, disagreement = score_quantities(originals, members)
    limits = manifest["limits"]
    margins = np.log([row["p_fake"] / (1 - row["p_fake"]) for row in originals])
    near = is_near(margins, near_threshold_of(limits))
    apart = disagreement > limits["max_disagreement"]
    fallback = {"inconclusive": float(np.mean(near | apart)),
                "out_of_distribution": far, "members_disagree": float(np.mean(apart))}
    rates = {name: round(rate, 6) for name, rate in rates_of(dev, fallback).items()}
    return {"format": 1, "model_version": manifest["version"], "feature_version": manifest["feature_version"],
            "clips": len(originals), "quantities": [*windows, *scores], "rates": rates}


def write_reference(bundle: Path, data: Dataset, run: Path, cache: Path) -> None:
    """reference.json into the bundle's folder, from the scores in `run` and, where they are, those of dev in `cache`."""
    manifest = read_manifest(bundle)
    dev = cache / "scores-dev.jsonl"
    chosen = data.select([feature["name"] for feature in manifest["features"]])
    reference = build_reference(manifest, chosen, read_jsonl(run / "scores-cv.jsonl"),
                                read_jsonl(dev) if dev.exists() else [])
    (bundle / "reference.json").write_text(json.dumps(reference, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    given = parser.parse_args()
    parts = sorted(part.parent for part in (given.cache / "features").glob("*/ok"))
    write_reference(given.bundle, load_dataset(given.cache / "variants.jsonl", parts), given.cache, given.cache)
    print(f"written: {given.bundle / 'reference.json'}")


if __name__ == "__main__":
    main()
