"""Recordings of half a minute, joined from what one page has of one kind: all real, or all of one generator.

The corpus' clips are cut to a few seconds; calls and interviews are not. Clips of one speaker follow each other where
speakers are known, yet most of these recordings are of several voices. Their joints are cross-faded, and their levels
brought together.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .corpus_audio import WORK_RATE_HZ, load, save
from .corpus_speakers import speaker_groups
from .make_corpus_pool import Failure
from .make_corpus_rows import Row
from .make_corpus_splices import join_parts, level_like

LEAST_SEC = 30.0
# A page of hundreds of clips must not be most of the table.
MOST_OF_A_KIND = 6


@dataclass(frozen=True)
class LongTask:
    """All clips of one page and kind, in the order in which they are joined."""

    identity: str
    rows: tuple[Row, ...]
    folder: str


def long_tasks(rows: list[Row], split: str, folder: Path) -> list[LongTask]:
    """The originals of a split by page and kind (real, or a generator)."""
    kinds = defaultdict(list)
    for row in rows:
        if row.split == split and row.kind == "original" and not row.probe:
            kinds[(row.source, row.label, row.generator_key or "")].append(row)
    return [
        LongTask(":".join(("long", split, *kind)), tuple(sorted(members, key=_by_speaker)), str(folder))
        for kind, members in sorted(kinds.items())
    ]


def _by_speaker(row: Row) -> tuple:
    return speaker_groups(row.speaker, row.source), row.clip


def make_long(task: LongTask) -> list[dict | Failure]:
    """Recordings of LEAST_SEC and up to one clip more, at most MOST_OF_A_KIND; none of clips too short or too few."""
    made: list[dict | Failure] = []
    try:
        for rows, samples in _recordings(task.rows):
            made.append(_keep(task, rows, samples))
            if len(made) == MOST_OF_A_KIND:
                break
    except Exception as error:  # one broken file must not end the run
        made.append(Failure(task.identity, f"{type(error).__name__}: {error}"))
    return made


def _recordings(rows: tuple[Row, ...]) -> Iterator[tuple[list[Row], np.ndarray]]:
    """Clip after clip until there is enough of them, then anew; what is left over is no recording."""
    used: list[Row] = []
    clips: list[np.ndarray] = []
    for row in rows:
        samples = load(row.path)
        used.append(row)
        clips.append(level_like(samples, clips[0]) if clips else samples)
        if sum(clip.size for clip in clips) >= LEAST_SEC * WORK_RATE_HZ:
            yield used, join_parts([(clip, row.label) for clip in clips])[0]
            used, clips = [], []


def _keep(task: LongTask, rows: list[Row], samples: np.ndarray) -> dict:
    first = rows[0]
    digest = hashlib.sha256(repr([task.identity, *(row.clip for row in rows)]).encode()).hexdigest()[:20]
    path = Path(task.folder) / f"{digest}.flac"
    if not path.exists():
        save(path, samples)
    return {
        "id": f"{task.identity}:{digest[:8]}", "path": str(path), "kind": "long", "split": first.split,
        "label": first.label, "source": first.source, "page_group": first.page_group,
        "generator_key": first.generator_key, "family": first.family, "clips": [row.clip for row in rows],
        "duration_sec": round(samples.size / WORK_RATE_HZ, 4),
    }
