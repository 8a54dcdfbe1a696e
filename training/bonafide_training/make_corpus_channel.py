"""Channel variants and robustness conditions of files that exist."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from . import channel_filters, channel_noise
from .channel import randomise, rng_for
from .channel_codecs import CodecSetting, round_trip
from .corpus_audio import WORK_RATE_HZ, load, save
from .make_corpus_pool import Failure, voices
from .make_corpus_rows import Row, derived_row


@dataclass(frozen=True)
class VariantTask:
    """Make the channel variants `names` of one file."""

    row: Row
    folder: str
    seed: int
    names: tuple[str, ...]


def done_before(path: Path) -> tuple[str, ...] | None:
    """What was done to a finished file, None if it is not there yet."""
    note = path.with_suffix(".json")
    if path.exists() and note.exists():
        return tuple(json.loads(note.read_text()))
    return None


def keep(row: Row, samples: np.ndarray, degradation: list[str]) -> Row:
    """Write a variant and, beside it, what was done to it (so that a second run can tell)."""
    path = Path(row.path)
    save(path, samples)
    path.with_suffix(".json").write_text(json.dumps(degradation))
    return replace(row, degradation=tuple(degradation))


def make_variants(task: VariantTask) -> list[Row | Failure]:
    """Random channels of one file; skips what exists."""
    out, samples = [], None
    for name in task.names:
        row = derived_row(task.row, Path(task.folder), "channel", name)
        before = done_before(Path(row.path))
        if before is not None:
            out.append(replace(row, degradation=before))
            continue
        try:
            samples = load(task.row.path) if samples is None else samples
            made, done = randomise(samples, voices(), rng_for(task.seed, task.row.id, name))
            out.append(keep(row, made, done))
        except Exception as error:  # one broken file must not end a run of thousands
            out.append(Failure(row.id, f"{type(error).__name__}: {error}"))
    return out


CODEC_CONDITIONS = {
    "mp3-32k": CodecSetting("mp3", 22050, 32_000),
    "mp3-64k": CodecSetting("mp3", 44100, 64_000),
    "opus-12k": CodecSetting("opus", 48000, 12_000),
    "opus-24k": CodecSetting("opus", 48000, 24_000),
    "mulaw-8k": CodecSetting("mulaw", 8000),
}
CONDITIONS = (
    "clean",
    *CODEC_CONDITIONS,
    "noise-20dB",
    "noise-10dB",
    "lowpass-3400",
    "speed-0.95",
    "speed-1.05",
    "first-1s",
    "first-2s",
    "first-4s",
    "first-8s",
)


def degrade(samples: np.ndarray, condition: str, rng: np.random.Generator) -> np.ndarray:
    """One named condition of the robustness table. Raises ValueError for an unknown name."""
    if condition == "clean":
        return samples
    if condition in CODEC_CONDITIONS:
        return round_trip(samples, CODEC_CONDITIONS[condition])
    kind, _, value = condition.partition("-")
    if kind == "noise":
        return channel_noise.add_noise(samples, float(value.removesuffix("dB")), voices(), rng)[0]
    if kind == "lowpass":
        return channel_filters.low_pass(samples, float(value), rng)[0]
    if kind == "speed":
        return channel_filters.change_speed(samples, float(value))[0]
    if kind == "first":
        return samples[: int(float(value.removesuffix("s")) * WORK_RATE_HZ)]
    raise ValueError(f"unknown condition {condition}")


@dataclass(frozen=True)
class RobustnessTask:
    """All conditions of one dev clip; `more` are clips of the same voice to reach 8 s."""

    row: Row
    more: tuple[str, ...]
    folder: str
    seed: int


def make_robustness(task: RobustnessTask) -> list[Row | Failure]:
    """The clip under every condition; first-8s only where clips of one voice reach 8 s."""
    out = []
    try:
        samples = load(task.row.path)
        long = np.concatenate([samples, *(load(path) for path in task.more)]) if task.more else samples
    except Exception as error:
        return [Failure(task.row.id, f"{type(error).__name__}: {error}")]
    for condition in CONDITIONS:
        source = long if condition == "first-8s" else samples
        if condition == "first-8s" and source.size < 7.5 * WORK_RATE_HZ:
            continue
        row = derived_row(task.row, Path(task.folder), "robustness", condition)
        before = done_before(Path(row.path))
        if before is not None:
            out.append(replace(row, degradation=before))
            continue
        rng = rng_for(task.seed, task.row.id, condition)
        out.append(keep(row, degrade(source, condition, rng), [condition]))
    return out
