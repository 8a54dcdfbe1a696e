"""Recordings kept for training by their submitters' consent: fetched anew, and what was taken back forgotten.

node setup/python.mjs bonafide_training.feedback --cache DIR

The service removes its copy when somebody takes it back; what earlier trainings made of it (degraded copies, feature
rows, scores) lies in their folders below CACHE/runs, and goes with the next export: before every training with
`--add feedback`, or by this command alone.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
from pathlib import Path

from .dataset import read_jsonl
from .product import REPOSITORY

FEEDBACK = "feedback"


def clip_id(file: Path) -> str:
    """The id of an added clip: by its bytes, whatever it is called."""
    return f"added:{hashlib.sha256(file.read_bytes()).hexdigest()[:24]}"


def export_feedback(cache: Path) -> Path:
    """The list of what is kept and in force, with the recordings beside it; forgets all else that was exported."""
    out = cache / FEEDBACK
    command = ["npm", "run", "--silent", FEEDBACK, "--", "export", "--out", str(out.resolve())]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    listed = out / "manifest.jsonl"
    for run in forget_withdrawn(cache, {clip_id(out / row["path"]) for row in read_jsonl(listed)}):
        print(f"emptied {run}: it held what was made of recordings that are no longer kept", flush=True)
    return listed


def forget_withdrawn(cache: Path, kept: set[str]) -> list[Path]:
    """Empties the folder of every training that had feedback which is not in `kept`; the folders.

    As a whole: all that is in it can be made again, and scores and feature rows tell of a recording as its copies do.
    """
    emptied = []
    for listed in sorted((cache / "runs").glob("*/added.jsonl")):
        had = {row["clip"] for row in read_jsonl(listed) if row["source"].startswith(f"{FEEDBACK}:")}
        if had - kept:
            shutil.rmtree(listed.parent)
            listed.parent.mkdir()
            emptied.append(listed.parent)
    return emptied


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    export_feedback(parser.parse_args().cache)


if __name__ == "__main__":
    main()
