"""What training needs before it can fit: the corpus with its variants, the encoder, the features of every window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from .dataset import AUGMENTATION, read_jsonl, write_jsonl
from .encoder import export_encoder, export_without_stretches
from .folds import is_made, is_validation

# What an extraction that is broken off loses at most; each part begins by loading the encoder.
CLIPS_A_PART = 2400
JOBS = os.cpu_count() or 1
# Whose frames tell the encoder's directions.
HEARD_CLIPS = 400


def prepare_variants(corpus: Path, cache: Path) -> Path:
    """variants.jsonl of the corpus; made where it is missing."""
    variants = cache / "variants.jsonl"
    if not variants.exists():
        subprocess.run([sys.executable, "-m", "bonafide_training.make_corpus", "--corpus", str(corpus), "--cache",
                        str(cache)], check=True)
    return variants


def prepare_encoder(variants: Path, cache: Path, seed: int) -> Path:
    """encoder.onnx; where it is missing, with the directions of a draw of the train clips and their degraded copies."""
    encoder = cache / "encoder.onnx"
    if not encoder.exists():
        clips = [clip for clip in read_jsonl(variants)
                 if clip["split"] == "train" and is_validation(clip)]
        clips.sort(key=lambda clip: clip["id"])
        drawn = np.random.default_rng(seed).choice(len(clips), min(HEARD_CLIPS, len(clips)), replace=False)
        export_encoder(encoder, cache, [Path(clips[at]["path"]) for at in sorted(drawn)])
    return encoder


def prepare_features(variants: Path, encoder: Path, cache: Path, splits: set[str]) -> list[Path]:
    """Folders of the extractor's output, a part each; parts that are there are kept.

    Clips that may be judged are measured as the product measures them, at the speeds of AUGMENTATION besides.
    """
    clips = [clip for clip in read_jsonl(variants) if clip["split"] in splits and not clip["probe"]]
    clips.sort(key=lambda clip: (clip["kind"] != "original", clip["split"] != "train"))
    done = sorted(part.parent for part in (cache / "features").glob("*/ok"))
    known = {window["id"] for part in done for window in read_jsonl(part / "windows.jsonl")}
    known |= {error["id"] for part in done for error in read_jsonl(part / "errors.jsonl")}
    todo = [{"id": clip["id"], "path": clip["path"], "copies": not is_made(clip)}
            for clip in clips if clip["id"] not in known]
    if not todo:
        return done
    print(f"features: {len(todo)} recordings to extract, {len(known)} in the cache", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        of_windows = Path(scratch) / "encoder.onnx"
        export_without_stretches(encoder, of_windows)
        for start in range(0, len(todo), CLIPS_A_PART):
            part = cache / "features" / f"{len(done):03d}"
            part.mkdir(parents=True, exist_ok=True)
            _extract(part, todo[start : start + CLIPS_A_PART], of_windows)
            done.append(part)
    return done


def _extract(part: Path, clips: list[dict], encoder: Path) -> None:
    write_jsonl(part / "list.jsonl", clips)
    subprocess.run(["npm", "run", "--silent", "features", "--", "--list", str(part / "list.jsonl"), "--out",
                    str(part), "--names", "candidates", "--encoder", str(encoder), "--jobs", str(JOBS),
                    "--augmentation", json.dumps(AUGMENTATION)], check=True)
    (part / "ok").touch()
