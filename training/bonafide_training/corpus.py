"""The corpus manifest as typed clips, and the groups that a fair split keeps on one side."""

import json
from dataclasses import dataclass
from pathlib import Path

from .corpus_keys import canonical_generator
from .corpus_speakers import speaker_groups

LABELS = {"real": 0, "fake": 1}

# Sources that share recordings: pages that show the same LibriSpeech utterances, and prompts of
# one voice packaged several times. A group goes to one side as a whole.
_PAGE_GROUPS = {
    "flashspeech/flashspeech.github.io": "librispeech-prompts",
    "e1tts/e1tts.github.io": "librispeech-prompts",
    "styletts2/styletts2.github.io": "librispeech-prompts",
    "sh-lee-prml/HierSpeechpp-demo": "librispeech-prompts",
    "MobileSpeech/MobileSpeech.github.io": "librispeech-prompts",
    "auspicious3000/autovc-demo": "autovc",
    "auspicious3000/autovc": "autovc",
    "mindslab-ai/assem-vc": "cotatron",
    "mindslab-ai/cotatron": "cotatron",
}


@dataclass(frozen=True)
class Clip:
    """One recording. `path` is relative to the corpus folder; `duration_sec` is as stored."""

    path: str
    split: str
    label: str
    probe: bool
    source: str
    generator: str | None
    generator_key: str | None
    family: str | None
    speaker: str | None
    language: str
    pair: str | None
    licence: str
    codec: str
    duration_sec: float

    @property
    def target(self) -> int:
        """0 real, 1 fake."""
        return LABELS[self.label]


@dataclass(frozen=True)
class Groups:
    """What ties a clip to others; empty or None where nothing is known.

    `pairs` are names of utterances; a real clip's own path is one, since its twins refer to it.
    """

    page_group: str
    generator_key: str | None
    speakers: tuple[str, ...]
    pairs: tuple[str, ...]


def page_group(source: str) -> str:
    """The group of sources that must not be parted; a voice packaged twice counts once."""
    if source.startswith("debian:asterisk-core-sounds-"):
        return "-".join(source.split("-")[:4])
    return _PAGE_GROUPS.get(source, source)


def _clip(row: dict) -> Clip:
    rough = row.get("generator_key")
    return Clip(
        path=row["path"],
        split=row["split"],
        label=row["label"],
        probe=bool(row["probe"]),
        source=row["source"],
        generator=row.get("generator"),
        generator_key=canonical_generator(rough) if row["label"] == "fake" and rough else None,
        family=row.get("family"),
        speaker=row.get("speaker"),
        language=row.get("language") or "und",
        pair=row.get("pair"),
        licence=row.get("licence") or "unstated",
        codec=row["codec"],
        duration_sec=float(row["duration"]),
    )


def load_clips(corpus: Path) -> list[Clip]:
    """All clips of `corpus`/manifest.jsonl in the manifest's order.

    Raises FileNotFoundError without a manifest, KeyError on a row that lacks a field.
    """
    with (corpus / "manifest.jsonl").open(encoding="utf-8") as lines:
        return [_clip(json.loads(line)) for line in lines if line.strip()]


def groups(clip: Clip) -> Groups:
    """The grouping keys of a clip, canonical over sources."""
    pairs = (clip.pair, clip.path if clip.label == "real" else None)
    return Groups(
        page_group=page_group(clip.source),
        generator_key=clip.generator_key,
        speakers=speaker_groups(clip.speaker, clip.source),
        pairs=tuple(pair for pair in pairs if pair),
    )
