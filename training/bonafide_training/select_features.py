"""Choose the features that the models read, out of all candidates in the cache, by grouped validation.

node setup/python.mjs bonafide_training.select_features --corpus DIR --cache DIR [--write FILE.ts]

Within each fold the candidates are ranked on its training part alone and judged on the part held out, so the
printed errors are those of the way of choosing, not of one lucky choice. The names that are written are ranked on
all of `train`. Nothing of `dev` is read.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from .dataset import Dataset, clip_means, load_dataset
from .feature_table import feature_table, selected_names
from .folds import MADE_SHARE, clip_weights, grouped_splits
from .logistic import fit_logistic
from .members import fit_xgboost
from .metrics import generator_macro_eer, eer

COUNT = 154
FOLDS = 5
RIDGE = 0.05
CLIP_AT = 6.0
"""Standardised values beyond this are outliers of the measure, not of the voice."""


def standardise(rows: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted mean and deviation of each column."""
    mean = np.average(rows, axis=0, weights=weights)
    return mean, np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weights)) + 1e-9


def rank_candidates(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """Column numbers, most telling first: by the size of their coefficient in a ridge regression in which every
    source has an intercept of its own, so that what tells sources apart earns nothing."""
    mean, deviation = standardise(rows, weights)
    standard = np.clip((rows - mean) / deviation, -CLIP_AT, CLIP_AT)
    coefficients, _ = fit_logistic(standard, labels, weights, RIDGE, sources)
    return np.argsort(-np.abs(coefficients), kind="stable")


def gain_of(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, seed: int) -> np.ndarray:
    """What each column took off the loss of boosted trees, summed over their splits."""
    trees = fit_xgboost(rows, labels, weights, seed, n_estimators=300)
    gains = trees.get_booster().get_score(importance_type="total_gain")
    return np.array([gains.get(f"f{column}", 0.0) for column in range(rows.shape[1])])


def choose_columns(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """COUNT column numbers, ascending, by backward elimination: in each round the three tenths fall that neither the
    regression nor the trees place well among those left."""
    kept = np.arange(rows.shape[1])
    while len(kept) > COUNT:
        linear = np.argsort(rank_candidates(rows[:, kept], labels, weights, sources))
        trees = np.argsort(np.argsort(-gain_of(rows[:, kept], labels, weights, 1), kind="stable"))
        place = np.minimum(linear, trees) + 0.3 * np.maximum(linear, trees)
        kept = kept[np.argsort(place, kind="stable")[: max(COUNT, int(0.7 * len(kept)))]]
    return np.sort(kept)


def judge(data: Dataset, rows: np.ndarray, choose, seed: int) -> dict[str, float]:
    """Out-of-fold error of a linear model and boosted trees, averaged, on the columns that `choose` picks a fold."""
    labels, sources = data.labels, data.column("source")
    scores = np.full(len(labels), np.nan)
    for train, held in grouped_splits(data.clips, FOLDS, seed):
        weights = clip_weights(data.clips, train, 0.5, MADE_SHARE)[train]
        columns = choose(rows[train], labels[train], weights, sources[train])
        inside, outside = rows[train][:, columns], rows[held][:, columns]
        mean, deviation = standardise(inside, weights)
        scale = lambda part: np.clip((part - mean) / deviation, -CLIP_AT, CLIP_AT)
        coefficients, _ = fit_logistic(scale(inside), labels[train], weights, RIDGE)
        linear = scale(outside) @ coefficients
        trees = fit_xgboost(inside, labels[train], weights, seed, n_estimators=300).predict(outside, output_margin=True)
        scores[held] = linear / linear.std() + trees / trees.std()
    originals = np.isfinite(scores) & (data.column("kind") == "original")
    copies = np.isfinite(scores) & ~originals
    generators = data.column("generator_key")
    return {
        "clean": generator_macro_eer(scores[originals], labels[originals], generators[originals]),
        "degraded": generator_macro_eer(scores[copies], labels[copies], generators[copies]) if copies.any() else np.nan,
        "pooled": eer(scores[originals], labels[originals]),
    }


def write_names(names: list[str], file: Path) -> None:
    """The list as the extractor's source reads it."""
    lines = "".join(f"  '{name}',\n" for name in names)
    file.write_text(
        "/**\n * The features that the models read, in the order of their columns; written by\n"
        " * `node setup/python.mjs bonafide_training.select_features`.\n */\n"
        f"export const SELECTED: readonly string[] = [\n{lines}];\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with manifest.jsonl")
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    parser.add_argument("--write", type=Path, help="TypeScript file for the chosen names")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    parts = sorted(part.parent for part in (options.cache / "features").glob("*/ok"))
    data = load_dataset(options.cache / "variants.jsonl", parts)
    candidates = [row["name"] for row in feature_table()]
    data = data.select([name for name in candidates if name in data.names])
    rows = clip_means(data, data.features)
    present = [data.names.index(name) for name in selected_names() if name in data.names]
    ways = {
        "all candidates": lambda *_: np.arange(len(data.names)),
        "the present list": lambda *_: np.array(present),
        f"{COUNT} chosen a fold": choose_columns,
    }
    for name, choose in ways.items():
        found = judge(data, rows, choose, options.seed)
        print(f"{name}: " + ", ".join(f"{key} {100 * value:.1f} %" for key, value in found.items()), flush=True)
    usable = np.array([not clip["probe"] for clip in data.clips])
    weights = clip_weights(data.clips, usable, 0.5, MADE_SHARE)[usable]
    if options.write:
        chosen = choose_columns(rows[usable], data.labels[usable], weights, data.column("source")[usable])
        write_names([data.names[column] for column in chosen], options.write)
        print(f"written: {options.write}")


if __name__ == "__main__":
    main()
