"""Scores of an outside detector: a CSV with the columns `path` and `score`, higher = fake, any scale."""

from __future__ import annotations

import csv
import math
from pathlib import Path


def read_scores_csv(file: Path) -> dict[str, float]:
    """Read path -> score. Raises ValueError naming the line of a missing column, a bad number or a path given twice."""
    scores: dict[str, float] = {}
    with file.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        missing = {"path", "score"} - set(reader.fieldnames or [])
        if missing:
            raise ValueError(f"{file.name}: column missing: {', '.join(sorted(missing))}")
        for row in reader:
            where = f"{file.name}, line {reader.line_num}"
            path, score = row["path"], _finite(row["score"], where)
            if path in scores:
                raise ValueError(f"{where}: {path} is given twice")
            scores[path] = score
    return scores


def _finite(text: str, where: str) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: not a number: {text!r}") from error
    if not math.isfinite(value):
        raise ValueError(f"{where}: not a finite number: {text!r}")
    return value
