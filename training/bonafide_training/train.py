"""`npm run train`: corpus -> features -> members -> calibration and fusion -> a verified bundle."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from . import bundle
from .additions import read_additions
from .additions_make import narrowed, prepare_additions, run_folder
from .calibration_by_sources import FewerSeen, sources_seen
from .crossval import Split, out_of_fold
from .dataset import AUGMENTATION, Dataset, load_dataset
from .decide import choose_limits, choose_thresholds
from .ensembles import fit_ensembles, score_rows_of
from .export import write_manifest
from .feature_table import selected_names
from .folds import grouped_splits, is_validation, random_masks, training_weights
from .judge import judge_candidate
from .members import fit_linear, fit_random_forest, fit_svm, fit_xgboost
from .parity_vector import add_fixture_parity
from .reference import write_reference
from .runtime_check import check_runtime
from .stages import prepare_encoder, prepare_features, prepare_variants

FOLDS = 5
# Beside them, to see what each further source is worth to calibration.
FEWER_FOLDS = 2
MEMBERS = {
    "xgboost": ("features", fit_xgboost),
    "random_forest": ("features", fit_random_forest),
    "svm": ("features", fit_svm),
    "whisper_encoder": ("waveform", fit_linear),
}
SHIPPED = Path("models/bonafide-1")


def inputs_of(data: Dataset, kind: str) -> np.ndarray:
    return data.features if kind == "features" else data.embeddings


def fit_members(data: Dataset, clips: np.ndarray, seed: int) -> tuple[dict, np.ndarray]:
    """Every member on the clips of this mask; also the weight of each row."""
    weights = training_weights(data, clips)
    keep = data.rows_of(clips)
    labels = data.labels[data.clip_of]
    members = {
        name: fit(inputs_of(data, kind)[keep], labels[keep], weights[keep], seed)
        for name, (kind, fit) in MEMBERS.items()
    }
    return members, weights


def score_members(data: Dataset, splits: list[Split], seed: int) -> dict[str, np.ndarray]:
    """Raw out-of-fold logits [rows] of every member; NaN where a row was never held out."""
    scores = {}
    for name, (kind, fit) in MEMBERS.items():
        print(f"{name}: out-of-fold scores", flush=True)
        copies = data.copies if kind == "features" else None
        scores[name] = out_of_fold(data, inputs_of(data, kind), fit, splits, seed, copies)
    return scores


def check_copies(data: Dataset) -> None:
    """Raises ValueError where clips that are judged lack the rows at other speeds that the bundle will ask for."""
    is_short = np.bincount(data.clip_of, minlength=len(data.clips)) <= AUGMENTATION["windows"]
    asked = data.rows_of(is_short & np.array([is_validation(clip) for clip in data.clips]))
    if data.copies is None or not np.isfinite(data.copies[asked]).all():
        raise ValueError("the features in the cache were extracted by an older version: remove its folder `features`")


def kept_scores(data: Dataset, splits: list[Split], options: argparse.Namespace, name: str) -> dict[str, np.ndarray]:
    """Out-of-fold logits of all members, kept in the cache by this name."""
    kept = options.run / f"{name}.npz"
    if not (options.keep_scores and kept.exists()):
        np.savez(kept, **score_members(data, splits, options.seed))
    return dict(np.load(kept))


def fit_choices(data: Dataset, options: argparse.Namespace) -> dict:
    """Everything that is chosen on out-of-fold scores of `train` (see `fit_ensembles`)."""
    few, many = (grouped_splits(data.clips, folds, options.seed) for folds in (FEWER_FOLDS, FOLDS))
    fewer = FewerSeen(
        kept_scores(data, few, options, "out-of-fold-few"),
        few=sources_seen(data.clips, [train for train, _ in few]),
        many=sources_seen(data.clips, [train for train, _ in many]),
        every=sources_seen(data.clips, [np.array([not clip["probe"] for clip in data.clips])]),
    )
    return fit_ensembles(data, kept_scores(data, many, options, "out-of-fold"), fewer)


def next_folder() -> Path:
    """A candidate stands beside the bundles that there are, and waits to be activated."""
    number = 2
    while Path(f"models/bonafide-{number}").exists():
        number += 1
    return Path(f"models/bonafide-{number}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with manifest.jsonl")
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"), help="kept between runs")
    parser.add_argument("--out", type=Path, help="the bundle's folder (the next models/bonafide-N that is free)")
    parser.add_argument("--version", help="of the bundle (the folder's name)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-random-split", action="store_true", help="leave out the figure that shows the leakage")
    parser.add_argument("--with-dev", action="store_true",
                        help="fit the members once more on train and dev; every choice stays as made on train")
    parser.add_argument("--keep-scores", action="store_true", help="use the out-of-fold scores of the last run, where there are some")
    parser.add_argument("--no-extract", action="store_true", help="use only the features in the cache")
    parser.add_argument("--add", action="append", default=[], metavar="WHAT",
                        help="new labelled clips: a folder, a list (JSON lines), or the word feedback; repeatable")
    parser.add_argument("--hold-out", type=float, default=0.3, help="share of them that is kept to judge by (0.3)")
    parser.add_argument("--without", action="append", default=[], metavar="GENERATOR",
                        help="leave a generator of the corpus out, to see what knowing it is worth; repeatable")
    parser.add_argument("--share", type=float, default=1.0, help="train on so much of the corpus, for a quick look (1)")
    parser.add_argument("--compare", type=Path, metavar="BUNDLE",
                        help="then hold the new bundle against this one; the exit status tells the verdict (with --add "
                             "models/bonafide-1, unless it is fitted with --with-dev)")
    parser.add_argument("--no-compare", action="store_true", help="with --add: make the bundle and judge nothing")
    options = parser.parse_args()
    if options.compare and options.with_dev:
        parser.error("--compare judges on dev: train without --with-dev")
    if options.add and not options.with_dev and not options.no_compare:
        options.compare = options.compare or SHIPPED
    options.out = options.out or next_folder()
    options.version = options.version or options.out.name
    there = options.out / "manifest.json"
    if there.exists() and json.loads(there.read_text())["version"] != options.version:
        parser.error(f"{options.out} holds another bundle, and bundles are never changed: name another --out")
    options.run = run_folder(options.cache, options.add, options.without, options.share)
    return options


def main() -> int:
    options = arguments()
    variants = prepare_variants(options.corpus, options.cache)
    encoder = prepare_encoder(variants, options.cache, options.seed)
    splits = ("train", "dev") if options.with_dev else ("train",)
    parts = (sorted(part.parent for part in (options.cache / "features").glob("*/ok")) if options.no_extract
             else prepare_features(variants, encoder, options.cache, set(splits)))
    added = read_additions(options.add, options.cache)
    variants = narrowed(variants, options, options.run)
    if options.add:
        variants, more = prepare_additions(variants, added, encoder, options, options.run)
        parts = [*parts, *more]
    data = load_dataset(variants, parts).select(selected_names())
    check_copies(data)
    fitted = fit_choices(data, options)
    score_rows_of(data, fitted, options.run / "scores-cv.jsonl")
    if not options.no_random_split:
        by_chance = [random_masks(data.clips, FOLDS, fold, options.seed) for fold in range(FOLDS)]
        leaky = fit_ensembles(data, score_members(data, by_chance, options.seed))
        score_rows_of(data, leaky, options.run / "scores-random.jsonl")
    everything = load_dataset(variants, parts, splits).select(selected_names())
    usable = np.array([not clip["probe"] for clip in everything.clips])
    members, weights = fit_members(everything, usable, options.seed)
    manifest = bundle.assemble(
        options.out, everything, members, weights, fitted,
        thresholds=choose_thresholds(data, fitted), limits=choose_limits(data, fitted),
        version=options.version, created_at=datetime.now(timezone.utc).isoformat(timespec="seconds"), seed=options.seed,
        encoder=encoder,
    )
    manifest["training"]["onnxruntime_node"] = check_runtime(options.out, everything, members, encoder, seed=options.seed)
    write_manifest(options.out, manifest)
    add_fixture_parity(options.out)
    write_reference(options.out, data, options.run, options.cache)
    print(f"{options.out}: {', '.join(member['name'] for member in manifest['members'])}", flush=True)
    return judge_candidate(options) if options.compare else 0


if __name__ == "__main__":
    sys.exit(main())
