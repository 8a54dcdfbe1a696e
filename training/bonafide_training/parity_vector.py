"""A few inputs with the raw outputs of the members, for the manifest: whoever loads the bundle computes them again.

node setup/python.mjs bonafide_training.parity_vector --bundle DIR [--features DIR] [--rows N]

Adds the entry `parity` to the manifest of an existing bundle. `--features` is a folder that `npm run features` wrote
(names.json, features.f32); without it rows are extracted from the recordings in tests/fixtures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime

from .export import write_manifest
from .fusion import apply_fusion, apply_platt
from .members import logit
from .product import REPOSITORY

ROWS = 6
NOISE_SEED = 1
FIXTURES = ("real-en.wav", "fake-en.wav", "real-it.flac", "fake-ja.mp3")


def parity_entry(manifest: dict, folder: Path, rows: np.ndarray) -> dict:
    """The manifest's `parity`: what the members in `folder` answer to feature rows [n, columns] and to noise.

    Outputs are p_fake before calibration, read from the answer as the manifest says. Members with a spectrogram are left out: their
    input is made by the product.
    """
    rows = np.asarray(rows, dtype=np.float32)
    sessions = {member["name"]: _session(folder / member["file"]) for member in manifest["members"]}
    expected: list[dict] = [{} for _ in rows]
    noise = []
    for member in manifest["members"]:
        session = sessions[member["name"]]
        if member["kind"] == "features":
            for answers, value in zip(expected, _fake(session, member, rows), strict=True):
                answers[member["name"]] = value
        elif member["kind"] == "waveform":
            samples = round(member.get("window_sec", manifest["window_sec"]) * member["sample_rate"])
            axes = len(session.get_inputs()[0].shape)
            value = _fake(session, member, uniform_noise(samples, NOISE_SEED).reshape([1] * (axes - 1) + [-1]))[0]
            noise.append({"seed": NOISE_SEED, "samples": samples, "expected": {member["name"]: value}})
    heard = {name: value for entry in noise for name, value in entry["expected"].items()}
    listed = [
        {"features": [_short(v) for v in row], "expected": answers, "p_fake": _fused(manifest, heard | answers)}
        for row, answers in zip(rows, expected, strict=True)
    ]
    return {"rows": listed, "noise": noise}


def _fused(manifest: dict, raw: dict[str, float]) -> dict[str, float]:
    """By ensemble, `p_fake` of a recording of one window with these raw answers; without those that lack one."""
    calibrated = {
        member["name"]: apply_platt(member["calibration"], logit(np.array(raw[member["name"]])))
        for member in manifest["members"] if member["name"] in raw
    }
    result = {}
    for name, ensemble in manifest["ensembles"].items():
        fusion, used = ensemble["fusion"], ensemble["fusion"]["members"]
        if all(member in calibrated for member in used):
            stacked = np.array([calibrated[member] for member in used])
            weights = [fusion["weights"].get(member, 0.0) for member in used]
            fused = apply_fusion({"weights": weights, "intercept": fusion["intercept"]}, stacked)
            result[name] = _short(1 / (1 + np.exp(-apply_platt(ensemble["pooling"]["calibration"], fused))))
    return result


def add_parity(manifest: dict, folder: Path, rows: np.ndarray) -> dict:
    """Put the entry into the manifest and write it into the bundle's folder; returns the manifest."""
    manifest["parity"] = parity_entry(manifest, folder, rows)
    write_manifest(folder, manifest)
    return manifest


def spread(rows: np.ndarray, count: int = ROWS) -> np.ndarray:
    """`count` of the rows, evenly over them: float32 as the members read them."""
    picked = np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int)
    return np.asarray(rows, dtype=np.float32)[picked]


def uniform_noise(samples: int, seed: int) -> np.ndarray:
    """float32 in ±1/8 by linear congruence (Knuth 1969), the same as the product makes."""
    state, values = seed, np.empty(samples, dtype=np.float64)
    for i in range(samples):
        state = (state * 1_664_525 + 1_013_904_223) & 0xFFFFFFFF
        values[i] = (state / 2**32 - 0.5) / 4
    return values.astype(np.float32)


def fixture_rows(names: list[str]) -> np.ndarray:
    """Feature rows [n, columns] of the recordings in tests/fixtures, by the product's extractor."""
    with tempfile.TemporaryDirectory() as scratch:
        clips = Path(scratch) / "clips.jsonl"
        files = [REPOSITORY / "tests" / "fixtures" / name for name in FIXTURES]
        clips.write_text("".join(json.dumps({"id": file.stem, "path": str(file)}) + "\n" for file in files))
        command = ["npm", "run", "--silent", "features", "--", "--list", str(clips), "--out", scratch]
        subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
        return extracted_rows(Path(scratch), names)


def extracted_rows(folder: Path, names: list[str]) -> np.ndarray:
    """Rows of a folder that the extractor wrote. Raises ValueError where its features are not those of the bundle."""
    written = json.loads((folder / "names.json").read_text())
    if written != names:
        raise ValueError(f"{folder} holds other features than the bundle reads")
    return np.fromfile(folder / "features.f32", dtype="<f4").reshape(-1, len(names))


def _session(file: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def _fake(session: onnxruntime.InferenceSession, member: dict, values: np.ndarray) -> list[float]:
    answer = session.run([member["output"]], {member["input"]: values})[0].astype(np.float64)
    column, kind = member.get("fake_column", 1), member.get("answers", "probabilities")
    if kind == "logit":
        answer = 1 / (1 + np.exp(-answer.reshape(-1)))
    elif kind == "logits":
        answer = 1 / (1 + np.exp(answer[:, 1 - column] - answer[:, column]))
    else:
        answer = answer[:, column]
    return [_short(value) for value in answer]


def _short(value: float) -> float:
    """Nine digits are enough for any float32."""
    return float(f"{value:.9g}")


def add_fixture_parity(folder: Path, rows: int = ROWS, features: Path | None = None) -> dict:
    """Write the entry into the manifest in `folder`; answers the manifest. `features` as the command's."""
    manifest = json.loads((folder / "manifest.json").read_text())
    names = [feature["name"] for feature in manifest["features"]]
    found = extracted_rows(features, names) if features else fixture_rows(names)
    add_parity(manifest, folder, spread(found, rows))
    return manifest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    args = parser.parse_args()
    manifest = add_fixture_parity(args.bundle, args.rows, args.features)
    print(f"{len(manifest['parity']['rows'])} rows and {len(manifest['parity']['noise'])} noises")


if __name__ == "__main__":
    main()
