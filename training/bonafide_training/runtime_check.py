"""What the service will answer, held against what Python fitted: by the runtime that the service has, onnxruntime-node.

Every feature row goes through every member that reads features, every embedding through the neural member's head. The
embeddings themselves come from the same runtime (`npm run features`), so that its whole graph, from the sound on, is
asked for a sample: a window of sound takes ten times as long as one of features.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx

from .bundle_scores import EMBEDDING, head_of
from .dataset import Dataset, read_jsonl, write_jsonl
from .ensembles import CLASSIC
from .product import REPOSITORY

TOLERANCE = 1e-4
HEARD_CLIPS = 400


def check_runtime(folder: Path, data: Dataset, members: dict, encoder: Path, *, seed: int, clips: int = HEARD_CLIPS) -> dict:
    """Rows asked and the largest difference of p_fake by member, for the manifest.

    Raises ValueError naming the member that departs from Python by more than 1e-4 on any row.
    """
    found = {}
    rows = _rows_asked(data)
    for name, member in members.items():
        if name in CLASSIC:
            answers = node_answers(folder / f"{name}.onnx", "features", rows)
            found[name] = _differ(name, answers, member.predict_proba(rows)[:, 1])
        else:
            found[name] = _check_head(folder / f"{name}.onnx", name, member, data.embeddings)
            found[f"{name}, from the sound"] = check_heard(folder / f"{name}.onnx", name, member, encoder,
                                                           draw_clips(data.clips, clips, seed))
    return found


def _rows_asked(data: Dataset) -> np.ndarray:
    """float32 [n, c]: the features of every window, as it is and at other speeds."""
    if data.copies is None:
        return data.features
    copies = data.copies.reshape(-1, data.features.shape[1])
    return np.concatenate([data.features, copies[np.isfinite(copies).all(axis=1)]])


def node_answers(model: Path, input_name: str, rows: np.ndarray) -> np.ndarray:
    """float32 [n]: p_fake of rows [n, columns] by onnxruntime-node, through the service's own session."""
    command = ["npm", "run", "--silent", "answers", "--", "--model", str(model.resolve()), "--input", input_name,
               "--columns", str(rows.shape[1])]
    done = subprocess.run(command, cwd=REPOSITORY, input=memoryview(np.ascontiguousarray(rows, "<f4")).cast("B"),
                          stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, dtype="<f4")


def draw_clips(clips: list[dict], count: int, seed: int) -> list[dict]:
    """Of those that are still there: a draw without regard to what they are."""
    there = [clip for clip in clips if Path(clip["path"]).exists()]
    drawn = np.random.default_rng(seed).choice(len(there), min(count, len(there)), replace=False)
    return [there[at] for at in sorted(drawn)]


def check_heard(model: Path, name: str, member, encoder: Path, clips: list[dict]) -> dict:
    """The whole graph on the windows of these clips, against the encoder alone and the classifier in Python."""
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "clips.jsonl"
        write_jsonl(listed, [{"id": clip["id"], "path": str(Path(clip["path"]).resolve())} for clip in clips])
        embeddings, probabilities = (_heard(graph, listed, Path(scratch) / graph.stem) for graph in (encoder, model))
    return _differ(f"{name}, from the sound", probabilities[:, 1], member.predict_proba(embeddings)[:, 1])


def _heard(graph: Path, listed: Path, out: Path) -> np.ndarray:
    """float32 [windows, dimension]: what the graph answers to the sound of the listed clips."""
    command = ["npm", "run", "--silent", "features", "--", "--list", str(listed), "--out", str(out), "--encoder",
               str(graph.resolve()), "--jobs", "2"]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    windows = len(read_jsonl(out / "windows.jsonl"))
    return np.fromfile(out / "embeddings.f32", dtype="<f4").reshape(windows, -1)


def _check_head(model: Path, name: str, member, embeddings: np.ndarray) -> dict:
    with tempfile.TemporaryDirectory() as scratch:
        head = Path(scratch) / "head.onnx"
        onnx.save(head_of(model), str(head))
        answers = node_answers(head, EMBEDDING, embeddings)
    return _differ(name, answers, member.predict_proba(embeddings)[:, 1])


def _differ(name: str, answers: np.ndarray, expected: np.ndarray) -> dict:
    if len(answers) != len(expected):
        raise ValueError(f"{name}: onnxruntime-node answered {len(answers)} of {len(expected)} rows")
    worst = float(np.abs(answers - expected).max()) if len(expected) else 0.0
    print(f"{name}: onnxruntime-node and Python differ by at most {worst:.1e} on {len(expected)} rows", flush=True)
    # Not as `worst > TOLERANCE`: what is not a number must not pass.
    if not worst <= TOLERANCE:
        raise ValueError(f"{name}: onnxruntime-node departs from Python by {worst:.1e}, more than {TOLERANCE:.0e}")
    return {"rows": len(expected), "largest_difference": float(f"{worst:.2g}")}
