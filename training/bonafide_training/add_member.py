"""Drop networks into a bundle as further members, and learn on labelled clips what their votes are worth.

node setup/python.mjs bonafide_training.add_member --bundle DIR --entries FILE.json --version V --out DIR --corpus DIR [--clips N]

`--entries` lists the members as the manifest describes them; their ONNX files lie beside it, and hashes, calibration
and validation are filled in here. The corpus's dev clips teach calibration and fusion, and say whether it helped: those
of each source are judged by what all the others taught. EER before and after, with the 95 % interval of the difference
(bootstrap over sources). The bundle is to be one that has not been fitted on these clips: its members seem better on
them than they are, and the new one is worth less beside them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from .dataset import read_jsonl
from .export import write_manifest
from .fusion import IDENTITY, apply_platt, fit_fusion, fit_platt
from .members import logit
from .metrics import eer
from .parity_vector import add_parity
from .product import analyze, score_row

REPLICATES = 500
RIDGE = 0.02
"""Stronger than where all windows of train teach: here some hundred clips do."""
LEAST_SOURCES = 5
LEAST_CLIPS = 50
"""Of each class."""


def drop_in(bundle: Path, entries_file: Path, version: str, out: Path) -> tuple[dict, list[str]]:
    """Copy the bundle to `out` with the members beside the others, whose votes do not count yet; (manifest, names)."""
    if version == json.loads((bundle / "manifest.json").read_text())["version"]:
        raise ValueError("a bundle that differs needs a version of its own")
    shutil.copytree(bundle, out, ignore=shutil.ignore_patterns("evaluation.json", "MODEL_CARD.md"))
    made = datetime.now(timezone.utc).isoformat(timespec="seconds")
    manifest = json.loads((out / "manifest.json").read_text()) | {"version": version, "created_at": made}
    entries = json.loads(entries_file.read_text())
    fusion = manifest["ensembles"]["full"]["fusion"]
    for entry in entries:
        data = (entries_file.parent / entry["file"]).read_bytes()
        (out / entry["file"]).write_bytes(data)
        manifest["members"].append({**entry, "sha256": hashlib.sha256(data).hexdigest(), "calibration": IDENTITY})
        fusion["members"].append(entry["name"])
        fusion["weights"][entry["name"]] = 0.0
    write_manifest(out, manifest)
    _name_reference(out / "reference.json", version)
    return manifest, [entry["name"] for entry in entries]


def _name_reference(file: Path, version: str) -> None:
    """The features of the recordings are as before; under the old version the service would not read it. How a new
    member scores the corpus is not in it, so that its score alone is not watched."""
    if file.exists():
        reference = json.loads(file.read_text()) | {"model_version": version}
        file.write_text(json.dumps(reference, separators=(",", ":")) + "\n", encoding="utf-8")


def clip_logits(rows: list[dict], manifest: dict, names: list[str]) -> np.ndarray:
    """[clips, 1 + members]: what the old members say together, before pooling's calibration, and each new one.

    Clips of dev are of one window or two, which the length of a recording moves by a fifth at most: it is left aside.
    """
    calibration = manifest["ensembles"]["full"]["pooling"]["calibration"]
    together = (logit(np.array([row["p_fake"] for row in rows])) - calibration["intercept"]) / calibration["slope"]
    return np.column_stack([together, *[logit(np.array([row["members"][name] for row in rows])) for name in names]])


@dataclass(frozen=True)
class Votes:
    """What clips teach: calibration and weight of each column of `clip_logits`, and the calibration of their sum."""

    calibrations: list[dict]
    weights: np.ndarray
    intercept: float
    pooling: dict

    def fused(self, logits: np.ndarray) -> np.ndarray:
        """Calibrated logits [clips] of all together."""
        return apply_platt(self.pooling, _calibrated(self.calibrations, logits) @ self.weights + self.intercept)

    def at_scale_of(self, pooling: dict) -> Votes:
        """The same votes beside each other, with the old members as loud as they were under this calibration."""
        old = self.weights[0]
        return replace(self, weights=self.weights / old, intercept=self.intercept / old, pooling=pooling)


def _calibrated(calibrations: list[dict], logits: np.ndarray) -> np.ndarray:
    return np.column_stack([apply_platt(platt, column) for platt, column in zip(calibrations, logits.T, strict=True)])


def learn(logits: np.ndarray, labels: np.ndarray) -> Votes:
    """Votes from clips of both classes; the old members stay as they are calibrated."""
    balance = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    calibrations = [IDENTITY, *(fit_platt(column, labels, balance) for column in logits.T[1:])]
    calibrated = _calibrated(calibrations, logits)
    found = fit_fusion(calibrated, labels, balance, RIDGE)
    pooled = calibrated @ found["weights"] + found["intercept"]
    return Votes(calibrations, found["weights"], found["intercept"], fit_platt(pooled, labels, balance))


def fused_unseen(logits: np.ndarray, labels: np.ndarray, sources: list[str]) -> np.ndarray:
    """Logits [clips] of all together, each clip by votes that its source had no part in."""
    fused = np.empty(len(labels))
    for name in sorted(set(sources)):
        held = np.array(sources) == name
        if len(set(labels[~held])) < 2:
            raise ValueError(f"without {name} there is only one class: recordings of more sources are needed")
        fused[held] = learn(logits[~held], labels[~held]).fused(logits[held])
    return fused


def write_votes(manifest: dict, names: list[str], votes: Votes) -> None:
    """Votes into the manifest. Window logits are fused by what is learned on clips: pooling is all but linear in them."""
    described = {member["name"]: member for member in manifest["members"]}
    for name, calibration in zip(names, votes.calibrations[1:], strict=True):
        described[name]["calibration"] = calibration
    ensemble = manifest["ensembles"]["full"]
    fusion, (old, *new) = ensemble["fusion"], map(float, votes.weights)
    fusion["weights"] = {name: old * weight for name, weight in fusion["weights"].items()} | dict(zip(names, new))
    fusion["intercept"] = old * fusion["intercept"] + votes.intercept
    ensemble["pooling"]["calibration"] = votes.pooling


def judge(before: np.ndarray, after: np.ndarray, labels: np.ndarray, sources: list[str], seed: int = 1) -> dict:
    """EER of both on the same clips, the 95 % interval of the difference, and what that says of the member."""
    random = np.random.default_rng(seed)
    clips_of = [np.flatnonzero(np.array(sources) == source) for source in sorted(set(sources))]
    differences = []
    for _ in range(REPLICATES):
        drawn = np.concatenate([clips_of[at] for at in random.integers(0, len(clips_of), len(clips_of))])
        if 0 < labels[drawn].sum() < len(drawn):
            differences.append(eer(after[drawn], labels[drawn]) - eer(before[drawn], labels[drawn]))
    low, high = np.quantile(differences, [0.025, 0.975])
    said = "helps" if high < 0 else "harms" if low > 0 else "no difference shown"
    return {"clips": len(labels), "sources": len(clips_of), "eer_before": float(eer(before, labels)),
            "eer_after": float(eer(after, labels)), "difference_interval": [float(low), float(high)], "verdict": said}


def choose(corpus: Path, count: int | None) -> list[dict]:
    """Dev clips, evenly over the manifest."""
    clips = [clip for clip in read_jsonl(corpus / "manifest.jsonl") if clip["split"] == "dev" and not clip["probe"]]
    if count is None or count >= len(clips):
        return clips
    return [clips[i] for i in np.linspace(0, len(clips) - 1, count).round().astype(int)]


def scored(clips: list[dict], corpus: Path, bundle: Path) -> list[tuple[dict, dict]]:
    """Clips that the product could analyse, each with its row of scores."""
    reports = analyze([corpus / clip["path"] for clip in clips], bundle, "--ensemble", "full")
    return [(clip, score_row(clip["path"], "original", report)) for clip, report in zip(clips, reports) if report["success"]]


def has_seen_dev(manifest: dict) -> bool:
    return "dev" in manifest["training"].get("fitted_on", [])


def teach_and_judge(manifest: dict, names: list[str], old: dict, pairs: list[tuple[dict, dict]]) -> dict:
    """What the clips teach goes into the manifest; what it is worth on sources that had no part in it is answered.

    Raises ValueError where there are too few clips of a class, or too few sources.
    """
    labels = np.array([clip["label"] == "fake" for clip, _ in pairs]).astype(int)
    sources = [clip["source"] for clip, _ in pairs]
    counts = (len(labels) - labels.sum(), labels.sum(), len(set(sources)))
    if min(counts[:2]) < LEAST_CLIPS or counts[2] < LEAST_SOURCES:
        raise ValueError("{} real and {} fake clips of {} sources: the least are {} of each and {}".format(
            *counts, LEAST_CLIPS, LEAST_SOURCES))
    logits = clip_logits([row for _, row in pairs], old, names)
    # The old members alone are calibrated anew in the same way: sources differ in that, too.
    before, after = (fused_unseen(columns, labels, sources) for columns in (logits[:, :1], logits))
    judged = judge(before, after, labels, sources)
    votes = learn(logits, labels)
    if has_seen_dev(old):
        # What the members have seen they are too sure of: a scale learned on it would say so of everything.
        votes = votes.at_scale_of(old["ensembles"]["full"]["pooling"]["calibration"])
    write_votes(manifest, names, votes)
    described = {member["name"]: member for member in manifest["members"]}
    for column, name in enumerate(names, start=1):
        described[name]["validation"] = {"eer": float(eer(logits[:, column], labels))}
    # From here on dev no longer judges this bundle: who compares or adds to it is to know.
    manifest["training"]["fitted_on"] = sorted({*manifest["training"].get("fitted_on", []), "dev"})
    return {"names": names, "weights": list(map(float, votes.weights)), **judged}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--bundle", "--entries", "--out", "--corpus"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--clips", type=int, help="so many of the dev clips (default: all)")
    args = parser.parse_args()
    if args.out.exists():
        parser.error(f"{args.out} is there already: bundles are never changed")
    old = json.loads((args.bundle / "manifest.json").read_text())
    if has_seen_dev(old):
        print(f"{args.bundle} was fitted on a dev part. If it is this corpus's, it is judged by what it has seen: take one "
              "that was fitted on train alone (npm run train without --with-dev). How sure it is stays as it was.",
              file=sys.stderr)
    manifest, names = drop_in(args.bundle, args.entries, args.version, args.out)
    try:
        found = teach_and_judge(manifest, names, old, scored(choose(args.corpus, args.clips), args.corpus, args.out))
    except BaseException:
        shutil.rmtree(args.out)
        raise
    manifest["training"]["added_members"] = found
    rows = np.array([row["features"] for row in manifest.get("parity", {}).get("rows", [])])
    if len(rows) > 0:
        add_parity(manifest, args.out, rows)
    else:
        write_manifest(args.out, manifest)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
