"""The stages of the corpus builder, in the order they depend on each other."""

import json
import time
from pathlib import Path

from . import copysynth_fetched as fetched
from . import copysynth_mbmelgan as melgan
from .copysynth import packages_path, statistics_path
from .corpus_audio import load
from .make_corpus_channel import make_robustness, make_variants
from .make_corpus_engines import engine_tasks, recorded_tasks, sources, speak_engine, store_recorded
from .make_corpus_long import long_tasks, make_long
from .make_corpus_plan import robustness_tasks, variant_tasks
from .make_corpus_pool import run, split_failures
from .make_corpus_rows import Row, read_rows, write_rows
from .make_corpus_splices import make_splice, splice_tasks
from .make_corpus_twins import FIT_VOICES, make_twins, twin_tasks

SPLICES = {"train": 600, "dev": 150}


def _say(stage: str, started: float, rows: int, failures: list) -> None:
    line = {"stage": stage, "rows": rows, "failed": len(failures), "seconds": round(time.time() - started)}
    print(json.dumps(line), flush=True)


def _finish(stage: str, cache: Path, results: list, started: float) -> list:
    rows, failures = split_failures(results)
    write_rows(cache / f"failures-{stage}.jsonl", [{"id": item.id, "message": item.message} for item in failures])
    _say(stage, started, len(rows), failures)
    return rows


def build_core(options, originals, voice_paths) -> None:
    """Originals and their channel variants."""
    started = time.time()
    tasks = variant_tasks(originals, options.cache / "channel", options.seed, options.variants)
    made = _finish("core", options.cache, run(make_variants, tasks, options.jobs, voice_paths, options.nice), started)
    write_rows(options.cache / "variants-core.jsonl", [*originals, *made])


def build_robustness(options, originals, voice_paths) -> None:
    """The conditions of the robustness table for a sample of dev."""
    started = time.time()
    tasks = robustness_tasks(originals, options.cache / "robustness", options.seed, options.robustness_per_class)
    results = run(make_robustness, tasks, options.jobs, voice_paths, options.nice)
    write_rows(options.cache / "robustness.jsonl", _finish("robustness", options.cache, results, started))


def build_twins(options, originals, voice_paths) -> None:
    """Vocoded twins of the real train clips and their channel variants."""
    started = time.time()
    fit_voices = [load(path) for path in voice_paths[:FIT_VOICES]]
    melgan.statistics(statistics_path(options.cache), fit_voices)
    fetched.prepare(packages_path(options.cache))
    tasks = twin_tasks(originals, options.codecs, options.cache, options.seed, neural_count=1)
    results = run(
        make_twins, tasks, options.jobs, voice_paths, options.nice,
        on_progress=lambda done: write_rows(options.cache / "twins.jsonl", split_failures(done)[0]),
    )
    twins = _finish("twins", options.cache, results, started)
    write_rows(options.cache / "twins.jsonl", twins)
    started = time.time()
    tasks = variant_tasks(twins, options.cache / "channel", options.seed, options.twin_variants)
    results = run(make_variants, tasks, options.jobs, voice_paths, options.nice)
    write_rows(options.cache / "twins-channel.jsonl", _finish("twins-channel", options.cache, results, started))


def build_engines(options, originals, voice_paths) -> None:
    """Packaged engines (fake), packaged recordings with twins of the real ones, and their channels."""
    started, cache = time.time(), options.cache
    spoken = run(speak_engine, engine_tasks(cache, options.seed), options.jobs, (), options.nice)
    recorded = run(
        store_recorded, list(recorded_tasks(packages_path(cache), cache, options.seed)), options.jobs, (), options.nice
    )
    added = _finish("engines", cache, spoken + recorded, started)
    write_rows(cache / "engines.jsonl", added)
    write_rows(cache / "added-sources.jsonl", sources(added))
    started = time.time()
    # few voices, many clips: what the slow vocoders would add is not worth their time
    tasks = twin_tasks(added, {}, cache, options.seed, neural_count=0)
    twins = _finish("engine-twins", cache, run(make_twins, tasks, options.jobs, voice_paths, options.nice), started)
    write_rows(cache / "engines-twins.jsonl", twins)
    started = time.time()
    tasks = variant_tasks([*added, *twins], cache / "channel", options.seed, options.twin_variants)
    results = run(make_variants, tasks, options.jobs, voice_paths, options.nice)
    write_rows(cache / "engines-channel.jsonl", _finish("engines-channel", cache, results, started))


def _existing(cache: Path, names: tuple[str, ...]) -> list[Row]:
    return [row for name in names if (cache / name).exists() for row in read_rows(cache / name)]


def build_splices(options, originals, voice_paths) -> None:
    """Partly cloned clips of train and of dev."""
    started, cache = time.time(), options.cache
    rows = [*originals, *_existing(cache, ("twins.jsonl",))]
    tasks = [
        task
        for split, count in SPLICES.items()
        for task in splice_tasks(rows, split, count, cache / "spliced", options.seed)
    ]
    made = _finish("splices", cache, run(make_splice, tasks, options.jobs, (), options.nice), started)
    write_rows(cache / "spliced.jsonl", made)


def build_long(options, originals, voice_paths) -> None:
    """Recordings of half a minute of train and of dev."""
    started, cache = time.time(), options.cache
    tasks = [task for split in ("train", "dev") for task in long_tasks(originals, split, cache / "long")]
    made = _finish("long", cache, run(make_long, tasks, options.jobs, (), options.nice), started)
    write_rows(cache / "long.jsonl", made)


def build_list(options, originals, voice_paths) -> None:
    """variants.jsonl: all files there are, in the order of the stages."""
    names = (
        "variants-core.jsonl", "twins.jsonl", "twins-channel.jsonl",
        "engines.jsonl", "engines-twins.jsonl", "engines-channel.jsonl",
    )
    rows = _existing(options.cache, names)
    write_rows(options.cache / "variants.jsonl", rows)
    print(json.dumps({"stage": "list", "rows": len(rows)}), flush=True)


STAGES = {
    "core": build_core,
    "robustness": build_robustness,
    "twins": build_twins,
    "engines": build_engines,
    "splices": build_splices,
    "long": build_long,
    "list": build_list,
}
