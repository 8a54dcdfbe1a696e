"""From new clips to what training reads: degraded copies, feature rows, and one list with the old corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from .additions import each_once, hold_out_additions
from .corpus import load_clips
from .dataset import read_jsonl, write_jsonl
from .feedback import clip_id
from .make_corpus_channel import make_variants
from .make_corpus_plan import variant_tasks
from .make_corpus_pool import draw_voices, run, split_failures
from .make_corpus_rows import Row, write_rows
from .stages import prepare_features

VARIANTS = 3
"""Degraded copies of each new clip, as many as the corpus builder makes of its own."""


def run_folder(cache: Path, add: Sequence[str] = (), without: Sequence[str] = (), share: float = 1.0) -> Path:
    """Where a training with these options keeps its scores; the cache itself without any."""
    if not add and not without and share == 1.0:
        return cache
    name = hashlib.sha256(repr((sorted(add), sorted(without), share)).encode()).hexdigest()[:12]
    folder = cache / "runs" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def narrowed(variants: Path, options, folder: Path) -> Path:
    """The list of clips without those of the generators left out, and of train only the share that is wanted: a clip
    and what was made of it stay or go together."""
    if not options.without and options.share == 1.0:
        return variants
    is_drawn = lambda row: row["split"] != "train" or int(
        hashlib.sha256(row["clip"].encode()).hexdigest()[:8], 16) < options.share * 2**32
    rows = [row for row in read_jsonl(variants) if row["generator_key"] not in options.without and is_drawn(row)]
    write_jsonl(folder / "variants-narrowed.jsonl", rows)
    return folder / "variants-narrowed.jsonl"


def prepare_additions(variants: Path, added: list[Row], encoder: Path, options, folder: Path) -> tuple[Path, list[Path]]:
    """The list of old and new clips, and the folders of the new ones' features.

    Only what is new is degraded and extracted; what is not a recording is left out. The share held out to judge by is
    in the list as split `held`.
    """
    judged = [Path(row["path"]) for row in read_jsonl(variants)
              if row["kind"] == "original" and (row["split"] == "dev" or row["probe"])]
    taken = {clip_id(path) for path in judged if path.exists()}
    if overlap := [row.path for row in added if row.id in taken]:
        raise ValueError(f"{overlap[0]} is among the clips that models are judged by; so are {len(overlap) - 1} more")
    heard = each_once(_heard(added, encoder, folder))
    if added and not heard:
        raise ValueError(f"nothing of what is added is a recording that can be used: {', '.join(options.add)}")
    train, held = hold_out_additions(heard, options.hold_out)
    copies = _degrade(train, options, folder)
    rows = [*train, *copies, *held]
    write_rows(folder / "added.jsonl", rows)
    parts = prepare_features(folder / "added.jsonl", encoder, folder, {"train", "held"})
    known = read_jsonl(variants)
    write_jsonl(folder / "variants.jsonl", [*known, *(asdict(row) for row in rows)])
    print(f"added: {len(train)} clips to train on, {len(copies)} degraded copies, {len(held)} to judge by", flush=True)
    return folder / "variants.jsonl", parts


def _heard(rows: list[Row], encoder: Path, folder: Path) -> list[Row]:
    """Those that the extractor can use. The others are told of: folders also hold notes, pictures and the like."""
    write_rows(folder / "added.jsonl", list({row.id: row for row in rows}.values()))
    parts = prepare_features(folder / "added.jsonl", encoder, folder, {"train"})
    refused = {error["id"]: error for part in parts for error in read_jsonl(part / "errors.jsonl")}
    for row in rows:
        if error := refused.get(row.id):
            print(f"left out, {row.path}: {error['code']}: {error['message']}", flush=True)
    return [row for row in rows if row.id not in refused]


def _degrade(rows: list[Row], options, folder: Path) -> list[Row]:
    voices = draw_voices(load_clips(options.corpus), options.corpus, options.seed)
    tasks = variant_tasks(rows, folder / "channel", options.seed, VARIANTS)
    made, failures = split_failures(run(make_variants, tasks, 2, voices))
    for failure in failures:
        print(f"left out, {failure.id}: {failure.message}", flush=True)
    return made
