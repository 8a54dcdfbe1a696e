"""Processor seconds that librosa and openSMILE take for one recording: `features.py WAV ROUNDS` prints JSON.

librosa computes what our 154 features are made of, as far as it has it, with the frames that ours have (1024 samples
every 256, windows of 4 s): cepstra with their first and second differences, spectral shape, contrast and flatness,
modulation of the bands' envelopes, linear prediction, pitch by YIN, level; each with mean and deviation over time; and
the fine structure of the long-term spectrum (2048 samples every 1024).
Spectra are shared between its functions wherever it lets them be. openSMILE gets the whole recording in one call,
which is its best case.
"""

import json
import statistics
import sys
import time

import librosa
import numpy as np
import opensmile
from scipy.ndimage import median_filter
from scipy.stats import skew

RATE_HZ = 22_050
FRAME, HOP = 1024, 256
WINDOW = 4 * RATE_HZ


def moments(*tables: np.ndarray) -> np.ndarray:
    return np.concatenate([np.concatenate([t.mean(axis=-1), t.std(axis=-1)]) for t in tables])


def with_differences(table: np.ndarray) -> np.ndarray:
    return moments(table, librosa.feature.delta(table), librosa.feature.delta(table, order=2))


def librosa_features(samples: np.ndarray) -> np.ndarray:
    amplitude = np.abs(librosa.stft(samples, n_fft=FRAME, hop_length=HOP))
    power = amplitude**2
    mel = librosa.feature.melspectrogram(S=power, sr=RATE_HZ, n_mels=40, fmax=7600)
    level = librosa.power_to_db(mel)
    shared = {"S": amplitude, "sr": RATE_HZ}
    spread = librosa.feature.spectral_bandwidth(**shared)
    rolloff = librosa.feature.spectral_rolloff(**shared)
    centroid = librosa.feature.spectral_centroid(**shared)
    flatness = librosa.feature.spectral_flatness(S=amplitude)
    contrast = librosa.feature.spectral_contrast(**shared)
    flux = librosa.onset.onset_strength(S=level, sr=RATE_HZ)[np.newaxis]
    loudness = librosa.feature.rms(S=amplitude, frame_length=FRAME)
    modulation = np.abs(np.fft.rfft(level, axis=-1))[:, :32]
    frames = librosa.util.frame(samples, frame_length=FRAME, hop_length=HOP)
    prediction = librosa.lpc(frames * np.hanning(FRAME)[:, np.newaxis], order=12, axis=0)
    pitch = librosa.yin(samples, fmin=60, fmax=500, sr=RATE_HZ, frame_length=FRAME, hop_length=HOP)[np.newaxis]
    return np.concatenate(
        [
            with_differences(librosa.feature.mfcc(S=level, n_mfcc=20)),
            with_differences(linear_cepstra(power)),
            with_differences(level[:9]),
            moments(spread, rolloff, centroid, flatness, contrast, flux),
            moments(librosa.feature.delta(contrast), librosa.feature.delta(loudness), loudness),
            moments(modulation, prediction, pitch, librosa.feature.delta(pitch)),
            fine_structure(samples),
        ]
    )


def fine_structure(samples: np.ndarray) -> np.ndarray:
    """What departs from the running median along frequency, of mean, deviation and skewness over time."""
    level = librosa.power_to_db(np.abs(librosa.stft(samples, n_fft=2 * FRAME, hop_length=4 * HOP)) ** 2)[:706]
    spectra = np.array([level.mean(axis=1), level.std(axis=1), skew(level.astype(np.float64), axis=1)])
    rest = np.clip(spectra - median_filter(spectra, (1, 19)), -6, 6)
    bands = np.array_split(rest, 5, axis=1)
    quantiles = [np.quantile(band[:2], [0.01, 0.05, 0.95, 0.99], axis=1).ravel() for band in bands]
    return np.concatenate([*quantiles, *(np.corrcoef(band).ravel() for band in bands)])


LINEAR_BANK = librosa.util.normalize(
    np.maximum(0, 1 - np.abs(np.arange(FRAME // 2 + 1) / (FRAME // 2) * 31 - np.arange(30)[:, np.newaxis] - 0.5)),
    axis=1,
    norm=1,
)


def linear_cepstra(power: np.ndarray) -> np.ndarray:
    """Cepstra over bands of equal width, for which librosa has the cosine transform but no bank."""
    return librosa.feature.mfcc(S=librosa.power_to_db(LINEAR_BANK @ power), n_mfcc=20)


def all_windows(samples: np.ndarray) -> None:
    for start in range(0, len(samples) - WINDOW + 1, WINDOW):
        librosa_features(samples[start : start + WINDOW])


def cpu_sec(work, rounds: int) -> float:
    work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def main() -> None:
    path, rounds = sys.argv[1], int(sys.argv[2])
    samples, _ = librosa.load(path, sr=None, mono=True)
    results = {"librosa": cpu_sec(lambda: all_windows(samples), rounds)}
    for name in ("eGeMAPSv02", "ComParE_2016"):
        smile = opensmile.Smile(
            feature_set=getattr(opensmile.FeatureSet, name),
            feature_level=opensmile.FeatureLevel.Functionals,
        )
        results[name] = cpu_sec(lambda: smile.process_signal(samples, RATE_HZ), rounds)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
