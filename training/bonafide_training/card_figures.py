"""Model card: the figures reached."""

from __future__ import annotations

from .card_markdown import ABSENT, markdown_table, number_with_interval, with_interval
from .evaluation_print import number, percent

CARD_HEAD = (
    "system",
    "macro EER, generators",
    "macro EER, families",
    "pooled EER",
    "AUC",
    "AUC within a source",
    "minDCF",
    "actDCF",
    "Cllr",
    "minCllr",
    "ECE",
)


def fusion_of(report: dict, protocol: str) -> dict | None:
    """Figures of the full ensemble, None where training left none."""
    figures = (report["protocols"][protocol] or {}).get("fusion")
    return None if figures is None or "error" in figures else figures


def outside_on_dev(report: dict) -> dict[str, dict]:
    """Figures of the outside detectors that were judged on dev, by name."""
    judged = {name: by_split.get("dev") for name, by_split in report["outside"].items()}
    return {name: figures for name, figures in judged.items() if figures is not None and "error" not in figures}


def family_errors(figures: dict) -> dict[str, float]:
    """EER of each family, by name."""
    return {row["name"]: row["eer"] for row in figures["macro_families"]["groups"]}


def targets(report: dict) -> str:
    """What was hoped for on dev, what was reached, and whether."""
    dev = report["protocols"]["dev"] or {}
    full, classic = fusion_of(report, "dev"), dev.get("classic")
    if full is None:
        return f"## Aims\n\n{ABSENT}"
    decided = full.get("decisions", {})
    degraded = [
        row["macro_eer"] - row["clean_macro_eer"]
        for row in report["degraded"]["dev"]
        if row.get("clean_macro_eer") is not None
    ]
    aims = [
        ("three members, macro EER on dev, %", classic and classic["macro_generators"]["eer"], 0.15, percent),
        ("with the neural member, macro EER on dev, %", full["macro_generators"]["eer"], 0.11, percent),
        ("ECE on dev", full["calibration"]["ece"], 0.05, number),
        ("FPR among conclusive answers, balanced threshold, %", decided.get("conclusive_fpr"), 0.05, percent),
        ("inconclusive answers, %", decided.get("inconclusive"), 0.30, percent),
        ("degraded copies against clean in the mean, points of macro EER", max(degraded) if degraded else None, 0.05, percent),
    ]
    rows = [
        [what, f"≤ {show(limit)}", show(value), _reached(value, lambda v, limit=limit: v <= limit)]
        for what, value, limit, show in aims
    ]
    within = full["within_source"]["mean"]
    rows.insert(2, ["AUC within a source on dev", "≥ 0.920", number(within), _reached(within, lambda v: v >= 0.92)])
    judged = outside_on_dev(report)
    rows += [_beside(name, judged.get(name), full) for name in report["outside"]]
    parts = ["## Aims", markdown_table(("aim", "limit", "measured", "reached"), rows), *_classic_beside(report)]
    if any(row[-1] == "no" for row in rows):
        parts.append(WHAT_WOULD_MOVE_IT)
    return "\n\n".join(parts)


WHAT_WOULD_MOVE_IT = """What would move what is not reached, by all that was tried (below):

- **More sources, above all pages of the newest cloning systems with real and cloned speech of the same people.** The
  largest errors are of families of which training knows few generators (see Where it fails). More copies, more
  twins of the same speech and heavier models no longer gain.
- **Measures of what nothing here hears yet.** The fine structure of the long-term spectrum, finer than the frames of the
  other features, took a point and a half off in cross-validation at once. What else it holds, how it moves, and what
  phases and bands have to do with each other was then measured in nine ways, none of which adds to it.
- **A much larger speech encoder.** Networks of 300 million parameters are published with 5 to 11 % on recordings
  from the wild (SSL_Anti-spoofing, Nes2Net); that is some thirty times the arithmetic, for which twenty times real
  time on one core leaves no room. A larger part of the encoder that is here gains nothing.
- **Real recordings through telephones and low bit rates** for FPR, FNR and degraded audio: simulated codecs alone
  leave the threshold too high for one channel and too low for another.
- **Calibration on your own recordings** for ECE, and for the share of inconclusive answers: what `dev` is off by
  is how its pages differ from those of training, which no choice made on `train` can know."""


def _classic_beside(report: dict) -> list[str]:
    """Families on which an outside detector errs less than the classic members alone."""
    classic = (report["protocols"]["dev"] or {}).get("classic")
    if classic is None or "error" in classic:
        return []
    mine = family_errors(classic)
    told = []
    for name, other in outside_on_dev(report).items():
        behind = [f"{family} ({percent(mine[family])} against {percent(rate)} %)"
                  for family, rate in family_errors(other).items() if family in mine and mine[family] >= rate]
        if behind:
            told.append(f"`classic` alone is not below {name} on {', '.join(behind)}.")
    return told


def _beside(name: str, other: dict | None, ours: dict) -> list[str]:
    """Families on which the outside detector errs more than ours, of all families judged."""
    if other is None:
        return [f"below {name} on every family", "all", "-", "not measured"]
    theirs, mine = family_errors(other), family_errors(ours)
    below = sum(mine.get(family, 1.0) < rate for family, rate in theirs.items())
    return [
        f"below {name} on every family",
        "all",
        f"{below} of {len(theirs)}",
        "yes" if below == len(theirs) else "no",
    ]


def _reached(value: float | None, holds) -> str:
    return "not measured" if value is None else "yes" if holds(value) else "no"


def protocols(report: dict) -> str:
    """Every split's figures, the leakage gap, and dev by whether training knows the generator."""
    parts = [
        "## Figures",
        "Error rates in per cent; in brackets 95 % intervals by resampling sources.",
        "\n".join(f"- **{name}**: {text}" for name, text in report["measures"].items()),
    ]
    titles = {
        "cv": "Cross-validation inside `train`: no source, speaker or generator on both sides",
        "dev": "`dev`: other sources, models fitted on `train` alone",
        "random": "Random split of `train`: what leakage would promise, not what to expect",
    }
    for protocol, title in titles.items():
        systems = report["protocols"][protocol]
        parts.append(f"### {title}")
        parts.append(
            markdown_table(CARD_HEAD, [_row(name, one) for name, one in systems.items()]) if systems else ABSENT
        )
    gap = report["leakage_gap"]
    if gap:
        parts.append(
            f"Leakage gap: the random split promises {percent(gap['random'])} % macro EER, held-out groups give "
            f"{percent(gap['held_out'])} %: {percent(gap['gap'])} points of the usual claim are leakage."
        )
    parts.append(_novelty(report))
    if report["warnings"]:
        parts.append("Warnings of the evaluation:\n" + "\n".join(f"- {text}." for text in report["warnings"]))
    return "\n\n".join(part for part in parts if part)


def _row(name: str, figures: dict) -> list[str]:
    if "error" in figures:
        return [name, figures["error"], *[""] * (len(CARD_HEAD) - 2)]
    pooled, calibrated = figures["pooled"], figures.get("calibration", {})
    generators, families, within = figures["macro_generators"], figures["macro_families"], figures["within_source"]
    return [
        name,
        with_interval(generators["eer"], generators["interval"]),
        with_interval(families["eer"], families["interval"]),
        with_interval(pooled["eer"], pooled["eer_interval"]),
        number_with_interval(pooled["auc"], pooled["auc_interval"]),
        number_with_interval(within["mean"], within["interval"]),
        number_with_interval(pooled["min_dcf"], pooled.get("min_dcf_interval")),
        *[number_with_interval(calibrated.get(name), calibrated.get(f"{name}_interval")) for name in ("act_dcf", "cllr")],
        number_with_interval(pooled["min_cllr"], pooled.get("min_cllr_interval")),
        number_with_interval(calibrated.get("ece"), calibrated.get("ece_interval")),
    ]


def _novelty(report: dict) -> str:
    novelty = report["dev_by_novelty"]
    if not novelty:
        return ""
    rows = [
        [
            f"{side.replace('_', ' ')}, {name}",
            with_interval(one.get("macro_eer"), one.get("macro_interval")),
            percent(one.get("pooled_eer")),
            number(one.get("auc")),
            one["clips"]["fake"],
        ]
        for side, systems in novelty.items()
        for name, one in systems.items()
    ]
    return "### `dev` by whether training knows the generator\n\n" + markdown_table(
        ("generators", "macro EER", "pooled EER", "AUC", "fake clips"), rows
    )
