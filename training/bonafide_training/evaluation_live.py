"""Scores of dev clips from the shipped bundle, through the real command line: file in, report out."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from .evaluation_input import load_judged_clips

CLIPS_PER_CALL = 400
"""Keeps the command line well below the system's limit."""


def score_live(repository: Path, bundle: Path, corpus: Path) -> list[dict]:
    """Score rows (as in `evaluation_input`) of every dev clip that the pipeline answers.

    Clips it refuses, with a coded error, get no row. Raises RuntimeError when nothing at all is answered.
    """
    paths = [clip["path"] for clip in load_judged_clips(corpus) if clip["split"] == "dev"]
    rows: list[dict] = []
    refused: Counter[str] = Counter()
    for start in range(0, len(paths), CLIPS_PER_CALL):
        part = paths[start : start + CLIPS_PER_CALL]
        for path, report in zip(part, _analyze(repository, bundle, corpus, part), strict=True):
            if report["success"]:
                rows.append(row_of(path, report))
            else:
                refused[report["error"]["code"]] += 1
    if not rows:
        raise RuntimeError(f"the pipeline answered no clip: {dict(refused)}")
    return rows


def _analyze(repository: Path, bundle: Path, corpus: Path, paths: Sequence[str]) -> list[dict]:
    """One report a path, in order. Exit status 1 only says that some clip was refused."""
    command = ["npm", "run", "--silent", "analyze", "--", "--json", "--models", str(bundle.resolve())]
    files = [str((corpus / path).resolve()) for path in paths]
    done = subprocess.run([*command, *files], cwd=repository, capture_output=True, text=True, check=False)
    reports = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if len(reports) != len(paths):
        raise RuntimeError(f"{len(paths)} clips gave {len(reports)} reports: {done.stderr.strip()[-500:]}")
    return reports


def row_of(path: str, report: dict) -> dict:
    """A score row from a report; member scores from their predictions in per cent."""
    members = {}
    for name, answer in report["model_predictions"].items():
        share = answer["confidence"] / 100
        members[name] = share if answer["prediction"] == "fake" else 1 - share
    return {
        "path": path,
        "kind": "original",
        "p_fake": report["p_fake"],
        "members": members,
        "decision": report["decision"],
    }
