"""Scores of dev clips from the shipped bundle, through the real command line: file in, report out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from .evaluation_input import load_judged_clips
from .product import analyze, score_row


def score_live(bundle: Path, corpus: Path) -> list[dict]:
    """Score rows (as in `evaluation_input`) of every dev clip that the pipeline answers.

    Clips it refuses, with a coded error, get no row. Raises RuntimeError when nothing at all is answered.
    """
    paths = [clip["path"] for clip in load_judged_clips(corpus) if clip["split"] == "dev"]
    reports = analyze([corpus / path for path in paths], bundle)
    rows = [score_row(path, "original", report) for path, report in zip(paths, reports) if report["success"]]
    if not rows:
        codes = Counter(report["error"]["code"] for report in reports)
        raise RuntimeError(f"the pipeline answered no clip: {dict(codes)}")
    return rows
