"""New labelled clips as rows of the corpus lists: from a folder, a list, or kept feedback.

A folder holds `real/` and `fake/` (below `fake/` a folder a generator may stand), or `labels.csv` with the columns
path and label. A list is JSON lines with path and label. Both may say generator, source, language and speaker;
paths are relative to the list. The word `feedback` stands for what the service keeps by its submitters' consent.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

from .corpus import page_group
from .corpus_keys import canonical_generator
from .dataset import read_jsonl
from .feedback import FEEDBACK, clip_id, export_feedback
from .make_corpus_rows import Row

LABELS = ("real", "fake")
SPLIT_SALT = "held out of training"
MIN_SOURCES = 3
"""A generator with so many sources is held out by source, one with fewer by clip."""


def read_additions(given: list[str], cache: Path) -> list[Row]:
    """Rows (split `train`, kind `original`) of all that is given, whether or not it can be heard.

    Raises ValueError naming the file and line of a clip that is not there or has no usable label.
    """
    return [row for name in given for row in _read_one(name, cache)]


def each_once(rows: list[Row]) -> list[Row]:
    """Each recording once, by its bytes. Raises ValueError where the same bytes come with both labels."""
    found: dict[str, Row] = {}
    for row in rows:
        before = found.setdefault(row.id, row)
        if before.label != row.label:
            raise ValueError(f"{row.path}: the same recording is {before.label} as {before.path}")
    return list(found.values())


def hold_out_additions(rows: list[Row], share: float) -> tuple[list[Row], list[Row]]:
    """Rows to train on and rows to judge by: `share` of each generator (and of the real clips), drawn by hash."""
    held_keys = set()
    for generator in sorted({row.generator_key or "" for row in rows}):
        own = [row for row in rows if (row.generator_key or "") == generator]
        sources = sorted({row.page_group for row in own})
        units = sources if len(sources) >= MIN_SOURCES else sorted(row.id for row in own)
        ranked = sorted(units, key=lambda unit: hashlib.sha256(f"{SPLIT_SALT} {generator} {unit}".encode()).hexdigest())
        held_keys |= {(generator, unit) for unit in ranked[: round(share * len(units))]}
    is_held = lambda row: bool({(row.generator_key or "", row.page_group), (row.generator_key or "", row.id)} & held_keys)
    return [row for row in rows if not is_held(row)], [replace(row, split="held") for row in rows if is_held(row)]


def _read_one(name: str, cache: Path) -> list[Row]:
    path = Path(name)
    if name == FEEDBACK:
        return _from_list(export_feedback(cache), f"{FEEDBACK}:")
    if path.is_file():
        return _from_list(path, "")
    if (path / "labels.csv").exists():
        with (path / "labels.csv").open(encoding="utf-8-sig", newline="") as table:
            return [_row(given, path, f"labels.csv line {at}") for at, given in enumerate(csv.DictReader(table), 2)]
    if not any((path / label).is_dir() for label in LABELS):
        raise ValueError(f"{path}: neither a list, nor a folder with real/, fake/ or labels.csv")
    return [row for label in LABELS for row in _from_folder(path, label)]


def _from_list(path: Path, source_prefix: str) -> list[Row]:
    rows = [_row(given, path.parent, f"{path.name} line {at}") for at, given in enumerate(read_jsonl(path), 1)]
    return [replace(row, source=source_prefix + row.source, page_group=source_prefix + row.page_group) for row in rows]


def _from_folder(folder: Path, label: str) -> list[Row]:
    rows = []
    for file in sorted(file for file in (folder / label).rglob("*") if file.is_file()):
        *below, name = file.relative_to(folder / label).parts
        if any(part.startswith(".") for part in (*below, name)):
            continue
        generator = below[0] if below and label == "fake" else None
        rows.append(_row({"path": str(file.relative_to(folder)), "label": label, "generator": generator}, folder, name))
    return rows


def _row(given: dict, folder: Path, where: str) -> Row:
    label, file = given.get("label"), (folder / (given.get("path") or "")).resolve()
    if label not in LABELS or not file.is_file():
        raise ValueError(f"{folder / where}: needs a path to a file and a label real or fake, says {given}")
    source = given.get("source") or folder.resolve().name
    name = clip_id(file)
    generator = given.get("generator") or source
    return Row(
        id=name, path=str(file), clip=name, kind="original", variant="original",
        label=label, split="train", probe=False, source=source,
        generator_key=canonical_generator(generator) or None if label == "fake" else None,
        family=given.get("family"), speaker=given.get("speaker"), language=given.get("language") or "und",
        pair=None, page_group=page_group(source),
    )
