"""Choose `localization.contrast`: by how much a cloned phrase must stand out from what is around it.

node setup/python.mjs bonafide_training.choose_phrase --cache DIR --bundle DIR

The members are fitted anew in each fold of `train`, and the product scores with them the recordings of the pages that
were held out: spliced clips, clips with joints in which nothing is cloned, and real recordings of half a minute. Models
that have seen a page would find its recordings more alike than they are, and choose too low a limit. Printed are the
share of each in which a phrase stands out, for each limit, the least limit that keeps to the share allowed, and what
the product says by the limits that the bundle has. Calibration, fusion and all other choices are the bundle's.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx

from . import export
from .dataset import Dataset, load_dataset, read_jsonl
from .feature_table import selected_names
from .folds import corpus_folds, grouped_splits
from .members import logit
from .phrase_contrast import contrast_of_phrase
from .product import analyze
from .train import FOLDS, fit_members

MAX_SAID = 0.03
"""Share of clips with joints and of recordings of half a minute, in the mean, in which a phrase may stand out."""
LIMITS = np.arange(1.0, 4.0, 0.05)
LEAST_SLOT_SEC = 0.25
KINDS = {"splice-twin": "spliced", "splice-phrase": "spliced", "splice-control": "joints alone", "long": "half minutes"}


def held_out_bundle(folder: Path, like: dict, data: Dataset, train: np.ndarray, encoder: Path, seed: int) -> Path:
    """A bundle of the manifest `like` whose members have seen the clips of the mask `train` alone."""
    folder.mkdir()
    members, _ = fit_members(data, train, seed)
    heard = onnx.load(str(encoder))
    described = []
    for entry in like["members"]:
        model = export.member_to_onnx(members[entry["name"]], len(data.names), heard)
        described.append({**entry, **export.write_member(folder, entry["name"], model)})
    # What the bundle's own members answer is no standard for these.
    manifest = {key: value for key, value in like.items() if key != "parity"}
    export.write_manifest(folder, {**manifest, "members": described})
    return folder


def contrast_of(windows: list[dict], near_threshold: float) -> float:
    """That of a report's timeline (see `contrast_of_phrase`)."""
    told = [w for w in windows if w["p_fake"] is not None and w["end_sec"] - w["start_sec"] >= LEAST_SLOT_SEC]
    times = np.array([(w["start_sec"], w["end_sec"]) for w in told]).reshape(-1, 2)
    logits = logit(np.array([w["p_fake"] for w in told]))
    return contrast_of_phrase(logits, times[:, 1] - times[:, 0], times.mean(axis=1), near_threshold)


def score_held_out(options: argparse.Namespace, like: dict) -> list[tuple[dict, dict]]:
    """Each recording with its report, by members that have seen nothing of its page."""
    parts = sorted(part.parent for part in (options.cache / "features").glob("*/ok"))
    data = load_dataset(options.cache / "variants.jsonl", parts).select(selected_names())
    fold_of = corpus_folds(data.clips, FOLDS, options.seed)
    listed = [row for name in ("spliced", "long") for row in read_jsonl(options.cache / f"{name}.jsonl")]
    wanted = [row for row in listed if row["split"] == "train" and (row["kind"] != "long" or row["label"] == "real")]
    scored = []
    with tempfile.TemporaryDirectory() as scratch:
        for fold, (train, _) in enumerate(grouped_splits(data.clips, FOLDS, options.seed)):
            own = [row for row in wanted if fold_of.get(row["page_group"]) == fold]
            bundle = held_out_bundle(Path(scratch) / str(fold), like, data, train, options.cache / "encoder.onnx",
                                     options.seed)
            reports = analyze([Path(row["path"]) for row in own], bundle)
            scored += [(row, report) for row, report in zip(own, reports) if report["success"]]
            print(f"fold {fold}: {len(own)} recordings", flush=True)
    return scored


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    like = json.loads((options.bundle / "manifest.json").read_text())
    scored = score_held_out(options, like)
    near = like["limits"]["near_threshold"]
    kinds = np.array([KINDS[row["kind"]] for row, _ in scored])
    contrasts = np.array([contrast_of(report["windows"], near) for _, report in scored])
    said = np.array([report["partially_cloned"] for _, report in scored])
    shares = lambda flags: {kind: float(np.mean(flags[kinds == kind])) for kind in dict.fromkeys(KINDS.values())}
    wrongly = lambda limit: np.mean([share for kind, share in shares(contrasts > limit).items() if kind != "spliced"])
    for limit in LIMITS:
        print(f"{limit:.2f}: " + _told(shares(contrasts > limit)))
    print(f"chosen: {next((limit for limit in LIMITS if wrongly(limit) <= MAX_SAID), LIMITS[-1]):.2f}")
    print(f"said by the product: {_told(shares(said))}")


def _told(shares: dict[str, float]) -> str:
    return ", ".join(f"{kind} {100 * share:.1f} %" for kind, share in shares.items())


if __name__ == "__main__":
    main()
