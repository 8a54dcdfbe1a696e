"""Rows of the builder's lists: one JSON object a file, the same fields for every kind."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from .corpus import Clip, page_group


@dataclass(frozen=True)
class Row:
    """One audio file. `clip` is the origin's path in the corpus (or the engine clip's own id).

    `kind` is original, channel, twin or engine; `degradation` says what the channel did.
    """

    id: str
    path: str
    clip: str
    kind: str
    variant: str
    label: str
    split: str
    probe: bool
    source: str
    generator_key: str | None
    family: str | None
    speaker: str | None
    language: str
    pair: str | None
    page_group: str
    degradation: tuple[str, ...] = ()


def original_row(clip: Clip, corpus: Path) -> Row:
    """The row of a corpus file itself."""
    return Row(
        id=clip.path,
        path=str(corpus / clip.path),
        clip=clip.path,
        kind="original",
        variant="original",
        label=clip.label,
        split=clip.split,
        probe=clip.probe,
        source=clip.source,
        generator_key=clip.generator_key,
        family=clip.family,
        speaker=clip.speaker,
        language=clip.language,
        pair=clip.pair,
        page_group=page_group(clip.source),
    )


def derived_row(parent: Row, folder: Path, kind: str, variant: str) -> Row:
    """A row made from `parent`; its file name is a hash, so that no path gives anything away."""
    name = f"{parent.id}#{variant}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:20]
    return replace(
        parent, id=name, path=str(folder / digest[:2] / f"{digest}.flac"), kind=kind, variant=variant, degradation=()
    )


def write_rows(path: Path, rows: list) -> None:
    """Write rows as JSON lines by temporary name and rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row if isinstance(row, dict) else asdict(row), ensure_ascii=False) + "\n")
    partial.replace(path)


def read_rows(path: Path) -> list[Row]:
    """Rows of a list that write_rows wrote."""
    with path.open(encoding="utf-8") as lines:
        raw = [json.loads(line) for line in lines]
    return [Row(**{**row, "degradation": tuple(row["degradation"])}) for row in raw]
