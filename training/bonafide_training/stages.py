"""What training needs before it can fit: the corpus with its variants, the encoders, the features of every window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import onnx

from .dataset import FIRST_ENCODER, FURTHER_ENCODERS, read_jsonl, write_jsonl
from .encoder import export_encoder
from .encoder_graph import EncoderSpec
from .folds import is_made
from .quality_graph import build_quality_encoder
from .quality_weights import read_variables

ENCODER = EncoderSpec(levels=("conv", "1", "2", "3"), poolings=("mean", "std"), weights="int8")
CLIPS_A_PART = 600
JOBS = 2


def prepare_variants(corpus: Path, cache: Path) -> Path:
    """variants.jsonl of the corpus; made where it is missing."""
    variants = cache / "variants.jsonl"
    if not variants.exists():
        subprocess.run([sys.executable, "-m", "bonafide_training.make_corpus", "--corpus", str(corpus), "--cache",
                        str(cache)], check=True)
    return variants


def prepare_encoders(cache: Path) -> dict[str, Path]:
    """The frozen encoders as graphs from waveform to embedding, by name."""
    paths = {"speech": cache / "encoder.onnx", "quality": cache / "encoder-quality.onnx"}
    if not paths["speech"].exists():
        export_encoder(paths["speech"], ENCODER, cache)
    if not paths["quality"].exists():
        onnx.save(build_quality_encoder(read_variables(cache)), str(paths["quality"]))
    return paths


def prepare_features(variants: Path, encoders: dict[str, Path], cache: Path, splits: set[str]) -> list[Path]:
    """Folders of the extractor's output, a part each, with what the first encoder heard of each window; what the
    others heard lies beside them. Parts that are there are kept."""
    clips = [clip for clip in read_jsonl(variants) if clip["split"] in splits and not clip["probe"]]
    clips.sort(key=lambda clip: (clip["kind"] != "original", clip["split"] != "train"))
    for name in FURTHER_ENCODERS:
        _prepare_parts(cache / name, [clip for clip in clips if is_heard_by_all(clip)], "none", encoders[name])
    return _prepare_parts(cache / "features", clips, "candidates", encoders[FIRST_ENCODER])


def is_heard_by_all(clip: dict) -> bool:
    """A slow encoder hears every clip and one degraded copy of each recording, not all of them."""
    return clip["kind"] != "channel" or (clip["variant"] in ("ch0", "degraded") and not is_made(clip))


def _prepare_parts(folder: Path, clips: list[dict], names: str, encoder: Path) -> list[Path]:
    done = sorted(part.parent for part in folder.glob("*/ok"))
    known = {window["id"] for part in done for window in read_jsonl(part / "windows.jsonl")}
    known |= {error["id"] for part in done for error in read_jsonl(part / "errors.jsonl")}
    todo = [{"id": clip["id"], "path": clip["path"]} for clip in clips if clip["id"] not in known]
    for start in range(0, len(todo), CLIPS_A_PART):
        part = folder / f"{len(done):03d}"
        part.mkdir(parents=True, exist_ok=True)
        write_jsonl(part / "list.jsonl", todo[start : start + CLIPS_A_PART])
        subprocess.run(["npm", "run", "--silent", "features", "--", "--list", str(part / "list.jsonl"), "--out",
                        str(part), "--names", names, "--encoder", str(encoder), "--jobs", str(JOBS)], check=True)
        (part / "ok").touch()
        done.append(part)
    return done
