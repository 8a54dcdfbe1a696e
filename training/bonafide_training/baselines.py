"""What can be told without listening: a small model on metadata alone, to show how much a shortcut could earn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from .corpus_audio import decode_native
from .folds import assign_folds

COLUMNS = ("duration_sec", "sample_rate_hz", "loudness_dbfs", "bandwidth_hz")
"""The baseline's four columns, all of the file as it is stored."""
WATCHED = COLUMNS + ("dc_offset", "peak_dbfs", "leading_silence_sec", "digital_silence_ratio")
"""Columns whose rank correlation with the detector's score is reported."""
FOLDS = 5
SEED = 11
FLOOR_DB = -120.0
BANDWIDTH_DROP_DB = 60.0
"""The bandwidth is the highest frequency whose long-term level is within this of the loudest."""
SILENCE_DROP_DB = 40.0


def _decibel(amplitude: float) -> float:
    return max(FLOOR_DB, 20.0 * float(np.log10(amplitude + 1e-12)))


def _bandwidth_hz(samples: np.ndarray, rate_hz: int) -> float:
    size = 1024
    if samples.size < size:
        samples = np.pad(samples, (0, size - samples.size))
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 2]
    power = np.mean(np.abs(np.fft.rfft(frames * np.hanning(size))) ** 2, axis=0) + 1e-20
    level = 10.0 * np.log10(power)
    loud = np.flatnonzero(level >= level.max() - BANDWIDTH_DROP_DB)
    return float(loud[-1] * rate_hz / size)


def measure(samples: np.ndarray, rate_hz: int) -> dict[str, float]:
    """The watched columns of one file's mono samples (-1..1), untouched by any levelling or trimming."""
    frame = max(1, rate_hz // 40)
    count = max(1, samples.size // frame)
    energy = np.square(samples[: count * frame], dtype=np.float64).reshape(count, -1).mean(axis=1)
    level = 10.0 * np.log10(energy + 1e-12)
    active = np.flatnonzero(level > level.max() - SILENCE_DROP_DB)
    return {
        "duration_sec": samples.size / rate_hz,
        "sample_rate_hz": float(rate_hz),
        "loudness_dbfs": _decibel(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))),
        "bandwidth_hz": _bandwidth_hz(samples, rate_hz),
        "dc_offset": abs(float(samples.mean())),
        "peak_dbfs": _decibel(float(np.abs(samples).max())),
        "leading_silence_sec": float(active[0] * frame / rate_hz),
        "digital_silence_ratio": float(np.mean(samples == 0.0)),
    }


def load_metadata(corpus: Path, clips: Sequence[dict], cache_file: Path) -> dict[str, dict[str, float]]:
    """path -> watched columns. Measured once and kept in `cache_file` (JSONL), to which new clips are added."""
    known: dict[str, dict[str, float]] = {}
    if cache_file.exists():
        for line in cache_file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            known[row.pop("path")] = row
    cache_file.parent.mkdir(parents=True, exist_ok=True)
    with cache_file.open("a", encoding="utf-8") as out:
        for clip in clips:
            if clip["path"] not in known:
                known[clip["path"]] = measure(*decode_native(str(corpus / clip["path"])))
                out.write(json.dumps({"path": clip["path"], **known[clip["path"]]}) + "\n")
    return known


def _balance(clips: Sequence[dict]) -> np.ndarray:
    """Clip weights that give both classes, and inside a class each source, the same say (sum = number of clips)."""
    keys = [(clip["label"], clip["source"]) for clip in clips]
    sizes = {key: keys.count(key) for key in set(keys)}
    weights = np.array([1.0 / sizes[key] for key in keys])
    fake = np.array([clip["label"] == "fake" for clip in clips])
    for side in (fake, ~fake):
        weights[side] *= len(clips) / 2 / weights[side].sum()
    return weights


def _fit_predict(train: Sequence[dict], judged: Sequence[dict], metadata: dict[str, dict[str, float]]) -> dict[str, float]:
    rows = {name: np.array([[metadata[clip["path"]][c] for c in COLUMNS] for clip in part]) for name, part in (("train", train), ("judged", judged))}
    model = HistGradientBoostingClassifier(max_depth=3, max_iter=120, learning_rate=0.06, l2_regularization=1.0, random_state=SEED)
    model.fit(rows["train"], [clip["label"] == "fake" for clip in train], sample_weight=_balance(train))
    return dict(zip((clip["path"] for clip in judged), model.predict_proba(rows["judged"])[:, 1].tolist()))


def metadata_scores(train: Sequence[dict], dev: Sequence[dict], metadata: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Scores of the metadata-only model: `cv` on train with page groups held out, `dev` fitted on all of train.

    clips: as in `evaluation.evaluate`, with `page_group`. Probes are neither learned from nor scored.
    """
    train = [clip for clip in train if not clip["probe"]]
    dev = [clip for clip in dev if not clip["probe"]]
    fold_of = assign_folds(list(train), FOLDS, SEED)
    out_of_fold: dict[str, float] = {}
    for fold in range(FOLDS):
        held = [clip for clip in train if fold_of[clip["page_group"]] == fold]
        rest = [clip for clip in train if fold_of[clip["page_group"]] != fold]
        out_of_fold |= _fit_predict(rest, held, metadata)
    return {"cv": out_of_fold, "dev": _fit_predict(train, dev, metadata)}


def shortcut_correlations(clips: Sequence[dict], p_fake: dict[str, float], metadata: dict[str, dict[str, float]]) -> list[dict]:
    """Spearman correlation of the score with each watched column inside each class: {column, real, fake}.

    Inside a class, because across classes a column may differ for reasons the detector need not use.
    """
    judged = [clip for clip in clips if not clip["probe"] and clip["path"] in p_fake and clip["path"] in metadata]
    rows = []
    for column in WATCHED:
        row: dict[str, float | str | None] = {"column": column}
        for label in ("real", "fake"):
            side = [clip["path"] for clip in judged if clip["label"] == label]
            row[label] = _spearman(np.array([p_fake[path] for path in side]), np.array([metadata[path][column] for path in side]))
        rows.append(row)
    return rows


def _spearman(left: np.ndarray, right: np.ndarray) -> float | None:
    if left.size < 10 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return None
    return float(np.corrcoef(_ranks(left), _ranks(right))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks with ties at their mean."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2.0)[place]
