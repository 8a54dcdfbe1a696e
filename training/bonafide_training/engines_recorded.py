"""Real speech that Debian packages carry: telephone prompts, games for children.

Nothing that the dev split holds: not asterisk-core-sounds-it/ru, asterisk-prompt-it-menardi-wav,
fillets-ng-data-cs. A package must be unpacked below one folder (see `unpack`).
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from .corpus_audio import WORK_RATE_HZ, decode_native, resample, rms

LONGEST_SEC = 4.5
LEAST_SEC = 1.6
AUDIBLE_RMS = 0.003
DEV_LANGUAGES_KEPT_OUT = frozenset({"yo"})


@dataclass(frozen=True)
class Recorded:
    """Files of one package: `pattern` (on the path) names the voice as its first group.

    `clips` is the most clips a voice; short files of one voice are joined to about 3 s.
    """

    package: str
    pattern: str
    speaker: str
    language: str
    clips: int
    licence: str
    container_format: str | None = None


RECORDED = (
    Recorded("ktuberling-data", r"/sounds/([a-z]{2,3})/[^/]+\.(?:ogg|wav)$", "ktuberling_{0}", "{0}", 14, "GPL-2 and others"),
    Recorded("tuxpaint-stamps-default", r"_desc_([a-z]{2})\.ogg$", "tuxpaint_{0}", "{0}", 16, "GPL-2"),
    Recorded("klettres-data", r"/klettres/([a-zA-Z_]{2,5})/\w+/[^/]+\.ogg$", "klettres_{0}", "{0}", 10, "GPL-2 and others"),
    Recorded("fillets-ng-data-nl", r"/nl/\w+-(m|v)-\w+\.ogg$", "nl_{0}", "nl", 24, "GPL-2"),
    Recorded("asterisk-prompt-es-co", r"/sounds/(es)/[^/]+\.gsm$", "asterisk_es_co", "es", 24, "GPL", "gsm"),
    Recorded("asterisk-prompt-fr-armelle", r"/sounds/(fr)/[^/]+\.gsm$", "armelle", "fr", 24, "GPL-2+", "gsm"),
    Recorded("asterisk-core-sounds-en-g722", r"(en)_?[^/]*/.*\.g722$", "allison_smith", "en", 16, "CC-BY-SA-3.0", "g722"),
    Recorded("asterisk-core-sounds-es-g722", r"(es)_?[^/]*/.*\.g722$", "allison_smith", "es", 16, "CC-BY-SA-3.0", "g722"),
    Recorded("asterisk-core-sounds-fr-g722", r"(fr)_?[^/]*/.*\.g722$", "june_wallack", "fr", 16, "CC-BY-SA-3.0", "g722"),
)


@dataclass(frozen=True)
class RecordedClip:
    """One clip: the files it joins, in order."""

    recorded: Recorded
    voice: str
    files: tuple[str, ...]


def unpack(package: str, folder: Path) -> Path | None:
    """Fetch and unpack a Debian package below `folder` without installing it; None if it can't be had."""
    target = folder / package
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(["apt-get", "download", "-q", package], cwd=folder, capture_output=True, check=False)
    found = sorted(folder.glob(f"{package}_*.deb"))
    if got.returncode or not found:
        return None
    partial = folder / f"{package}.partial"
    subprocess.run(["dpkg", "-x", str(found[-1]), str(partial)], check=True, capture_output=True)
    partial.replace(target)
    return target


def _read(path: str, recorded: Recorded) -> np.ndarray:
    samples, rate = decode_native(path, recorded.container_format)
    return resample(samples, rate, WORK_RATE_HZ)


def choose(recorded: Recorded, root: Path, rng: np.random.Generator) -> list[RecordedClip]:
    """Clips of a package, each file in one clip at most; durations are read while joining."""
    pattern = re.compile(recorded.pattern)
    voices: dict[str, list[str]] = {}
    for path in sorted(str(item) for item in root.rglob("*") if item.is_file()):
        match = pattern.search(path)
        if match and match.group(1) not in DEV_LANGUAGES_KEPT_OUT:
            voices.setdefault(match.group(1), []).append(path)
    clips = []
    for voice, files in sorted(voices.items()):
        order = [files[index] for index in rng.permutation(len(files))]
        clips += _joined(recorded, voice, order)
    return clips


def _joined(recorded: Recorded, voice: str, files: list[str]) -> list[RecordedClip]:
    clips: list[RecordedClip] = []
    pending: list[str] = []
    pending_sec = 0.0
    for path in files:
        if len(clips) == recorded.clips:
            break
        try:
            samples = _read(path, recorded)
        except (ValueError, OSError, av.error.FFmpegError):
            continue
        if samples.size == 0 or rms(samples) < AUDIBLE_RMS:
            continue
        pending.append(path)
        pending_sec += samples.size / WORK_RATE_HZ
        if pending_sec >= LEAST_SEC:
            clips.append(RecordedClip(recorded, voice, tuple(pending)))
            pending, pending_sec = [], 0.0
    return clips


def record(clip: RecordedClip) -> np.ndarray:
    """The clip's samples at WORK_RATE_HZ, at most LONGEST_SEC; joints are faded over 5 ms."""
    fade = int(0.005 * WORK_RATE_HZ)
    parts = []
    for path in clip.files:
        part = _read(path, clip.recorded)
        if part.size > 2 * fade:
            ramp = np.linspace(0, 1, fade, dtype=np.float32)
            part = part.copy()
            part[:fade] *= ramp
            part[-fade:] *= ramp[::-1]
        parts.append(part)
    return np.concatenate(parts)[: int(LONGEST_SEC * WORK_RATE_HZ)]
