"""Model card: where the detector fails, what was checked, and how to use it."""

from __future__ import annotations

from .card_figures import family_errors, fusion_of, outside_on_dev
from .card_markdown import ABSENT, markdown_table
from .evaluation_print import number, percent

MIN_SLICE = 15
"""Slices with fewer clips are left out of the card; evaluation.json has them all."""


def failures(report: dict) -> str:
    """Families, worst generators, and error rates by where a clip comes from, all on dev."""
    dev = fusion_of(report, "dev")
    if dev is None:
        return f"## Where it fails\n\n{ABSENT}"
    families = [[row["name"], row["n"], percent(row["eer"])] for row in dev["macro_families"]["groups"]]
    worst = [[row["name"], row["family"], row["n"], percent(row["eer"])] for row in dev["worst_generators"]]
    parts = [
        "## Where it fails",
        "All on `dev`, all members fused, models fitted on `train` alone; each group against all real clips, "
        "EER in per cent.",
        markdown_table(("family", "clips", "EER"), families),
        f"Worst generators (at least {dev['macro_generators']['min_clips']} clips):",
        markdown_table(("generator", "family", "clips", "EER"), worst),
        f"FPR and FNR at the balanced threshold, in per cent (slices of at least {MIN_SLICE} clips):",
    ]
    for dimension, rows in dev["slices"].items():
        shown = [
            [row["value"], row["real"], row["fake"], percent(row["fpr"]), percent(row["fnr"])]
            for row in rows
            if row["real"] + row["fake"] >= MIN_SLICE
        ]
        parts.append(markdown_table((dimension.replace("_", " "), "real", "fake", "FPR", "FNR"), shown))
    return "\n\n".join([*parts, *_by_condition(report)])


MUCH = {"fpr": 0.2, "fnr": 0.4}
"""Error rates at the balanced threshold from which a condition is named among the failures."""


def _by_condition(report: dict) -> list[str]:
    """The processing after which one side is missed much more often than the other clips are."""
    told = []
    for rate, what in (("fpr", "real speech is called cloned"), ("fnr", "cloned speech passes for real")):
        rows = [row for row in report["robustness"] if (row.get(rate) or 0.0) >= MUCH[rate]]
        rows.sort(key=lambda row: -row[rate])
        if rows:
            named = ", ".join(f"{row['condition']} ({percent(row[rate])} %)" for row in rows)
            told.append(f"{what} at least {percent(MUCH[rate])} times in a hundred after {named}")
    if not told:
        return []
    return [f"By what a recording went through (see Robustness): {'; '.join(told)}. Of files in "
            "Opus of less than 22 kbit/s the reason `low_bit_rate` tells; of what was stored anew afterwards, and of other "
            "codecs, none does: where recordings come by telephone or through a low bit rate, measure on your own."]


def partly_cloned(report: dict) -> str:
    """Spliced clips: a cloned phrase inside a real recording."""
    one = report["spliced"]
    if one is None:
        return f"## Partly cloned recordings\n\n{ABSENT}"
    said, clips = one["said_partially_cloned"], one["clips"]
    wholly = " and ".join(
        f"of {percent(said[label])} % of {clips[label]} wholly {label} ones" for label in ("real", "fake") if clips[label]
    )
    return (
        "## Partly cloned recordings\n\n"
        f"On {clips['spliced']} clips with a cloned phrase of 1 to 3 s spliced into real speech: EER over the stretches "
        f"{percent(one['segment_eer'])} %, AUC {number(one['segment_auc'])} ({one['segments']['real']} real and "
        f"{one['segments']['fake']} cloned stretches). `partially_cloned` is said of {percent(said['spliced'])} % of these "
        f"clips, {wholly}. A short phrase is most often missed: the absence of the mark tells nothing. These clips are of "
        "a few sentences: in minutes of sound more stretches stand out by chance, above all where several people speak"
        + (" (Longer recordings)." if report.get("long") else ", and there is no figure for them.")
        + (f" These figures come from {one['models']}." if "models" in one else "")
    )


def longer(report: dict) -> str:
    """Recordings of half a minute, joined from the clips of one page, beside these clips alone."""
    one = report.get("long")
    if one is None:
        return ""
    recordings, alone, told = one["recordings"], one["clips_alone"], one["said_partially_cloned"]
    head = ("", "recordings", "EER", "FPR", "FNR", "Cllr")
    rows = [
        [name, count, *(percent(figures[rate]) for rate in ("eer", "fpr", "fnr")), number(figures["cllr"])]
        for name, count, figures in (
            ("half a minute", recordings["real"] + recordings["fake"], one),
            ("the same, conclusive answers", one["conclusive"]["recordings"], one["conclusive"]),
            ("their clips, each alone", alone["clips"], alone),
        )
    ]
    return (
        "## Longer recordings\n\n"
        "The log odds of a recording are those of its mean window times the number of windows that count as independent, "
        "n / (1 + (n - 1) ρ), where n is its speech in windows of 4 s, at least one; ρ is fitted on out-of-fold windows of "
        "`train`, joined by speaker (`pooling.correlation` of the manifest).\n\n"
        f"The corpus' clips are cut to a few seconds. {recordings['real']} real and {recordings['fake']} cloned recordings of "
        f"half a minute were joined from the clips of {one['sources']} pages of `dev`, each of one page and, where it is "
        "cloned, of one generator; most are of several voices, as calls are. In per cent, at the balanced threshold:\n\n"
        + markdown_table(head, rows)
        + f"\n\n{percent(one['inconclusive'])} % of the answers are inconclusive. `partially_cloned` is said, wrongly, of "
        f"{percent(told['real'])} % of the real and of {percent(told['fake'])} % of the cloned ones. Clips of one page fail "
        "together, so that more of the same sound takes away less of the errors than one would hope. Recordings of many "
        "minutes, and of one continuous take, have no figure."
    )


def shortcuts(report: dict) -> str:
    """What metadata alone earns, and how the score follows watched properties inside each class."""
    parts = [
        "## Shortcuts tested",
        "A model that sees only duration, sample rate, loudness and bandwidth of the stored file should be near chance "
        "(50 %); the further below, the more the clips invite a shortcut:",
    ]
    rows = [
        [
            protocol,
            percent(one["metadata"]["macro_generators"]["eer"]),
            percent(one["metadata"]["pooled"]["eer"]),
            number(one["metadata"]["pooled"]["auc"]),
            number(one["metadata"]["within_source"]["mean"]),
        ]
        for protocol, one in report["baselines"].items()
    ]
    parts.append(markdown_table(("metadata only", "macro EER", "pooled EER", "AUC", "AUC within a source"), rows))
    follow = [[row["column"], number(row["real"]), number(row["fake"])] for row in report["shortcuts"]]
    if any(row[1] != "-" for row in follow):
        parts.append(
            "Rank correlation of `p_fake` with properties of the stored file, inside each class (near 0 is good):"
        )
        parts.append(markdown_table(("property", "real clips", "fake clips"), follow))
        parts.append(
            "Neither is quite what one would want. Metadata alone do better than chance, if far worse than the detector; "
            "inside a source they come near chance. And the score follows the bandwidth: among fakes, the wider the "
            "recording the more often it passes for real (FNR by sample rate above). What can be heard beyond 8 kHz is "
            "left out of features and members, so this comes with the recordings: those of high rates in `dev` are of "
            "the hardest generators, but a share of it may be learned."
        )
    parts.append(_probes(report))
    return "\n\n".join(part for part in parts if part)


def _probes(report: dict) -> str:
    if not report["probes"]:
        return ""
    rows = [
        [f"{row['generator']} ({row['source']})", row["n"], number(row["mean_p_fake"]), percent(row["called_fake"])]
        for row in report["probes"]
    ]
    return (
        "Probes: real speech that went through a codec, in no figure above; whether to call it fake is a matter of "
        "definition.\n\n" + markdown_table(("codec (source)", "clips", "mean p_fake", "called fake, %"), rows)
    )


def beside_others(report: dict) -> str:
    """Outside detectors on the same dev clips, family by family."""
    dev = fusion_of(report, "dev")
    parts = []
    for name, other in outside_on_dev(report).items():
        theirs, ours = family_errors(other), family_errors(dev) if dev else {}
        rows = [
            [
                "all, macro over generators",
                percent(dev and dev["macro_generators"]["eer"]),
                percent(other["macro_generators"]["eer"]),
            ],
            ["pooled", percent(dev and dev["pooled"]["eer"]), percent(other["pooled"]["eer"])],
        ]
        rows += [[family, percent(ours.get(family)), percent(rate)] for family, rate in sorted(theirs.items())]
        parts.append(
            f"## Beside {name}\n\nEER in per cent on the same `dev` clips, from {name}'s published model as it is:\n\n"
            + markdown_table(("clips", "bonafide", name), rows)
        )
    return "\n\n".join(parts)


def tried(experiments: list[dict]) -> str:
    """What was tried, with numbers, kept or not."""
    if not experiments:
        return ""
    rows = [
        [row["tried"], row["measure"], percent(row["before"]), percent(row["after"]), "yes" if row["kept"] else "no"]
        for row in experiments
    ]
    return "## What was tried\n\n" + markdown_table(("change", "measure, %", "before", "after", "kept"), rows)


def use() -> str:
    """How to read a score, and when to measure again."""
    return """## Using it

- The reasons of an inconclusive answer are measured with simple means. `multiple_speakers` compares averages of tone
  colour: two people are often missed, those of like voice most of all, one voice in two rooms may be taken for two, and
  there is no figure of how often. `low_quality` sees clipping only at full scale, not what was clipped and then turned
  down. `no_speech` tells noise by its lack of pitch, and takes a whisper for noise.
- **A score is not proof.** It says how much a recording resembles the cloned and the real speech above. Never let it
  alone decide about a person; hear the recording, ask where it comes from, look at other evidence.
- A low score does not show that a voice is real: newer or unheard cloning methods, heavy compression, noise or a
  loudspeaker between voice and microphone can hide the traces. A high score can come from processing: strong noise
  reduction, voice effects, codecs that rebuild speech.
- Prefer several seconds of one speaker, as little processed as can be had. Answers marked `inconclusive` name why.
- Error rates above hold for clips like those of `dev`. Where fakes are rare, most alarms are false even at a low FPR:
  at one fake in a thousand clips and an FPR of 5 %, some fifty real clips are flagged for each fake.
- Test again, on your own recordings of both kinds, before relying on it; when the channel or the language changes;
  when a new cloning method spreads; after every change of the bundle; and otherwise at least twice a year
  (`npm run evaluate`)."""
