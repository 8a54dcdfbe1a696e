"""Recordings through the product's own command line: files in, reports out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CLIPS_PER_CALL = 400
"""Keeps the command line well below the system's limit."""


def analyze(files: Sequence[Path], bundle: Path, *options: str) -> list[dict]:
    """One report a file, in their order; a refused file's has `success` false and a coded error.

    Raises RuntimeError where the command did not answer for every file.
    """
    reports: list[dict] = []
    for start in range(0, len(files), CLIPS_PER_CALL):
        part = [str(file.resolve()) for file in files[start : start + CLIPS_PER_CALL]]
        command = ["npm", "run", "--silent", "analyze", "--", "--json", "--models", str(bundle.resolve()), *options]
        done = subprocess.run([*command, *part], cwd=REPOSITORY, capture_output=True, text=True, check=False)
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if len(answers) != len(part):
            raise RuntimeError(f"{len(part)} files gave {len(answers)} reports: {done.stderr.strip()[-500:]}")
        reports += answers
    return reports


def score_row(path: str, kind: str, report: dict) -> dict:
    """A row of `evaluation_input` from a report; member scores from their predictions in per cent."""
    members = {}
    for name, answer in report["model_predictions"].items():
        share = answer["confidence"] / 100
        members[name] = share if answer["prediction"] == "fake" else 1 - share
    return {"path": path, "kind": kind, "p_fake": report["p_fake"], "members": members, "decision": report["decision"]}
