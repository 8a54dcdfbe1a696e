"""The clips that two bundles are compared on, each with the score of both and the conditions it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .bundle_scores import score_clips
from .dataset import load_dataset, read_jsonl

UNKNOWN = (None, "", "und", "unknown")


@dataclass(frozen=True)
class Compared:
    """`scores`: p_fake by the current bundle and by the candidate. `conditions`: names of what it counts towards."""

    label: int
    group: str
    scores: tuple[float, float]
    conditions: tuple[str, ...]


def feature_parts(cache: Path, run: Path) -> list[Path]:
    """Folders of extracted features: of the old corpus, and of what was added."""
    folders = [cache] if run == cache else [cache, run]
    return [part.parent for folder in folders for part in sorted((folder / "features").glob("*/ok"))]


def cv_clips(variants: Path, runs: tuple[Path, Path]) -> list[Compared]:
    """Clips of train that both runs scored out of fold; several copies of one clip are told apart by their order."""
    described = {row["clip"]: row for row in read_jsonl(variants) if row["kind"] == "original"}
    tables = [_by_clip(run / "scores-cv.jsonl") for run in runs]
    return [
        _compared(described[path], (tables[0][key], tables[1][key]), "cv", kind)
        for key in tables[0]
        for path, kind, _ in [key]
        if key in tables[1] and path in described
    ]


def _by_clip(file: Path) -> dict[tuple[str, str, int], float]:
    table: dict[tuple[str, str, int], float] = {}
    seen: dict[tuple[str, str], int] = {}
    for row in read_jsonl(file):
        kind = row.get("kind") or "original"
        number = seen.get((row["path"], kind), 0)
        seen[(row["path"], kind)] = number + 1
        table[(row["path"], kind, number)] = row["p_fake"]
    return table


def dev_clips(variants: Path, parts: list[Path], bundles: tuple[Path, Path]) -> list[Compared]:
    """The recordings of dev whose features are in the cache, probes left out."""
    return _scored(variants, parts, bundles, "dev", "dev")


def added_clips(run: Path, parts: list[Path], bundles: tuple[Path, Path]) -> list[Compared]:
    """What was added and held out of training."""
    return _scored(run / "added.jsonl", parts, bundles, "held", "added") if (run / "added.jsonl").exists() else []


def _scored(listed: Path, parts: list[Path], bundles: tuple[Path, Path], split: str, part: str) -> list[Compared]:
    data = load_dataset(listed, parts, (split,))
    if not data.clips:
        return []
    scores = np.stack([score_clips(bundle, data)["fusion"] for bundle in bundles], axis=1)
    return [
        _compared(clip, (float(both[0]), float(both[1])), part, clip["kind"])
        for clip, both in zip(data.clips, scores)
        if not clip["probe"] and np.isfinite(both).all()
    ]


def _compared(clip: dict, scores: tuple[float, float], part: str, kind: str) -> Compared:
    is_fake = clip["label"] == "fake"
    names = [part if kind == "original" else f"{part}, degraded"]
    if kind == "original" and clip.get("language") not in UNKNOWN:
        names.append(f"{part}, language {clip['language']}")
    if kind == "original" and is_fake and clip.get("family") not in UNKNOWN:
        names.append(f"{part}, family {clip['family']}")
    if kind == "original" and is_fake and clip["generator_key"] not in UNKNOWN:
        names.append(f"{part}, generator {clip['generator_key']}")
    if part == "added" and not is_fake:
        names.append("added, real")
    return Compared(int(is_fake), clip["page_group"], scores, tuple(names))
