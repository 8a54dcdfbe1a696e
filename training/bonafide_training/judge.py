"""After retraining: the candidate held against the current bundle, by the same protocol and on the same clips."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .additions_make import run_folder
from .bundle_scores import read_manifest
from .compare_bundles import report_comparison


def judge_candidate(options) -> int:
    """Write comparison.json beside the candidate; 0 where it is accepted, 1 where it is not."""
    before = run_folder(options.cache, without=options.without, share=options.share)
    current = options.compare
    if read_manifest(current)["training"].get("fitted_on") != ["train"] or not (before / "scores-cv.jsonl").exists():
        current = fit_current(options, before)
    return report_comparison(current, options.out, options.cache, (before, options.run), options.out / "comparison.json")


def fit_current(options, before: Path) -> Path:
    """The bundle that the old corpus gives without dev: what ships may know dev too, and cannot be judged on it.

    Made once and kept in the cache.
    """
    folder = before / "current"
    if not ((folder / "manifest.json").exists() and (before / "scores-cv.jsonl").exists()):
        print("the current bundle knows dev, or its scores are not in the cache: fitting its like on train", flush=True)
        command = [sys.executable, "-m", "bonafide_training.train", "--corpus", str(options.corpus), "--cache",
                   str(options.cache), "--out", str(folder), "--version", read_manifest(options.compare)["version"],
                   "--seed", str(options.seed), "--share", str(options.share), "--no-random-split",
                   *(["--no-extract"] if options.no_extract else []),
                   *(part for name in options.without for part in ("--without", name))]
        subprocess.run(command, check=True)
    return folder
