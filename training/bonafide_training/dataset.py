"""Feature rows of the corpus as arrays: one row a window, each pointing at its clip."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np


WINDOW = {"sample_rate": 22050, "window_sec": 4.0, "hop_sec": 2.0}
"""How the extractor lays windows."""
AUGMENTATION = {"speeds": [0.95], "windows": 2}
"""Test-time augmentation, as the manifest says it: clips that are judged, and of no more windows, are measured at other
speeds besides (see `augmentationSchema`, packages/contracts/src/manifest.ts)."""


@dataclass(frozen=True)
class Dataset:
    """Windows and the clips they come from.

    features: float32 [n, c]; embeddings: float32 [n, d] or None; clip_of: int32 [n] index into `clips`;
    speech_ratio: float32 [n], 0..1; clips: dicts of variants.jsonl; names: the c feature names.
    copies: float32 [n, speeds, c], the features at the speeds of AUGMENTATION, NaN where there are none; or None.
    """

    features: np.ndarray
    embeddings: np.ndarray | None
    clip_of: np.ndarray
    speech_ratio: np.ndarray
    quality: list[dict]
    clips: list[dict]
    names: list[str]
    embedding_names: list[str]
    copies: np.ndarray | None = None

    @property
    def labels(self) -> np.ndarray:
        """int8 [clips]: 1 = fake."""
        return np.array([clip["label"] == "fake" for clip in self.clips], dtype=np.int8)

    def column(self, key: str) -> np.ndarray:
        """Object array [clips] of one field of the clips; missing and 'unknown' become ''."""
        values = [clip.get(key) for clip in self.clips]
        return np.array(["" if v in (None, "unknown", "und") else str(v) for v in values], dtype=object)

    def rows_of(self, clip_mask: np.ndarray) -> np.ndarray:
        """Boolean row mask of the clips that `clip_mask` [clips] selects."""
        return clip_mask[self.clip_of]

    def select(self, names: list[str]) -> "Dataset":
        """The same windows with the named feature columns only, in that order."""
        index = [self.names.index(name) for name in names]
        return replace(self, features=np.ascontiguousarray(self.features[:, index]), names=list(names),
                       copies=None if self.copies is None else np.ascontiguousarray(self.copies[..., index]))


def clip_means(data: Dataset, rows: np.ndarray) -> np.ndarray:
    """float32 [clips, c]: mean over each clip's windows of rows [n, c]."""
    order = np.argsort(data.clip_of, kind="stable")
    starts = np.searchsorted(data.clip_of[order], np.arange(len(data.clips)))
    windows = np.bincount(data.clip_of, minlength=len(data.clips))
    return (np.add.reduceat(rows[order], starts) / windows[:, None]).astype(np.float32)


def read_jsonl(path: Path) -> list[dict]:
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_jsonl(path: Path, rows: list[dict]) -> None:
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def load_dataset(variant_list: Path, feature_dirs: list[Path], splits: tuple[str, ...] = ("train",)) -> Dataset:
    """Join the clips of these splits with the extractor's output; clips without a window are left out."""
    wanted = {clip["id"]: clip for clip in read_jsonl(variant_list) if clip["split"] in splits}
    clips: list[dict] = []
    index_of: dict[str, int] = {}
    parts = [_load_rows(folder, wanted, clips, index_of) for folder in feature_dirs]
    names = json.loads((feature_dirs[0] / "names.json").read_text())
    embedding_file = feature_dirs[0] / "embeddings.json"
    description = json.loads(embedding_file.read_text()) if embedding_file.exists() else {}
    return Dataset(
        features=np.concatenate([part["features"] for part in parts]),
        embeddings=np.concatenate([part["embeddings"] for part in parts]) if description else None,
        clip_of=np.concatenate([part["clip_of"] for part in parts]),
        speech_ratio=np.concatenate([part["speech_ratio"] for part in parts]),
        quality=[quality for part in parts for quality in part["quality"]],
        clips=clips,
        names=names,
        embedding_names=description.get("names", []),
        copies=np.concatenate([part["copies"] for part in parts]),
    )


def _load_rows(folder: Path, wanted: dict, clips: list[dict], index_of: dict[str, int]) -> dict:
    windows = read_jsonl(folder / "windows.jsonl")
    names = json.loads((folder / "names.json").read_text())
    features = np.fromfile(folder / "features.f32", dtype="<f4").reshape(len(windows), len(names))
    keep = np.array([window["id"] in wanted for window in windows], dtype=bool)
    kept = [window for window in windows if window["id"] in wanted]
    for window in kept:
        if window["id"] not in index_of:
            index_of[window["id"]] = len(clips)
            clips.append(wanted[window["id"]])
    embeddings = None
    if (folder / "embeddings.json").exists():
        dim = json.loads((folder / "embeddings.json").read_text())["dim"]
        embeddings = np.fromfile(folder / "embeddings.f32", dtype="<f4").reshape(len(windows), dim)[keep]
    return {
        "features": features[keep],
        "copies": _load_copies(folder, len(windows), len(names))[keep],
        "embeddings": embeddings,
        "clip_of": np.array([index_of[window["id"]] for window in kept], dtype=np.int32),
        "speech_ratio": np.array([window["speech_ratio"] for window in kept], dtype=np.float32),
        "quality": [window.get("quality", {}) for window in kept],
    }


def _load_copies(part: Path, windows: int, columns: int) -> np.ndarray:
    """float32 [windows, speeds, columns] of a part; all NaN where it was extracted without copies."""
    shape = (windows, len(AUGMENTATION["speeds"]), columns)
    there = (part / "copies.f32").exists()
    return np.fromfile(part / "copies.f32", dtype="<f4").reshape(shape) if there else np.full(shape, np.nan, np.float32)
