"""A process pool for the builder: ordered results, failures kept as data, BLAS on one thread."""

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from .channel import rng_for
from .corpus import Clip
from .corpus_audio import load

VOICE_COUNT = 120
_STATE: dict[str, object] = {}


@dataclass(frozen=True)
class Failure:
    """A file that could not be made, with the reason; the run goes on."""

    id: str
    message: str


def draw_voices(clips: list[Clip], corpus: Path, seed: int) -> list[str]:
    """Paths of real train clips for babble, spread over sources."""
    by_source: dict[str, list[Clip]] = {}
    for clip in clips:
        if clip.split == "train" and clip.label == "real":
            by_source.setdefault(clip.source, []).append(clip)
    rng = rng_for(seed, "voices", "babble")
    sources = sorted(by_source)
    picked = []
    for turn in range(VOICE_COUNT):
        members = by_source[sources[turn % len(sources)]]
        picked.append(str(corpus / members[int(rng.integers(len(members)))].path))
    return sorted(set(picked))


def _start(nice: int, voices: list[str]) -> None:
    os.nice(nice)
    threadpool_limits(1)
    _STATE["voices"] = [load(path) for path in voices]


def voices() -> list[np.ndarray]:
    """The babble voices of this process."""
    return _STATE.get("voices", [])


def run(
    work: Callable,
    tasks: list,
    jobs: int,
    voice_paths: Iterable[str] = (),
    nice: int = 0,
    on_progress: Callable[[list], None] = lambda results: None,
) -> list:
    """Apply `work` (task -> list of results) to all tasks; the results in task order, flattened.

    `on_progress` gets what there is every 250 tasks, so that a long stage can be used early.
    """
    out = []
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(nice, list(voice_paths))) as pool:
        for index, results in enumerate(pool.map(work, tasks, chunksize=8)):
            out += results
            if (index + 1) % 250 == 0:
                on_progress(out)
                print(json.dumps({"stage": work.__name__, "done": index + 1, "of": len(tasks)}), flush=True)
    return out


def split_failures(results: list) -> tuple[list, list[Failure]]:
    """Separate what was made from what failed."""
    failures = [item for item in results if isinstance(item, Failure)]
    return [item for item in results if not isinstance(item, Failure)], failures
