"""Choose `localization.contrast`: by how much a cloned phrase must stand out from what is around it.

node setup/python.mjs bonafide_training.choose_partial --cache DIR --bundle DIR

Scores the spliced clips of `train` with the product and prints, for each limit, how often a phrase stands out in them
and in the controls (joints, but nothing cloned) by the fine timeline; then the least limit that keeps to the share
allowed, and what the product says with the limit that it has. The bundle must be one that was fitted on `train` alone.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from .dataset import read_jsonl
from .members import logit
from .part_contrast import standing_out
from .product import analyze

MAX_CONTROLS_SAID = 0.02
LIMITS = np.arange(0.5, 3.0, 0.05)
LEAST_SLOT_SEC = 0.25
USUAL_SLOTS = 20
SURROUNDINGS_SEC = 6.0


def contrast_of(windows: list[dict], near_threshold: float) -> float:
    """By how much a phrase stands out of what is around it, in logits; -inf where none does."""
    told = [w for w in windows if w["p_fake"] is not None and w["end_sec"] - w["start_sec"] >= LEAST_SLOT_SEC]
    middles = np.array([(w["start_sec"] + w["end_sec"]) / 2 for w in told])
    around = np.abs(middles[:, None] - middles[None, :]) <= SURROUNDINGS_SEC
    return standing_out(logit(np.array([w["p_fake"] for w in told])), near_threshold, around, USUAL_SLOTS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    parser.add_argument("--bundle", type=Path, required=True)
    options = parser.parse_args()
    clips = [clip for clip in read_jsonl(options.cache / "spliced.jsonl") if clip["split"] == "train"]
    reports = analyze([Path(clip["path"]) for clip in clips], options.bundle)
    near = json.loads((options.bundle / "manifest.json").read_text())["limits"]["near_threshold"]
    heard = [(clip, contrast_of(report["windows"], near)) for clip, report in zip(clips, reports) if report["success"]]
    spliced = np.array([contrast for clip, contrast in heard if clip["kind"] != "splice-control"])
    controls = np.array([contrast for clip, contrast in heard if clip["kind"] == "splice-control"])
    for limit in LIMITS:
        said, wrongly = np.mean(spliced > limit), np.mean(controls > limit)
        print(f"{limit:.2f}: said of {100 * said:.1f} % of spliced clips, of {100 * wrongly:.1f} % of controls")
    allowed = [limit for limit in LIMITS if np.mean(controls > limit) <= MAX_CONTROLS_SAID]
    print(f"chosen: {allowed[0]:.2f}")
    for what, is_control in (("spliced clips", False), ("controls", True)):
        said = [report["partially_cloned"] for clip, report in zip(clips, reports)
                if report["success"] and (clip["kind"] == "splice-control") == is_control]
        print(f"said by the product: of {100 * np.mean(said):.1f} % of {what}")


if __name__ == "__main__":
    main()
