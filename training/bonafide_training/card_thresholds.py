"""Model card: what the thresholds cost, how far `p_fake` can be trusted, and what degraded audio does to both."""

from __future__ import annotations

from itertools import product

from .card_figures import fusion_of
from .card_markdown import ABSENT, markdown_table, number_with_interval, with_interval
from .evaluation import OF_A_PROFILE
from .evaluation_print import CONDITION_HEAD, condition_rows, number, percent


PROFILE_HEAD = (
    *("profile, protocol", "threshold", "FPR", "FNR", "mean of both"),
    *("inconclusive", "FPR of conclusive answers", "FNR of them"),
)


def thresholds(report: dict) -> str:
    """FPR and FNR of each profile on both protocols, for all members and for the classic ones."""
    parts = [
        "## Thresholds",
        "`result` and `verdict` of an answer say the more likely side whatever the profile. The profile's threshold "
        "(`threshold.value` in the answer) is for acting on `p_fake`: FPR and FNR below are of calling a clip cloned when "
        "`p_fake` reaches it. An answer is conclusive only where its verdict and the profile say the same, by a margin, "
        "the larger one where it says cloned (an honest speaker accused weighs a third more than a clone let through): "
        "else it has the reason `near_threshold`. So under `recall` a score just above one half is conclusive, and under "
        "`precision` one just below: nearly even odds, on the side that the profile was chosen for. The thresholds were chosen on the out-of-fold scores of `train` by all "
        "members, and `classic` goes by the same; `balanced` is the default. What is inconclusive was counted on `dev` "
        "with all members alone.",
    ]
    rows = []
    for protocol, system in product(("cv", "dev"), ("fusion", "classic")):
        figures = (report["protocols"][protocol] or {}).get(system) or {}
        for profile, at in (figures.get("profiles") or {}).items():
            rows.append(
                [
                    f"{profile}, {protocol}" + (", `classic`" if system == "classic" else ""),
                    number(at["threshold"]),
                    with_interval(at["fpr"], at["fpr_interval"]),
                    with_interval(at["fnr"], at["fnr_interval"]),
                    percent(at["balanced_error"]),
                    *(with_interval(at.get(key), at.get(f"{key}_interval")) for key in OF_A_PROFILE),
                ]
            )
    parts.append(
        markdown_table(PROFILE_HEAD, rows) if rows else ABSENT
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
        f"## Calibration\n\nOn `dev`: ECE {number_with_interval(one['ece'], one.get('ece_interval'))}, Cllr "
        f"{number_with_interval(one['cllr'], one.get('cllr_interval'))} (at best calibration "
        f"{number(one['min_cllr'])}), Brier score {number(one['brier'])}. `p_fake` is a probability at even odds; "
        "with another expected share of fakes, "
        "multiply its odds by that share's odds. A likelihood ratio for real speech is (1 - p_fake) / p_fake. Slope and "
        "intercept are those of models that have seen all of `train`'s sources, followed from what they are out of fold "
        "with fewer and with fewer still.\n\n"
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
    few = (
        "\n\nNo clip is longer than 6 s (the corpus is cut so): `first-8s` joins clips of one voice, and has no macro EER, "
        "for no generator has five of them. "
        + ("" if report.get("long") else "How recordings of minutes are judged has no figure here. ")
        + "Single conditions lose more than the mean of the degraded copies. A figure below 8 % would be a sign of a leak; "
        "where there is one here, it is of the few clips of a condition or family, and those beside it are not below."
        if parts
        else ""
    )
    return "## Robustness\n\n" + ("\n\n".join(parts) + few if parts else ABSENT)
