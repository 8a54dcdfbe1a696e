"""Copy-synthesis: vocoded twins of real clips.

A twin keeps the text, speaker, microphone and codec of its original, so that the vocoder is all
that differs between the classes (arXiv 2210.10570). Keys equal the corpus's own for the same
method, so that a split by generator purges both.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import copysynth_fetched as fetched
from . import copysynth_graph as graph
from . import copysynth_mel as mel
from . import copysynth_opus as opus
from . import copysynth_spectral as spectral
from . import copysynth_world as world
from .channel_codecs import STORAGE_CODECS, round_trip
from .copysynth_mbmelgan import MbMelgan
from .corpus_audio import WORK_RATE_HZ, resample, rms

CODEC2_RATE_HZ = 8000
CODEC2_MODES = ("3200", "2400", "1600", "1400", "1300", "1200", "700C")
SAME_CODEC_PROBABILITY = 0.7


@dataclass(frozen=True)
class Material:
    """What a twin is made from. `target` is speech of another speaker of the source, if any.

    `packages` is the folder that copysynth_fetched.prepare filled.
    """

    samples: np.ndarray
    target: np.ndarray | None
    melgan: MbMelgan
    packages: Path

    @property
    def hifigan_16k(self) -> fetched.Hifigan16k:
        return fetched.Hifigan16k(self.packages)

    @property
    def opus_programs(self) -> Path:
        """The folder of libopus' programs."""
        return self.packages / opus.PROGRAMS


@dataclass(frozen=True)
class Method:
    """One way of making a twin. `make` may raise ValueError where the material does not allow it."""

    name: str
    generator_key: str
    family: str
    weight: float
    make: Callable[[Material, np.random.Generator], world.Twin]
    needs_target: str = "no"
    probe: bool = False


def codec2(material: Material, rng: np.random.Generator) -> world.Twin:
    """The 8 kHz sinusoidal vocoder of Debian's package codec2. Raises FileNotFoundError without it."""
    if not shutil.which("c2enc"):
        raise FileNotFoundError("c2enc is not installed (apt-get install codec2)")
    mode = str(rng.choice(CODEC2_MODES))
    narrow = resample(material.samples, WORK_RATE_HZ, CODEC2_RATE_HZ)
    pcm = np.clip(narrow * (0.1 / rms(narrow)) * 32767, -32768, 32767).astype("<i2").tobytes()
    bits = subprocess.run(["c2enc", mode, "-", "-"], input=pcm, capture_output=True, check=True).stdout
    back = subprocess.run(["c2dec", mode, "-", "-"], input=bits, capture_output=True, check=True).stdout
    wave = np.frombuffer(back, "<i2").astype(np.float32) / 32768
    return resample(wave, CODEC2_RATE_HZ, WORK_RATE_HZ), f"mode{mode}"


def _after_world(vocoder: mel.MelVocoder, material: Material, rng: np.random.Generator) -> world.Twin:
    """Converted by WORLD, then spoken by the neural vocoder, as conversion systems do."""
    converted, first = world.convert(material.samples, rng)
    wave, second = mel.copy(vocoder, converted, rng)
    return wave, f"{first}-{second}"


METHODS = (
    Method("world-plain", "world", "dsp-vocoder", 0.9, lambda m, r: world.plain(m.samples, r)),
    Method("world-coded", "world", "dsp-vocoder", 1.2, lambda m, r: world.coded(m.samples, r)),
    Method("world-vc", "world", "voice-conversion", 1.0, lambda m, r: world.convert(m.samples, r)),
    Method("knn-world", "knnvc+world", "voice-conversion", 0.6,
           lambda m, r: world.nearest_voice(m.samples, m.target, r), needs_target="yes"),
    Method("praat", "praat", "voice-conversion", 0.8, lambda m, r: world.praat(m.samples, r)),
    Method("griffin-lim", "griffinlim", "dsp-vocoder", 1.4, lambda m, r: spectral.griffin_lim(m.samples, r)),
    Method("lost-phase", "lostphase", "dsp-vocoder", 0.8, lambda m, r: spectral.lost_phase(m.samples, r)),
    Method("harmonics", "harmonicnoise", "dsp-vocoder", 0.8,
           lambda m, r: spectral.harmonics_and_noise(m.samples, r)),
    Method("lpc", "lpc", "dsp-vocoder", 0.7, lambda m, r: spectral.lpc(m.samples, r)),
    Method("mb-melgan", "mbmelgan", "gan-vocoder", 2.2, lambda m, r: mel.copy(m.melgan, m.samples, r)),
    Method("mb-melgan-vc", "mbmelgan", "voice-conversion", 0.9, lambda m, r: mel.convert(m.melgan, m.samples, r)),
    Method("knn-mb-melgan", "knnvc+mbmelgan", "voice-conversion", 1.0,
           lambda m, r: mel.nearest_voice(m.melgan, m.samples, m.target, r), needs_target="yes"),
    Method("world-mb-melgan", "mbmelgan+world", "voice-conversion", 0.7, lambda m, r: _after_world(m.melgan, m, r)),
    # a codec, not a clone: kept as a probe, as the corpus keeps codecs
    Method("codec2", "codec2", "dsp-vocoder", 0.15, codec2, probe=True),
)

# a draw of their own beside METHODS: what voices are cloned with today mostly ends in one of these
GRAPH_METHODS = (
    Method("hifigan", "hifigan", "gan-vocoder", 3.0, lambda m, r: mel.copy(graph.UNIVERSAL, m.samples, r)),
    Method("hifigan-lj", "hifigan", "gan-vocoder", 0.8, lambda m, r: mel.copy(graph.LJSPEECH, m.samples, r)),
    Method("hifigan-vc", "hifigan", "voice-conversion", 0.7, lambda m, r: mel.convert(graph.UNIVERSAL, m.samples, r)),
    Method("knn-hifigan", "hifigan+knnvc", "voice-conversion", 0.9,
           lambda m, r: mel.nearest_voice(graph.UNIVERSAL, m.samples, m.target, r), needs_target="yes"),
    Method("world-hifigan", "hifigan+world", "voice-conversion", 0.6, lambda m, r: _after_world(graph.UNIVERSAL, m, r)),
    Method("melgan", "melgan", "gan-vocoder", 2.0, lambda m, r: mel.copy(graph.MELGAN, m.samples, r)),
    Method("melgan-vc", "melgan", "voice-conversion", 0.6, lambda m, r: mel.convert(graph.MELGAN, m.samples, r)),
    Method("knn-melgan", "knnvc+melgan", "voice-conversion", 0.6,
           lambda m, r: mel.nearest_voice(graph.MELGAN, m.samples, m.target, r), needs_target="yes"),
)

# a third draw: vocoders out of packages that are only unpacked
FETCHED_METHODS = (
    Method("fargan", "fargan", "gan-vocoder", 2.4, lambda m, r: opus.fargan(m.samples, m.opus_programs, r)),
    Method("knn-fargan", "fargan+knnvc", "voice-conversion", 1.6,
           lambda m, r: opus.nearest_voice(m.samples, m.target, m.opus_programs, r), needs_target="yes"),
    Method("dred", "dred+fargan", "neural-vocoder", 2.2, lambda m, r: opus.dred(m.samples, m.opus_programs, r)),
    Method("hifigan-16k", "hifigan", "gan-vocoder", 1.9, lambda m, r: mel.copy(m.hifigan_16k, m.samples, r)),
    Method("hifigan-16k-vc", "hifigan", "voice-conversion", 0.3, lambda m, r: mel.convert(m.hifigan_16k, m.samples, r)),
    Method("knn-hifigan-16k", "hifigan+knnvc", "voice-conversion", 0.5,
           lambda m, r: mel.nearest_voice(m.hifigan_16k, m.samples, m.target, r), needs_target="yes"),
)

# each with random numbers of its own, named here, so that one changes nothing of the others
NEURAL_DRAWS = {"graph-methods": GRAPH_METHODS, "fetched-methods": FETCHED_METHODS}


def draw_methods(methods: tuple[Method, ...], count: int, has_target: str, rng: np.random.Generator) -> list[Method]:
    """`count` different ones of methods; those that need a target only where there is one ("yes"/"no")."""
    usable = [method for method in methods if method.needs_target == "no" or has_target == "yes"]
    weights = np.array([method.weight for method in usable])
    chosen = rng.choice(len(usable), size=min(count, len(usable)), replace=False, p=weights / weights.sum())
    return [usable[index] for index in chosen]


def make_twin(method: Method, material: Material, codec: str, rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """The twin at the original's level and length, mostly through the codec it is stored in.

    `codec` is the manifest's name of the stored codec. Returns the samples and what was done.
    Raises ValueError when nothing audible came out.
    """
    wave, label = method.make(material, rng)
    wave = np.nan_to_num(wave.astype(np.float32))[: material.samples.size]
    if wave.size < material.samples.size // 2 or rms(wave) < 1e-5:
        raise ValueError(f"{method.name} gave nothing audible")
    wave = wave - wave.mean()
    wave = wave * np.float32(rms(material.samples) / rms(wave))
    done = [f"{method.name}:{label}"]
    if codec in STORAGE_CODECS and rng.random() < SAME_CODEC_PROBABILITY:
        wave = round_trip(wave, STORAGE_CODECS[codec])
        done.append(f"stored:{codec}")
    return wave, done


def statistics_path(cache: Path) -> Path:
    """Where the neural vocoder's fitted statistics are kept."""
    return cache / "mb-melgan-statistics.json"


def packages_path(cache: Path) -> Path:
    """Where packages are unpacked."""
    return cache / "packages"
