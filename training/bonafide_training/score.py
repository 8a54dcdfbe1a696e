"""Score dev, its degraded copies, the robustness set, the spliced clips and recordings of half a minute with the product.

node setup/python.mjs bonafide_training.score --corpus DIR --cache DIR --bundle DIR [--only dev robustness spliced long]

Writes scores-dev.jsonl, scores-robustness.jsonl, scores-spliced.jsonl and scores-long.jsonl into the cache. The bundle
must be one that was fitted on `train` alone.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from .dataset import read_jsonl, write_jsonl
from .product import analyze, score_row


def score_dev(corpus: Path, cache: Path, bundle: Path) -> list[dict]:
    """Every dev clip with the score of both ensembles, and every degraded copy of one."""
    clips = [clip["path"] for clip in read_jsonl(corpus / "manifest.jsonl") if clip["split"] == "dev"]
    files = [corpus / path for path in clips]
    full, classic = analyze(files, bundle), analyze(files, bundle, "--ensemble", "classic")
    rows = [
        score_row(path, "original", report) | {"classic": three["p_fake"]}
        for path, report, three in zip(clips, full, classic, strict=True)
        if report["success"] and three["success"]
    ]
    copies = [clip for clip in read_jsonl(cache / "variants.jsonl") if clip["split"] == "dev" and clip["kind"] == "channel"]
    return rows + score_copies(copies, bundle, lambda clip: "degraded")


def score_copies(clips: list[dict], bundle: Path, kind_of) -> list[dict]:
    """Rows of clips that the project made of dev clips."""
    reports = analyze([Path(clip["path"]) for clip in clips], bundle)
    report_refusals(reports)
    return [score_row(clip["clip"], kind_of(clip), report) for clip, report in zip(clips, reports) if report["success"]]


def score_robustness(corpus: Path, cache: Path, bundle: Path) -> list[dict]:
    return score_copies(read_jsonl(cache / "robustness.jsonl"), bundle, lambda clip: clip["variant"])


def score_spliced(corpus: Path, cache: Path, bundle: Path) -> list[dict]:
    """The spliced clips of dev and their controls; each true segment with the score told for its time."""
    clips = [clip for clip in read_jsonl(cache / "spliced.jsonl") if clip["split"] == "dev"]
    reports = analyze([Path(clip["path"]) for clip in clips], bundle)
    report_refusals(reports)
    return [
        {
            "id": clip["id"],
            "label": clip["label"] if clip["kind"] == "splice-control" else "spliced",
            "p_fake": report["p_fake"],
            "partially_cloned": report["partially_cloned"],
            "segments": [truth | {"p_fake": told_for(truth, report["windows"])} for truth in clip["segments"]],
        }
        for clip, report in zip(clips, reports)
        if report["success"]
    ]


def score_long(corpus: Path, cache: Path, bundle: Path) -> list[dict]:
    """Recordings of half a minute of dev, each with the clips that it is made of."""
    clips = [clip for clip in read_jsonl(cache / "long.jsonl") if clip["split"] == "dev"]
    reports = analyze([Path(clip["path"]) for clip in clips], bundle)
    report_refusals(reports)
    return [
        {key: clip[key] for key in ("id", "label", "source", "clips")}
        | {key: report[key] for key in ("p_fake", "decision", "partially_cloned")}
        for clip, report in zip(clips, reports)
        if report["success"]
    ]


def told_for(truth: dict, windows: list[dict]) -> float | None:
    """Mean `p_fake` of the report's timeline over the time of `truth`; None where nobody speaks."""
    overlaps = [
        (max(0.0, min(truth["end_sec"], told["end_sec"]) - max(truth["start_sec"], told["start_sec"])), told["p_fake"])
        for told in windows
        if told["p_fake"] is not None
    ]
    total = sum(length for length, _ in overlaps)
    return sum(length * p_fake for length, p_fake in overlaps) / total if total > 0 else None


def report_refusals(reports: list[dict]) -> None:
    refused = Counter(report["error"]["code"] for report in reports if not report["success"])
    if refused:
        print(f"  refused: {json.dumps(refused)}")


SETS = {"dev": score_dev, "robustness": score_robustness, "spliced": score_spliced, "long": score_long}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with manifest.jsonl")
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"))
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=tuple(SETS), default=list(SETS))
    options = parser.parse_args()
    for name in options.only:
        rows = SETS[name](options.corpus.resolve(), options.cache.resolve(), options.bundle.resolve())
        write_jsonl(options.cache / f"scores-{name}.jsonl", rows)
        print(f"{name}: {len(rows)} rows", flush=True)


if __name__ == "__main__":
    main()
