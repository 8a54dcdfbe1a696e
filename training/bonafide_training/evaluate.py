"""`npm run evaluate`: judge a bundle from the scores training left in the cache, or any detector from a CSV.

npm run evaluate -- --corpus CORPUS --cache CACHE --bundle models/NAME   print, write evaluation.json and the card
npm run evaluate -- --corpus CORPUS --scores FILE.csv                    judge only an outside detector
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from .card import write_card
from .evaluation_input import load_judged_clips
from .evaluation_live import score_live
from .evaluation_print import SYSTEM_HEAD, render, system_row, table
from .evaluation_report import Options, build_report, judge_outside
from .scores_csv import read_scores_csv

REPLICATES = 1000


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Command line; the corpus and the cache may come from BONAFIDE_CORPUS and BONAFIDE_CACHE."""
    parser = argparse.ArgumentParser(
        prog="npm run evaluate --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--corpus", type=Path, default=os.environ.get("BONAFIDE_CORPUS"), help="folder with manifest.jsonl"
    )
    parser.add_argument(
        "--cache", type=Path, default=os.environ.get("BONAFIDE_CACHE"), help="folder with scores-*.jsonl from training"
    )
    parser.add_argument("--bundle", type=Path, help="folder of the bundle, such as models/NAME")
    parser.add_argument(
        "--scores",
        type=Path,
        action="append",
        default=[],
        help="CSV path,score of another detector (higher = fake); repeatable",
    )
    parser.add_argument(
        "--live", action="store_true", help="also score dev clips through the shipped bundle and the real pipeline"
    )
    parser.add_argument(
        "--card", type=Path, help="where the model card goes (default: MODEL_CARD.md beside the bundle folder)"
    )
    parser.add_argument("--replicates", type=int, default=REPLICATES, help="bootstrap replicates (default %(default)s)")
    given = parser.parse_args(arguments)
    if given.corpus is None:
        parser.error("say where the corpus is: --corpus PATH")
    if given.bundle is None and not given.scores:
        parser.error("nothing to judge: give --bundle DIR or --scores FILE.csv")
    if given.bundle is not None and given.cache is None:
        parser.error("say where training left its scores: --cache DIR")
    return given


def detector_name(file: Path) -> str:
    """`aasist` for aasist-scores.csv."""
    return file.stem.removesuffix("-scores")


def evaluate_outside(given: argparse.Namespace, outside: dict[str, dict[str, float]]) -> None:
    """Print one line a detector and split, and its worst generators."""
    clips = load_judged_clips(given.corpus)
    parts = {split: [clip for clip in clips if clip["split"] == split] for split in ("train", "dev")}
    judged = judge_outside(parts, outside, given.replicates)
    for name, by_split in judged.items():
        for split, figures in by_split.items():
            print(table(SYSTEM_HEAD, [system_row(f"{name} on {split}", figures)]))
            worst = [
                [row["name"], row["family"], str(row["n"]), f"{100 * row['eer']:.1f}"]
                for row in figures.get("worst_generators", [])
            ]
            print("\n" + table(("generator", "family", "clips", "EER"), worst) + "\n")
    for name in outside.keys() - judged.keys():
        raise SystemExit(f"{name}: no path of its scores is in the corpus manifest")


def evaluate_bundle(given: argparse.Namespace, outside: dict[str, dict[str, float]]) -> None:
    """Judge, print, and write evaluation.json and the model card."""
    # Imported here so that an outside detector can be judged without the packages that read audio.
    from .baselines_metadata import load_metadata

    options = Options(given.corpus, given.cache, given.bundle, given.replicates)
    live = score_live(given.bundle, given.corpus) if given.live else []
    metadata = load_metadata(given.corpus, load_judged_clips(given.corpus), given.cache / "metadata.jsonl")
    report = build_report(options, metadata, outside, live)
    (given.bundle / "evaluation.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(render(report))
    print(f"\nwritten: {given.bundle / 'evaluation.json'}")
    if (given.bundle / "manifest.json").exists():
        print(f"written: {write_card(given.bundle, given.card or given.bundle.parent / 'MODEL_CARD.md')}")


def main(arguments: list[str] | None = None) -> None:
    given = parse_arguments(arguments)
    files = given.scores
    if not files and (given.corpus / "aasist-scores.csv").exists():
        files = [given.corpus / "aasist-scores.csv"]
    outside = {detector_name(file): read_scores_csv(file) for file in files}
    if given.bundle is None:
        evaluate_outside(given, outside)
    else:
        evaluate_bundle(given, outside)


if __name__ == "__main__":
    main()
