"""Scores the dev clips by the product's own command line, with a bundle fitted on train alone: scores-dev.jsonl."""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

from .dataset import read_jsonl, write_jsonl


def score_files(corpus: Path, paths: list[str], bundle: Path) -> list[dict]:
    """One row a clip that could be analysed, in the order of `paths` (relative to the corpus)."""
    command = ["npm", "run", "--silent", "analyze", "--", "--json", "--models", str(bundle),
               *(str(corpus / path) for path in paths)]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return [row_of(path, json.loads(line)) for path, line in zip(paths, lines, strict=True)
            if json.loads(line)["success"]]


def row_of(path: str, report: dict) -> dict:
    members = {
        name: abs((member["prediction"] == "real") - member["confidence"] / 100)
        for name, member in report["model_predictions"].items()
    }
    return {"path": path, "kind": "original", "p_fake": report["p_fake"], "members": members,
            "decision": report["decision"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    parser.add_argument("--bundle", type=Path, required=True)
    options = parser.parse_args()
    paths = [clip["path"] for clip in read_jsonl(options.corpus / "manifest.jsonl") if clip["split"] == "dev"]
    rows = score_files(options.corpus.resolve(), paths, options.bundle.resolve())
    write_jsonl(options.cache / "scores-dev.jsonl", rows)
    print(f"{len(rows)} of {len(paths)} dev clips scored")


if __name__ == "__main__":
    main()
