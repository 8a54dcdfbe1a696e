"""What the evaluation reads: the corpus manifest and the scores that training left.

A scores file `scores-<protocol>.jsonl` has one object a line:
  path      the corpus clip (of a degraded copy: the clip it was made of)
  kind      "original", or the name of the condition or copy; missing = "original"
  p_fake    calibrated score of the full ensemble, 0..1
  classic   calibrated score of the three classic members (optional)
  members   {name: calibrated score} (optional)
  decision  {status, reasons: [code or {code, …}]} or the status alone (optional)
`scores-spliced.jsonl` has {id, label: real|fake|spliced, p_fake, partially_cloned,
segments: [{start_sec, end_sec, p_fake, label: 0|1}]}, `scores-long.jsonl` {id, label, source, p_fake, decision,
partially_cloned, clips: [path]}.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .corpus import page_group
from .corpus_keys import canonical_generator
from .dataset import read_jsonl
from .decide import near_threshold_of
from .engines_recorded import RECORDED

PROTOCOLS = ("cv", "dev", "random", "robustness")
ORIGINAL_KINDS = ("original", "clean")


def load_judged_clips(corpus: Path) -> list[dict]:
    """The manifest's rows with canonical `generator_key`, with `page_group` and `generator_known` (to training)."""
    clips = read_jsonl(corpus / "manifest.jsonl")
    for clip in clips:
        clip["page_group"] = page_group(clip["source"])
        clip["language"] = clip["language"] or "und"
        clip["generator_key"] = canonical_generator(clip["generator_key"]) if clip["generator_key"] else None
    trained = {
        clip["generator_key"]
        for clip in clips
        if clip["split"] == "train" and clip["label"] == "fake" and not clip["probe"]
    } | {recorded.generator_key for recorded in RECORDED}
    for clip in clips:
        clip["generator_known"] = clip["label"] == "fake" and clip["generator_key"] in trained
    return clips


def load_score_rows(cache: Path, protocol: str) -> list[dict]:
    """Rows of one protocol, [] when training has not written it. Raises ValueError on a score outside 0..1."""
    file = cache / f"scores-{protocol}.jsonl"
    rows = read_jsonl(file) if file.exists() else []
    for row in rows:
        if not 0.0 <= row["p_fake"] <= 1.0:
            raise ValueError(f"{file.name}: p_fake of {row.get('path', row.get('id'))} is outside 0..1")
    return rows


def kinds_of(rows: Sequence[dict]) -> dict[str, list[dict]]:
    """Rows by kind; every name of untouched clips becomes `original`."""
    table: dict[str, list[dict]] = {}
    for row in rows:
        kind = row.get("kind") or "original"
        table.setdefault("original" if kind in ORIGINAL_KINDS else kind, []).append(row)
    return table


def systems_of(rows: Sequence[dict]) -> dict[str, dict[str, float]]:
    """system -> path -> score: `fusion`, `classic` where given, then each member by name.

    Raises ValueError when a path occurs twice, since one of its scores would vanish.
    """
    systems: dict[str, dict[str, float]] = {"fusion": {}}
    for row in rows:
        if row["path"] in systems["fusion"]:
            raise ValueError(f"two scores for {row['path']}")
        systems["fusion"][row["path"]] = row["p_fake"]
        if row.get("classic") is not None:
            systems.setdefault("classic", {})[row["path"]] = row["classic"]
        for name, p_fake in (row.get("members") or {}).items():
            systems.setdefault(name, {})[row["path"]] = p_fake
    return systems


def decisions_of(rows: Sequence[dict]) -> dict[str, dict]:
    """path -> {status, reasons: [code]} of the rows that carry a decision."""
    table = {}
    for row in rows:
        decision = row.get("decision")
        if isinstance(decision, str):
            decision = {"status": decision, "reasons": []}
        if decision:
            codes = [reason if isinstance(reason, str) else reason["code"] for reason in decision.get("reasons", [])]
            table[row["path"]] = {"status": decision["status"], "reasons": codes}
    return table


def load_thresholds(cache: Path, bundle: Path) -> dict[str, float] | None:
    """Profile -> threshold of the models that made the scores (cache/thresholds.json), else the bundle's."""
    own = cache / "thresholds.json"
    if own.exists():
        return json.loads(own.read_text(encoding="utf-8"))
    return _manifest_of(bundle).get("thresholds")


def load_near_threshold(bundle: Path) -> dict[str, float] | None:
    """The bundle's limits of the reason `near_threshold`, in logits, for each result."""
    limits = _manifest_of(bundle).get("limits")
    return near_threshold_of(limits) if limits else None


def _manifest_of(bundle: Path) -> dict:
    file = bundle / "manifest.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
