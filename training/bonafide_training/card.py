"""models/MODEL_CARD.md, written from a bundle's own evaluation.json and manifest.json so that it cannot drift."""

from __future__ import annotations

import json
from pathlib import Path

from . import card_data, card_figures, card_limits, card_thresholds


def write_card(bundle: Path, target: Path) -> Path:
    """Write the card of `bundle` (manifest.json, evaluation.json, optional experiments.json) to `target`."""
    target.write_text(render_card(bundle), encoding="utf-8")
    return target


def render_card(bundle: Path) -> str:
    """The card as Markdown. Raises FileNotFoundError when the manifest or the evaluation is missing.

    experiments.json, where training leaves it: [{tried, measure, before, after, kept}], rates in 0..1.
    """
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    report = json.loads((bundle / "evaluation.json").read_text(encoding="utf-8"))
    tried = bundle / "experiments.json"
    experiments = json.loads(tried.read_text(encoding="utf-8")) if tried.exists() else []
    sections = [
        card_data.summary(manifest, report),
        card_figures.targets(report),
        card_figures.protocols(report),
        card_thresholds.thresholds(report),
        card_thresholds.calibration(report),
        card_thresholds.robustness(report),
        card_limits.failures(report),
        card_limits.longer(report),
        card_limits.partly_cloned(report),
        card_limits.shortcuts(report),
        card_limits.beside_others(report),
        card_limits.tried(experiments),
        card_data.trained_on(manifest, report),
        card_limits.use(),
        card_data.sources(report),
    ]
    return "\n\n".join(section.strip() for section in sections if section.strip()) + "\n"
