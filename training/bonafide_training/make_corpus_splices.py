"""Partly cloned clips: a synthetic phrase inside real speech, with the times of each part.

The phrase is the twin of the very stretch it replaces where there is one, else synthetic speech of
the same page (the same speaker if possible). Every joint, real to real as well, is a cross-fade of
10 ms, and some clips have joints but no synthetic part: the joint itself must tell nothing. In `train`, where the
limit is chosen, every second one: a share of 2 % can only be told of many.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .channel import rng_for
from .channel_codecs import STORAGE_CODECS, round_trip
from .corpus_audio import WORK_RATE_HZ, active_rms, load, save
from .corpus_speakers import speaker_groups
from .make_corpus_pool import Failure
from .make_corpus_rows import Row

FADE = WORK_RATE_HZ // 100
CONTROL_SHARE = {"train": 0.5, "dev": 0.2}
PHRASE_SEC = (1.0, 3.0)
TOTAL_SEC = (5.0, 8.5)  # before the phrase and the last clip overshoot: clips of 6-12 s
CODED_PROBABILITY = 0.5
CLIPS_A_SPLICE = 4


@dataclass(frozen=True)
class SpliceTask:
    """Real clips of one voice, and what to put in: a fake file, aligned with the first or not.

    `kind` is "twin" (the fake is the twin of reals[0]), "phrase" or "control" (nothing put in).
    """

    identity: str
    kind: str
    reals: tuple[Row, ...]
    fake: Row | None
    folder: str
    seed: int


def _voices(rows: list[Row], split: str) -> dict[tuple, list[Row]]:
    voices = defaultdict(list)
    for row in rows:
        if row.split == split and row.label == "real" and row.kind in ("original", "recorded") and not row.probe:
            voices[(row.source, speaker_groups(row.speaker, row.source))].append(row)
    return {key: members for key, members in sorted(voices.items()) if len(members) >= 2}


def splice_tasks(rows: list[Row], split: str, count: int, folder: Path, seed: int) -> list[SpliceTask]:
    """`count` splices of a split, sources taking turns as far as they can supply a phrase."""
    twins, pages = defaultdict(list), defaultdict(list)
    for row in rows:
        if row.split == split and row.label == "fake" and not row.probe:
            if row.kind == "twin":
                twins[row.clip].append(row)
            elif row.kind == "original":
                pages[row.source].append(row)
    by_source = defaultdict(list)
    for (source, speakers), members in _voices(rows, split).items():
        if source in pages or any(twins.get(row.clip) for row in members):
            by_source[source].append((speakers, members))
    rng = rng_for(seed, "splices", split)
    tasks, sources = [], sorted(by_source)
    while sources and len(tasks) < count:
        source = sources[len(tasks) % len(sources)]
        speakers, members = by_source[source][int(rng.integers(len(by_source[source])))]
        order = [members[index] for index in rng.permutation(len(members))[:CLIPS_A_SPLICE]]
        kind, fake = _draw_fake(order[0], speakers, twins, pages, CONTROL_SHARE[split], rng)
        tasks.append(SpliceTask(f"splice:{split}:{len(tasks):03d}", kind, tuple(order), fake, str(folder), seed))
    return tasks


def _draw_fake(first: Row, speakers: tuple, twins: dict, pages: dict, control_share: float, rng: np.random.Generator):
    own, page = twins.get(first.clip, []), pages.get(first.source, [])
    same = [row for row in page if set(speakers) & set(speaker_groups(row.speaker, row.source))]
    if rng.random() < control_share or not (own or page):
        return "control", None
    if own and (not page or rng.random() < 0.6):
        return "twin", own[int(rng.integers(len(own)))]
    choice = same or page
    return "phrase", choice[int(rng.integers(len(choice)))]


def join_parts(parts: list[tuple[np.ndarray, str]]) -> tuple[np.ndarray, list[dict]]:
    """Cross-faded parts and their times; a boundary lies in the middle of its fade."""
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)
    out, segments, start_sec = parts[0][0].astype(np.float32), [], 0.0
    for index, (_, label) in enumerate(parts):
        if index + 1 < len(parts):
            following = parts[index + 1][0].astype(np.float32)
            end_sec = (out.size - FADE / 2) / WORK_RATE_HZ
            blend = out[-FADE:] * (1 - ramp) + following[:FADE] * ramp
            out = np.concatenate([out[:-FADE], blend, following[FADE:]])
        else:
            end_sec = out.size / WORK_RATE_HZ
        if segments and segments[-1]["label"] == label:
            segments[-1]["end_sec"] = round(end_sec, 4)
        else:
            segments.append({"start_sec": round(start_sec, 4), "end_sec": round(end_sec, 4), "label": label})
        start_sec = end_sec
    return out, segments


def _cut(length: int, rng: np.random.Generator, least_left: float = 0.3) -> tuple[int, int]:
    """Start and end of a phrase of 1-3 s that leaves at least 0.3 s of what surrounds it."""
    margin = int(least_left * WORK_RATE_HZ)
    size = max(min(int(rng.uniform(*PHRASE_SEC) * WORK_RATE_HZ), length - 2 * margin), 0)
    start = margin + int(rng.integers(length - 2 * margin - size + 1)) if length > 2 * margin else 0
    return start, start + size


def level_like(samples: np.ndarray, like: np.ndarray) -> np.ndarray:
    return (samples * (active_rms(like) / active_rms(samples))).astype(np.float32)


def _parts(task: SpliceTask, rng: np.random.Generator) -> list[tuple[np.ndarray, str]]:
    reals = [load(row.path) for row in task.reals]
    total, kept = rng.uniform(*TOTAL_SEC) * WORK_RATE_HZ, []
    for samples in reals:
        if kept and sum(part.size for part in kept) >= total:
            break
        kept.append(samples if not kept else level_like(samples, kept[0]))
    first = kept[0]
    rest = [(samples, "real") for samples in kept[1:]]
    at = int(rng.integers(len(rest) + 1))
    if task.kind == "control":
        middle = [(first, "real")]
    elif task.kind == "twin":
        twin = load(task.fake.path)
        twin = np.pad(twin, (0, max(0, first.size - twin.size)))[: first.size]
        start, end = _cut(first.size, rng)
        phrase = level_like(twin[start - FADE // 2 : end + FADE // 2], first[start:end])
        middle = [(first[: start + FADE // 2], "real"), (phrase, "fake"), (first[end - FADE // 2 :], "real")]
    else:
        fake = load(task.fake.path)
        start, end = _cut(fake.size, rng, least_left=0.0)
        middle = [(first, "real"), (level_like(fake[start:end], first), "fake")]
        if at == len(rest) and rng.random() < 0.5:
            middle.reverse()
    return [*rest[:at], *middle, *rest[at:]]


def _digest_of(task: SpliceTask) -> str:
    """What it is made of: a number that means another splice by now must not be taken for that one."""
    made_of = (task.kind, *(row.clip for row in task.reals), task.fake and task.fake.path, task.seed)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:8]


def make_splice(task: SpliceTask) -> list[dict | Failure]:
    """One splice; its file is written anew only if it is missing (the times follow from the seed)."""
    rng = rng_for(task.seed, task.identity, "splice")
    try:
        parts = [part for part in _parts(task, rng) if part[0].size > 2 * FADE]
        samples, segments = join_parts(parts)
        coded = str(rng.choice(sorted(STORAGE_CODECS))) if rng.random() < CODED_PROBABILITY else "flac"
        path = Path(task.folder) / f"{task.identity.replace(':', '-')}-{_digest_of(task)}.flac"
        if not path.exists():
            save(path, samples if coded == "flac" else round_trip(samples, STORAGE_CODECS[coded]))
    except Exception as error:
        return [Failure(task.identity, f"{type(error).__name__}: {error}")]
    first = task.reals[0]
    has_fake = any(segment["label"] == "fake" for segment in segments)
    return [{
        "id": task.identity, "path": str(path), "kind": f"splice-{task.kind}", "split": first.split,
        "label": "fake" if has_fake else "real", "source": first.source, "page_group": first.page_group,
        "speaker": first.speaker, "language": first.language, "clips": [row.clip for row in task.reals],
        "generator_key": task.fake.generator_key if task.fake else None,
        "family": task.fake.family if task.fake else None,
        "duration_sec": round(samples.size / WORK_RATE_HZ, 4), "stored": coded, "segments": segments,
    }]
