"""Drop networks into a bundle as further members, and learn on labelled clips what their votes are worth.

python -m bonafide_training.add_member --bundle DIR --entries FILE.json --version V --out DIR --corpus DIR [--clips N]

`--entries` lists the members as the manifest describes them; their ONNX files lie beside it, and hashes, calibration
and validation are filled in here. Half of the corpus's dev sources teach calibration and fusion, the other half says
whether it helped: EER before and after, with the 95 % interval of the difference (bootstrap over clips).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np

from .dataset import read_jsonl
from .export import write_manifest
from .fusion import apply_platt, fit_fusion, fit_platt
from .members import logit
from .metrics import eer
from .parity_vector import add_parity
from .product import analyze, score_row

IDENTITY = {"slope": 1.0, "intercept": 0.0}
REPLICATES = 500
RIDGE = 0.02
"""Stronger than where all windows of train teach: here some hundred clips do."""
LEAST_TAUGHT = 50


def drop_in(bundle: Path, entries_file: Path, version: str, out: Path) -> tuple[dict, list[str]]:
    """Copy the bundle to `out` with the members beside the others, whose votes do not count yet; (manifest, names)."""
    if version == json.loads((bundle / "manifest.json").read_text())["version"]:
        raise ValueError("a bundle that differs needs a version of its own")
    shutil.copytree(bundle, out, ignore=shutil.ignore_patterns("evaluation.json", "MODEL_CARD.md"))
    manifest = json.loads((out / "manifest.json").read_text()) | {"version": version}
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
    """[clips, 1 + members]: what the old members say together, before pooling's calibration, and each new one."""
    calibration = manifest["ensembles"]["full"]["pooling"]["calibration"]
    together = (logit(np.array([row["p_fake"] for row in rows])) - calibration["intercept"]) / calibration["slope"]
    return np.column_stack([together, *[logit(np.array([row["members"][name] for row in rows])) for name in names]])


def learn(manifest: dict, names: list[str], logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Calibration, fusion and pooling's calibration into the manifest, from clips [n]; returns the column weights.

    Window logits are fused by what is learned on clips: pooling is all but linear in them.
    """
    balance = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    calibrated = logits.copy()
    described = {member["name"]: member for member in manifest["members"]}
    for column, name in enumerate(names, start=1):
        described[name]["calibration"] = fit_platt(logits[:, column], labels, balance)
        described[name]["validation"] = {"eer": float(eer(logits[:, column], labels))}
        calibrated[:, column] = apply_platt(described[name]["calibration"], logits[:, column])
    found = fit_fusion(calibrated, labels, balance, RIDGE)
    ensemble = manifest["ensembles"]["full"]
    fusion = ensemble["fusion"]
    fusion["weights"] = {name: found["weights"][0] * weight for name, weight in fusion["weights"].items()}
    fusion["weights"] |= {name: float(found["weights"][column]) for column, name in enumerate(names, start=1)}
    fusion["intercept"] = found["weights"][0] * fusion["intercept"] + found["intercept"]
    pooled = calibrated @ found["weights"] + found["intercept"]
    ensemble["pooling"]["calibration"] = fit_platt(pooled, labels, balance)
    return found["weights"]


def judge(before: np.ndarray, after: np.ndarray, labels: np.ndarray, seed: int = 1) -> dict:
    """EER of both on the same clips and the 95 % interval of the difference."""
    random = np.random.default_rng(seed)
    differences = []
    for _ in range(REPLICATES):
        drawn = random.integers(0, len(labels), len(labels))
        if 0 < labels[drawn].sum() < len(drawn):
            differences.append(eer(after[drawn], labels[drawn]) - eer(before[drawn], labels[drawn]))
    low, high = np.quantile(differences, [0.025, 0.975])
    return {"clips": len(labels), "eer_before": float(eer(before, labels)), "eer_after": float(eer(after, labels)),
            "difference_interval": [float(low), float(high)]}


def is_taught(clip: dict) -> bool:
    """By source, so that no source both teaches and judges."""
    return hashlib.sha256(clip["source"].encode()).digest()[0] % 2 == 0


def choose(corpus: Path, count: int | None) -> list[dict]:
    """Dev clips, evenly over the manifest."""
    clips = [clip for clip in read_jsonl(corpus / "manifest.jsonl") if clip["split"] == "dev" and not clip["probe"]]
    if count is None or count >= len(clips):
        return clips
    return [clips[i] for i in np.linspace(0, len(clips) - 1, count).round().astype(int)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--bundle", "--entries", "--out", "--corpus"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--clips", type=int, help="so many of the dev clips (default: all)")
    args = parser.parse_args()
    manifest, names = drop_in(args.bundle, args.entries, args.version, args.out)
    old = json.loads((args.bundle / "manifest.json").read_text())
    clips = choose(args.corpus, args.clips)
    reports = analyze([args.corpus / clip["path"] for clip in clips], args.out, "--ensemble", "full")
    pairs = [(clip, score_row(clip["path"], "original", report)) for clip, report in zip(clips, reports) if report["success"]]
    labels = np.array([clip["label"] == "fake" for clip, _ in pairs]).astype(int)
    taught = np.array([is_taught(clip) for clip, _ in pairs])
    logits = clip_logits([row for _, row in pairs], old, names)
    if min(taught.sum(), (~taught).sum()) < LEAST_TAUGHT:
        raise SystemExit(f"{taught.sum()} clips to teach and {(~taught).sum()} to judge by: too few to learn anything")
    weights = learn(manifest, names, logits[taught], labels[taught])
    calibrations = {member["name"]: member["calibration"] for member in manifest["members"]}
    calibrated = np.column_stack(
        [logits[:, 0], *[apply_platt(calibrations[name], logits[:, i]) for i, name in enumerate(names, start=1)]]
    )
    judged = judge(logits[~taught, 0], (calibrated @ weights)[~taught], labels[~taught])
    manifest["training"]["added_members"] = {"names": names, "weights": list(map(float, weights)), **judged}
    rows = np.array([row["features"] for row in manifest.get("parity", {}).get("rows", [])])
    if len(rows) > 0:
        add_parity(manifest, args.out, rows)
    else:
        write_manifest(args.out, manifest)
    print(json.dumps(manifest["training"]["added_members"], indent=1))


if __name__ == "__main__":
    main()
