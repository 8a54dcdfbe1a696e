"""`npm run compare`: may the candidate take over from the current bundle? By one stated rule, on the same clips.

npm run compare -- --current DIR --candidate DIR --cache DIR [--current-run DIR]
       [--candidate-run DIR] [--out FILE]

Clips: those of train by models that had not seen their source, generator or speaker (`cv`, originals and degraded
copies), those of dev, and those that were added and held out. Both bundles must be fitted on train alone.

The rule. Accepted is a candidate that (1) is worse in no condition: nowhere lies the whole interval of the difference
of the error rates above zero; (2) detects what was added: the error of every added generator held out, against the real
clips of dev, is not higher, and over all of them it is lower. Intervals: standard errors by a bootstrap over sources,
drawn alike for both bundles, and so wide (Bonferroni over the conditions) that chance fails one candidate in twenty.
Exit status: 0 accepted, 1 rejected, 2 nothing to judge by.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path

from .additions_make import run_folder
from .bundle_scores import read_manifest
from .compare_clips import added_clips, cv_clips, dev_clips, feature_parts
from .compare_rule import compare_conditions, verdict_of
from .evaluation_report import without_nan

REPLICATES = 400


def compare(current: Path, candidate: Path, cache: Path, runs: tuple[Path, Path], replicates: int = REPLICATES) -> dict:
    """The comparison as one document: conditions, verdict, and what was compared. Raises ValueError where a bundle
    was fitted on the clips it would be judged by."""
    manifests = {"current": read_manifest(current), "candidate": read_manifest(candidate)}
    for name, manifest in manifests.items():
        if manifest["training"].get("fitted_on") != ["train"]:
            raise ValueError(f"the {name} bundle was fitted on {manifest['training'].get('fitted_on')}: compare one "
                             "that was fitted on train alone (npm run train without --with-dev)")
    parts = feature_parts(cache, runs[1])
    clips = [
        *cv_clips(cache / "variants.jsonl", runs),
        *dev_clips(cache / "variants.jsonl", parts, (current, candidate)),
        *added_clips(runs[1], parts, (current, candidate)),
    ]
    conditions = compare_conditions(clips, replicates)
    return without_nan({
        "format": 1,
        "created_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "bundles": {name: {"version": manifest["version"], "clips": manifest["training"]["clips"],
                           "digest": manifest["training"]["digest"]} for name, manifest in manifests.items()},
        "rule": __doc__.split("The rule. ")[1].split("\nExit status")[0].replace("\n", " "),
        "conditions": conditions,
        "verdict": verdict_of(conditions),
    })


def render(report: dict) -> str:
    """The table that people read; errors in per cent."""
    percent = lambda value: "–" if value is None else f"{100 * value:.1f}"
    lines = [f"{'condition':44} {'real':>5} {'fake':>5} {'current':>8} {'candid.':>8} {'change':>7}  interval"]
    for row in report["conditions"]:
        low, high = row["interval"] or (None, None)
        note = {"worse": "  worse", "better": "  better"}.get(row["change"], "")
        lines.append(f"{row['condition'][:44]:44} {row['real']:5} {row['fake']:5} {percent(row['current']):>8} "
                     f"{percent(row['candidate']):>8} {percent(row['difference']):>7}  {percent(low)} to {percent(high)}{note}")
    verdict = report["verdict"]
    return "\n".join([*lines, "", f"{'ACCEPTED' if verdict['accepted'] else 'REJECTED'}: {'; '.join(verdict['reasons'])}"])


def report_comparison(current: Path, candidate: Path, cache: Path, runs: tuple[Path, Path], out: Path) -> int:
    """Compare, print, write; the exit status."""
    report = compare(current, candidate, cache, runs)
    out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(render(report))
    print(f"\nwritten: {out}")
    return 0 if report["verdict"]["accepted"] else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--current", type=Path, required=True, help="folder of the bundle that is to be replaced")
    parser.add_argument("--candidate", type=Path, required=True, help="folder of the new bundle")
    parser.add_argument("--cache", type=Path, default=Path(os.environ.get("BONAFIDE_CACHE", ".cache/training")))
    parser.add_argument("--current-run", type=Path, help="where its training left scores-cv.jsonl (default: the cache)")
    parser.add_argument("--candidate-run", type=Path, help="the same (default: the latest below CACHE/runs)")
    parser.add_argument("--out", type=Path, help="default: comparison.json beside the candidate's manifest")
    given = parser.parse_args()
    latest = max((given.cache / "runs").glob("*/scores-cv.jsonl"), key=lambda file: file.stat().st_mtime, default=None)
    if given.candidate_run is None and latest is None:
        parser.error("no training has left scores: say --candidate-run")
    runs = (given.current_run or run_folder(given.cache, [], []), given.candidate_run or latest.parent)
    try:
        return report_comparison(given.current, given.candidate, given.cache, runs,
                                 given.out or given.candidate / "comparison.json")
    except (ValueError, FileNotFoundError) as error:
        print(f"nothing to judge by: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
