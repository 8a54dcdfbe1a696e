"""Properties of files as they are stored, which a fair detector must not lean on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .corpus_audio import decode_native

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
