"""Model card: what the thresholds cost, how far `p_fake` can be trusted, and what degraded audio does to both."""

from __future__ import annotations

from .card_figures import fusion_of
from .card_markdown import ABSENT, markdown_table, with_interval
from .evaluation_print import CONDITION_HEAD, condition_rows, number, percent


def thresholds(report: dict) -> str:
    """FPR and FNR of each profile on both protocols."""
    parts = [
        "## Thresholds",
        "A clip is called CLONED when `p_fake` reaches the threshold of the chosen profile. The "
        "thresholds were chosen on the out-of-fold scores of `train`; `balanced` is the default.",
    ]
    rows = []
    for protocol in ("cv", "dev"):
        for profile, at in ((fusion_of(report, protocol) or {}).get("profiles") or {}).items():
            rows.append(
                [
                    f"{profile}, {protocol}",
                    number(at["threshold"]),
                    with_interval(at["fpr"], at["fpr_interval"]),
                    with_interval(at["fnr"], at["fnr_interval"]),
                    percent(at["balanced_error"]),
                ]
            )
    parts.append(
        markdown_table(("profile, protocol", "threshold", "FPR", "FNR", "mean of both"), rows) if rows else ABSENT
    )
    parts.append(_strict(report))
    parts.append(_decided(report))
    return "\n\n".join(part for part in parts if part)


def _strict(report: dict) -> str:
    """FNR where few false alarms are allowed, at thresholds that only the judged clips themselves could tell."""
    told = []
    for protocol in ("cv", "dev"):
        one = (fusion_of(report, protocol) or {}).get("pooled")
        if one:
            rates = [percent(one[f"fnr_at_fpr_{limit}_percent"]) for limit in (1, 5)]
            told.append(f"on `{protocol}` {rates[0]} % and {rates[1]} %")
    return (
        f"FNR where the FPR is held at 1 % and at 5 % (thresholds no one can know beforehand): {'; '.join(told)}."
        if told
        else ""
    )


def _decided(report: dict) -> str:
    rows, reasons = [], ""
    for protocol in ("cv", "dev"):
        one = (fusion_of(report, protocol) or {}).get("decisions")
        if one:
            rows.append(
                [
                    protocol,
                    *[
                        percent(one[key])
                        for key in (
                            "inconclusive",
                            "inconclusive_real",
                            "inconclusive_fake",
                            "conclusive_fpr",
                            "conclusive_fnr",
                            "conclusive_eer",
                        )
                    ],
                ]
            )
            reasons = ", ".join(f"`{code}` {count}" for code, count in one["reasons"].items())
    if not rows:
        return ""
    head = ("protocol", "inconclusive", "of real", "of fake", "FPR of the rest", "FNR of the rest", "EER of the rest")
    return (
        "### Conclusive and inconclusive answers\n\n"
        + markdown_table(head, rows)
        + (f"\n\nReasons given: {reasons}." if reasons else "")
    )


def calibration(report: dict) -> str:
    """Reliability of `p_fake` on dev."""
    dev = fusion_of(report, "dev")
    if dev is None:
        return f"## Calibration\n\n{ABSENT}"
    one = dev["calibration"]
    rows = [
        [f"{row['low']:.1f} to {row['high']:.1f}", row["n"], number(row["mean_p_fake"]), number(row["share_fake"])]
        for row in one["reliability"]
    ]
    return (
        f"## Calibration\n\nOn `dev`: ECE {number(one['ece'])}, Cllr {number(one['cllr'])} (at best calibration "
        f"{number(one['min_cllr'])}), Brier score {number(one['brier'])}. `p_fake` is a probability at even odds; "
        "with another expected share of fakes, "
        "multiply its odds by that share's odds. A likelihood ratio for real speech is (1 - p_fake) / p_fake.\n\n"
        + markdown_table(("p_fake", "clips", "mean p_fake", "share fake"), rows)
    )


def robustness(report: dict) -> str:
    """Conditions of `dev` beside the same clips untouched."""
    parts = []
    for title, rows in (
        ("Each condition on a sample of `dev`, beside the same clips untouched", report["robustness"]),
        ("Randomly degraded copies of `dev`", report["degraded"]["dev"]),
        ("Randomly degraded copies of `train`, out of fold", report["degraded"]["train"]),
    ):
        if rows:
            parts.append(f"{title}:\n\n{markdown_table(CONDITION_HEAD, condition_rows(rows))}")
    return "## Robustness\n\n" + ("\n\n".join(parts) if parts else ABSENT)
