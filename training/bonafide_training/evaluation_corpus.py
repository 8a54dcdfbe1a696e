"""What was judged, in counts: the part of an evaluation that says which recordings its figures rest on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SPLITS = ("train", "dev")


def describe_corpus(corpus: Path, clips: Sequence[dict]) -> dict:
    """Hash of the manifest, clips by split and label, languages, families and generators, and one row a source."""
    judged = [clip for clip in clips if not clip["probe"]]
    fakes = [clip for clip in judged if clip["label"] == "fake"]
    return {
        "manifest_sha256": hashlib.sha256((corpus / "manifest.jsonl").read_bytes()).hexdigest(),
        "clips": _counts(judged, "label"),
        "probes": sum(clip["probe"] for clip in clips),
        "minutes": {
            split: round(sum(clip["duration"] for clip in judged if clip["split"] == split) / 60, 1) for split in SPLITS
        },
        "languages": _counts(judged, "language"),
        "families": _counts(fakes, "family"),
        "generators": _counts(fakes, "generator_key"),
        "sources": _sources(judged),
    }


def _counts(clips: Sequence[dict], key: str) -> dict[str, dict[str, int]]:
    """split -> value -> clips, most frequent first."""
    return {
        split: dict(Counter(clip[key] for clip in clips if clip["split"] == split).most_common()) for split in SPLITS
    }


def _sources(clips: Sequence[dict]) -> list[dict]:
    rows: dict[tuple[str, str], dict] = {}
    for clip in clips:
        key = (clip["split"], clip["source"])
        empty = {"split": key[0], "source": key[1], "licence": clip["licence"] or "unstated"}
        row = rows.setdefault(key, {**empty, "real": 0, "fake": 0})
        row[clip["label"]] += 1
    return sorted(rows.values(), key=lambda row: (row["split"], -(row["real"] + row["fake"]), row["source"]))
