"""Model card: what the bundle is and what it was trained and judged on."""

from __future__ import annotations

from collections import Counter

from .card_figures import fusion_of
from .card_markdown import counted, markdown_table


def summary(manifest: dict, report: dict) -> str:
    """Title, what the bundle is, and how its figures came about."""
    members = ", ".join(member["name"] for member in manifest["members"])
    classic = ", ".join(manifest["ensembles"]["classic"]["fusion"]["members"])
    return f"""# Model card: bonafide {manifest["version"]}

Tells recorded human speech from cloned or synthesised speech. The answer is `p_fake`, a probability from 0 (real) to
1 (fake) at even odds. **A score is not proof**: neither that a voice was cloned nor that it was not.

- Members: {members}. Default ensemble: `{manifest["default_ensemble"]}`; `classic` is {classic}.
- `whisper_encoder` hears the sound itself: convolutions and first three blocks of the encoder of Whisper base (OpenAI,
  MIT; trained on 99 languages), as published, each dimension's mean, deviation and change over a window, how the 48
  directions along which they move most go together, and a linear classifier trained here.
- Input: {len(manifest["features"])} features a window of {manifest["window_sec"]:g} s, every
  {manifest["hop_sec"]:g} s (feature version {manifest["feature_version"]}), nothing above 7.6 kHz,
  level-normalised, edges trimmed.{_augmentation(manifest)}
- The reasons of an answer name the features that moved those members which look at features, by occlusion from both
  ends (the first and the last term of the Shapley value's sum: half of what is lost where the feature alone is set to
  its training mean, half of what is gained where it alone is put into the mean row; a rank correlation above 0.95
  with sampled Shapley values is held by `tests/unit/reasons.test.ts`). What hears the sound itself gives no reasons{_weight(manifest)}.
- Judged on {_sizes(report, "dev")} of `dev` and, by cross-validation, {_sizes(report, "cv")} of `train`.

This page is written by the evaluation from its own figures; do not edit it. Figures marked `cv` and `dev` come from
models fitted on `train` alone, every choice made by cross-validation inside `train`; `dev` was only reported.
{_shipped(manifest)}"""


def _augmentation(manifest: dict) -> str:
    """At which speeds short recordings are measured besides, where they are."""
    one = manifest["ensembles"][manifest["default_ensemble"]].get("augmentation")
    if one is None:
        return ""
    speeds = " and ".join(f"{speed:g} times" for speed in one["speeds"])
    return (f"\n- Recordings of no more than {one['windows']} windows are measured at {speeds} the speed besides, and members that "
            "look at features\n  answer with the mean of their log odds.")


def _weight(manifest: dict) -> str:
    """What share of the fused score comes from members that give no reasons."""
    weights = manifest["ensembles"][manifest["default_ensemble"]]["fusion"]["weights"]
    looking = {member["name"] for member in manifest["members"] if member["kind"] == "features"}
    rest = sum(weight for name, weight in weights.items() if name not in looking)
    share = rest / sum(weights.values()) if weights else 0.0
    return f", and has {share:.0%} of the weight in the fusion: its vote may go against all of them" if share else ""


def _sizes(report: dict, protocol: str) -> str:
    figures = fusion_of(report, protocol)
    if figures is None:
        return "no clips"
    counts = figures["clips"]
    refused = f" (the product refuses {counts['without_score']} more)" if counts["without_score"] else ""
    return f"{counts['real']} real and {counts['fake']} fake clips{refused}"


def _shipped(manifest: dict) -> str:
    fitted_on = manifest["training"].get("fitted_on")
    if fitted_on is None:
        return "The manifest does not say on which splits the shipped models were fitted last."
    named = fitted_on if isinstance(fitted_on, str) else " and ".join(f"`{split}`" for split in fitted_on)
    return f"The models in the bundle were then fitted once more, every choice fixed, on {named}."


def trained_on(manifest: dict, report: dict) -> str:
    """Sources, families, languages and licences in short; what the training did not have."""
    corpus = report["corpus"]
    licences = Counter()
    for row in corpus["sources"]:
        licences[row["licence"].split("(")[0].split(";")[0].strip() or "unstated"] += row["real"] + row["fake"]
    sizes = [
        [
            split,
            sum(row["split"] == split for row in corpus["sources"]),
            corpus["clips"][split].get("real", 0),
            corpus["clips"][split].get("fake", 0),
            len(corpus["generators"][split]),
            len(corpus["languages"][split]),
            f"{corpus['minutes'][split]:.0f}",
        ]
        for split in ("train", "dev")
    ]
    return f"""## Trained on, and not

{markdown_table(("split", "sources", "real", "fake", "generators", "languages", "minutes"), sizes)}

Beside these, training uses what the project makes itself from packages: vocoded twins of the real training clips
(WORLD, Griffin-Lim, LPC and others; the neural vocoders HiFi-GAN, MelGAN, multi-band MelGAN and FARGAN; Opus' deep
redundancy, a neural codec),
speech of packaged engines, recordings that packages carry (real voices; commercial ones of
ElevenLabs, Hume and Azure; `engines_recorded.py` names each with its licence), and degraded copies of the corpus' clips, of
both classes alike (of what the project makes itself none: What was tried; see `npm run corpus`).{_made(manifest)}

- Families of fake clips in `train`: {counted(corpus["families"]["train"])}.
- Families in `dev`: {counted(corpus["families"]["dev"])}.
- Languages in `train` (clips): {counted(corpus["languages"]["train"])}.
- Languages in `dev` (clips): {counted(corpus["languages"]["dev"])}.
- Licences of the recordings, as their sources state them (clips): {counted(dict(licences.most_common(14)))}, and
  {max(0, len(licences) - 14)} more. Many sources state none. No recording is part of the project or of the bundle.
- Not collected for training: cloning services newer than the sources listed below, singing, whispered or shouted
  speech, children in any number, speech over music, live calls, replay through loudspeakers, deliberate attacks on
  the detector. The classifiers met no language that is not listed above (the encoder, as published, did).
- {corpus["probes"]} clips marked `probe` (real speech sent through a codec) are in no figure and in no training."""


def _made(manifest: dict) -> str:
    made = manifest["training"].get("clips_by_kind")
    return f" Clips by kind: {counted(made)}." if isinstance(made, dict) else ""


def sources(report: dict) -> str:
    """One row a source: the longest part of the card, so it comes last."""
    rows = [
        [row["source"], row["split"], row["real"], row["fake"], row["licence"]] for row in report["corpus"]["sources"]
    ]
    return "## Sources\n\n" + markdown_table(("source", "split", "real", "fake", "licence as stated"), rows)
