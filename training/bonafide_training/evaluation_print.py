"""The evaluation as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from .evaluation import SHIPPED_PROFILE


def percent(rate: float | None) -> str:
    """12.3 for 0.123, a dash for nothing."""
    return "-" if rate is None else f"{100 * rate:.1f}"


def between(interval: Sequence[float] | None) -> str:
    """[10.1, 14.9] in per cent, or nothing."""
    return "" if interval is None else f"[{percent(interval[0])}, {percent(interval[1])}]"


def number(value: float | None) -> str:
    """0.123, a dash for nothing."""
    return "-" if value is None else f"{value:.3f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned: the first to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    lines = [
        "  ".join(str(cell).ljust(w) if i == 0 else str(cell).rjust(w) for i, (cell, w) in enumerate(zip(row, widths)))
        for row in [head, *rows]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


SYSTEM_HEAD = (
    "system",
    "macro gen.",
    "95 %",
    "macro fam.",
    "pooled",
    "AUC",
    "within",
    "FPR",
    "FNR",
    "minDCF",
    "actDCF",
    "Cllr",
    "minCllr",
    "ECE",
)


def system_row(name: str, figures: dict) -> list[str]:
    """One system's line under SYSTEM_HEAD."""
    if "error" in figures:
        return [name, figures["error"], *[""] * (len(SYSTEM_HEAD) - 2)]
    pooled, calibrated = figures["pooled"], figures.get("calibration", {})
    shipped = figures.get("profiles", {}).get(SHIPPED_PROFILE, {})
    return [
        name,
        percent(figures["macro_generators"]["eer"]),
        between(figures["macro_generators"]["interval"]),
        percent(figures["macro_families"]["eer"]),
        percent(pooled["eer"]),
        number(pooled["auc"]),
        number(figures["within_source"]["mean"]),
        percent(shipped.get("fpr")),
        percent(shipped.get("fnr")),
        number(pooled["min_dcf"]),
        number(calibrated.get("act_dcf")),
        number(calibrated.get("cllr")),
        number(pooled["min_cllr"]),
        number(calibrated.get("ece")),
    ]


def protocol_rows(report: dict, protocol: str) -> list[list[str]]:
    """Systems, the metadata baseline and outside detectors of one protocol."""
    rows = [system_row(name, figures) for name, figures in (report["protocols"].get(protocol) or {}).items()]
    if protocol in report["baselines"]:
        rows += [system_row(f"{name} only", figures) for name, figures in report["baselines"][protocol].items()]
    split = {"cv": "train", "dev": "dev"}.get(protocol)
    rows += [system_row(name, by_split[split]) for name, by_split in report["outside"].items() if split in by_split]
    return rows


TITLES = {
    "cv": "train, sources, generators and speakers held out (cross-validation)",
    "dev": "dev, models fitted on train alone",
    "random": "train, random split (what leakage would promise)",
    "shipped_on_dev": "dev, the shipped bundle (may have seen these clips: no headline)",
}


def condition_rows(conditions: Sequence[dict]) -> list[list[str]]:
    """One line a condition under CONDITION_HEAD."""
    return [
        [
            row["condition"],
            *[percent(row.get(key)) for key in CONDITION_RATES],
            str(sum(row["clips"][k] for k in ("real", "fake"))),
        ]
        for row in conditions
    ]


CONDITION_RATES = (
    *("macro_eer", "clean_macro_eer", "pooled_eer", "clean_pooled_eer", "fpr", "fnr"),
    *("inconclusive", "conclusive_fpr", "conclusive_fnr"),
)
CONDITION_HEAD = (
    *("condition", "macro EER", "clean macro", "pooled EER", "clean pooled", "FPR", "FNR"),
    *("inconclusive", "FPR of conclusive", "FNR of them", "clips"),
)


def render(report: dict) -> str:
    """The readable form: error rates in per cent."""
    blocks = []
    for protocol, title in TITLES.items():
        rows = protocol_rows(report, protocol)
        if rows:
            blocks.append(f"{title}\n{table(SYSTEM_HEAD, rows)}")
    dev = (report["protocols"]["dev"] or {}).get("fusion")
    if dev and "error" not in dev:
        blocks.append(_worst(dev) + _decisions(dev))
    for name, conditions in (
        ("degraded copies, dev", report["degraded"]["dev"]),
        ("robustness, dev", report["robustness"]),
    ):
        if conditions:
            blocks.append(f"{name}\n{table(CONDITION_HEAD, condition_rows(conditions))}")
    if report["spliced"]:
        spliced = report["spliced"]
        rates = f"segment EER {percent(spliced['segment_eer'])} %, AUC {number(spliced['segment_auc'])}"
        blocks.append(f"spliced clips: {rates}")
    if report["long"]:
        long, alone = report["long"], report["long"]["clips_alone"]
        blocks.append(f"recordings of half a minute: EER {percent(long['eer'])} %, their clips alone {percent(alone['eer'])} %")
    blocks.append("\n".join(f"warning: {text}" for text in report["warnings"]))
    return "\n\n".join(block for block in blocks if block)


def _worst(figures: dict) -> str:
    rows = [[row["name"], row["family"], str(row["n"]), percent(row["eer"])] for row in figures["worst_generators"]]
    return "worst generators on dev (fusion)\n" + table(("generator", "family", "clips", "EER"), rows)


def _decisions(figures: dict) -> str:
    if "decisions" not in figures:
        return ""
    d = figures["decisions"]
    return (
        f"\n\ninconclusive {percent(d['inconclusive'])} % (real {percent(d['inconclusive_real'])}, "
        f"fake {percent(d['inconclusive_fake'])}); among conclusive: FPR {percent(d['conclusive_fpr'])} %, "
        f"FNR {percent(d['conclusive_fnr'])} %, EER {percent(d['conclusive_eer'])} %"
    )
