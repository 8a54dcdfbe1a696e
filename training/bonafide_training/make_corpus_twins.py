"""Twins of the real train clips: which methods for which clip is drawn by seed."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from . import copysynth_mbmelgan as melgan
from .channel import rng_for
from .copysynth import METHODS, NEURAL_DRAWS, Material, draw_methods, make_twin, packages_path, statistics_path
from .corpus_audio import WORK_RATE_HZ, load
from .corpus_speakers import speaker_groups
from .make_corpus_channel import done_before, keep
from .make_corpus_pool import Failure, voices
from .make_corpus_rows import Row, derived_row

LEAST_SEC = 0.6
TARGET_CLIPS = 3
FIT_VOICES = 10


@dataclass(frozen=True)
class TwinTask:
    """`count` twins of one real clip, and `neural_count` from each of NEURAL_DRAWS.

    `targets` are clips of one other speaker of its source.
    """

    row: Row
    codec: str
    targets: tuple[str, ...]
    count: int
    neural_count: int
    cache: str
    seed: int


def twin_tasks(rows: list[Row], codecs: dict[str, str], cache: Path, seed: int, neural_count: int) -> list[TwinTask]:
    """Two or three twins, and those by neural vocoders, of every real train row that is no probe; in shuffled order."""
    real = [row for row in rows if row.split == "train" and row.label == "real" and not row.probe]
    by_source: dict[str, dict[tuple, list[Row]]] = {}
    for row in real:
        speaker = speaker_groups(row.speaker, row.source) or (row.id,)
        by_source.setdefault(row.source, {}).setdefault(speaker, []).append(row)
    tasks = []
    for row in real:
        rng = rng_for(seed, row.id, "twins")
        speaker = speaker_groups(row.speaker, row.source) or (row.id,)
        others = [members for name, members in by_source[row.source].items() if name != speaker]
        targets = others[int(rng.integers(len(others)))][:TARGET_CLIPS] if others else []
        count = 3 if rng.random() < 0.35 else 2
        tasks.append(TwinTask(row, codecs.get(row.id, "flac"), tuple(item.path for item in targets), count,
                              neural_count, str(cache), seed))
    # shuffled: a list cut short by an interruption is still a fair sample
    return [tasks[index] for index in rng_for(seed, "twins", "order").permutation(len(tasks))]


def _target(paths: tuple[str, ...]) -> np.ndarray | None:
    if not paths:
        return None
    joined = np.concatenate([load(path) for path in paths])
    return joined if joined.size > 2 * WORK_RATE_HZ else None


def _twin_row(task: TwinTask, method) -> Row:
    row = derived_row(task.row, Path(task.cache) / "twins", "twin", f"twin-{method.name}")
    return replace(
        row,
        label="fake",
        probe=method.probe,
        generator_key=method.generator_key,
        family=method.family,
        pair=task.row.id,
    )


def make_twins(task: TwinTask) -> list[Row | Failure]:
    """The twins of one clip; skips what exists."""
    has_target = "yes" if task.targets else "no"
    methods = [
        *draw_methods(METHODS, task.count, has_target, rng_for(task.seed, task.row.id, "methods")),
        *(method for name, neural in NEURAL_DRAWS.items()
          for method in draw_methods(neural, task.neural_count, has_target, rng_for(task.seed, task.row.id, name))),
    ]
    rows = [_twin_row(task, method) for method in methods]
    notes = [done_before(Path(row.path)) for row in rows]
    if all(note is not None for note in notes):
        return [replace(row, degradation=note) for row, note in zip(rows, notes)]
    fitted = melgan.MbMelgan(*melgan.statistics(statistics_path(Path(task.cache)), voices()[:FIT_VOICES]))
    try:
        material = Material(load(task.row.path), _target(task.targets), fitted, packages_path(Path(task.cache)))
    except Exception as error:
        return [Failure(task.row.id, f"{type(error).__name__}: {error}")]
    if material.samples.size < LEAST_SEC * WORK_RATE_HZ:
        return [Failure(task.row.id, "too short for a twin")]
    out = []
    for method, row, note in zip(methods, rows, notes):
        if note is not None:
            out.append(replace(row, degradation=note))
            continue
        if method.needs_target == "yes" and material.target is None:
            continue
        try:
            wave, done = make_twin(method, material, task.codec, rng_for(task.seed, task.row.id, method.name))
            out.append(keep(row, wave, done))
        except Exception as error:
            out.append(Failure(row.id, f"{type(error).__name__}: {error}"))
    return out
