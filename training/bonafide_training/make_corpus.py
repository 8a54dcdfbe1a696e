"""Build the training corpus beside the recordings: channel variants, twins, engines, splices.

python -m bonafide_training.make_corpus --corpus DIR --cache DIR --seed 7 [--variants 3] [--jobs 2]

Everything goes under --cache. A second run skips what exists, so an interrupted one goes on. Lists:
variants-core.jsonl (originals and their channels), robustness.jsonl, then, as their stages end,
variants.jsonl (all of it) and spliced.jsonl.
"""

import argparse
import json
import time
from pathlib import Path

from . import copysynth_mbmelgan as melgan
from .copysynth import statistics_path
from .corpus import load_clips
from .corpus_audio import load
from .make_corpus_channel import make_robustness, make_variants
from .make_corpus_plan import robustness_tasks, variant_tasks
from .make_corpus_pool import draw_voices, run, split_failures
from .make_corpus_rows import original_row, write_rows
from .make_corpus_twins import FIT_VOICES, make_twins, twin_tasks

STAGES = ("core", "robustness", "twins")


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
    tasks = twin_tasks(originals, options.codecs, options.cache, options.seed)
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


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Options of the command; paths as Path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of manifest.jsonl")
    parser.add_argument("--cache", type=Path, required=True, help="where everything is written")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--variants", type=int, default=3, help="channels of each train clip")
    parser.add_argument("--twin-variants", type=int, default=1, help="channels of each twin and engine clip")
    parser.add_argument("--robustness-per-class", type=int, default=120, help="dev clips of each class")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--nice", type=int, default=10)
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> None:
    """Run the stages in order."""
    options = parse_arguments(argv)
    clips = load_clips(options.corpus)
    originals = [original_row(clip, options.corpus) for clip in clips]
    options.codecs = {clip.path: clip.codec for clip in clips}
    voice_paths = draw_voices(clips, options.corpus, options.seed)
    builders = {"core": build_core, "robustness": build_robustness, "twins": build_twins}
    for stage in options.stages:
        builders[stage](options, originals, voice_paths)


if __name__ == "__main__":
    main()
