"""After retraining: the candidate held against the current bundle, by the same protocol and on the same clips."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from .additions_make import run_folder
from .bundle_scores import read_manifest, score_clips
from .compare_bundles import report_comparison
from .compare_clips import feature_parts
from .dataset import load_dataset, write_jsonl


def judge_candidate(options) -> int:
    """Write comparison.json beside the candidate; 0 where it is accepted, 1 where it is not."""
    before = run_folder(options.cache, without=options.without, share=options.share)
    current = options.compare
    if read_manifest(current)["training"].get("fitted_on") != ["train"] or not (before / "scores-cv.jsonl").exists():
        current = fit_current(options, before)
    write_evaluation(options)
    return report_comparison(current, options.out, options.cache, (before, options.run), options.out / "comparison.json")


def write_evaluation(options) -> None:
    """evaluation.json and the card of the candidate, as the shipped bundle has them: cv and dev, from the cache."""
    data = load_dataset(options.cache / "variants.jsonl", feature_parts(options.cache, options.cache), ("dev",))
    if not data.clips:
        return
    members = score_clips(options.out, data)
    fusion = members.pop("fusion")
    write_jsonl(options.run / "scores-dev.jsonl", [
        {"path": clip["clip"], "kind": clip["kind"], "p_fake": float(fusion[at]),
         "members": {name: float(values[at]) for name, values in members.items()}}
        for at, clip in enumerate(data.clips) if np.isfinite(fusion[at])
    ])
    known = options.cache / "metadata.jsonl"
    if known.exists() and options.run != options.cache:
        shutil.copy(known, options.run / known.name)
    command = [sys.executable, "-m", "bonafide_training.evaluate", "--corpus", str(options.corpus), "--cache",
               str(options.run), "--bundle", str(options.out), "--card", str(options.out / "MODEL_CARD.md")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"written: {options.out / 'evaluation.json'}" if done.returncode == 0 else done.stderr[-800:], flush=True)


def _is_like(folder: Path, options, scores: Path) -> bool:
    """Whether what is in the cache stands for this bundle and was fitted on the corpus as it is now."""
    made, corpus = folder / "manifest.json", options.cache / "variants.jsonl"
    return (made.exists() and scores.exists() and made.stat().st_mtime >= corpus.stat().st_mtime
            and read_manifest(folder)["version"] == read_manifest(options.compare)["version"])


def fit_current(options, before: Path) -> Path:
    """The bundle that the old corpus gives without dev: what ships may know dev too, and cannot be judged on it.

    Made once and kept in the cache.
    """
    folder = before / "current"
    if not _is_like(folder, options, before / "scores-cv.jsonl"):
        print("the current bundle knows dev, or its scores are not in the cache: fitting its like on train", flush=True)
        command = [sys.executable, "-m", "bonafide_training.train", "--corpus", str(options.corpus), "--cache",
                   str(options.cache), "--out", str(folder), "--version", read_manifest(options.compare)["version"],
                   "--seed", str(options.seed), "--share", str(options.share), "--no-random-split",
                   *(["--no-extract"] if options.no_extract else []),
                   *(part for name in options.without for part in ("--without", name))]
        subprocess.run(command, check=True)
    return folder
