"""Twins by the WORLD vocoder (Morise et al. 2016, doi 10.1587/transinf.2015EDP7457) and by Praat.

All take and return mono float32 at WORK_RATE_HZ; settings come from `rng`.
"""

import numpy as np
import parselmouth
import pyworld
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.spatial import cKDTree

from .corpus_audio import WORK_RATE_HZ, rms

Twin = tuple[np.ndarray, str]
FRAME_MS = 5.0


def track_pitch(samples: np.ndarray) -> np.ndarray:
    """F0 in Hz a 5 ms frame, 0 where unvoiced."""
    wave = samples.astype(np.float64)
    f0, time = pyworld.dio(wave, WORK_RATE_HZ, f0_floor=65.0, f0_ceil=600.0, frame_period=FRAME_MS)
    return pyworld.stonemask(wave, f0, time, WORK_RATE_HZ)


def pitch_and_envelope(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """F0 and the CheapTrick power envelope (frames x bins), without the costly aperiodicity."""
    f0 = track_pitch(samples)
    time = np.arange(f0.size) * FRAME_MS / 1000
    return f0, pyworld.cheaptrick(samples.astype(np.float64), f0, time, WORK_RATE_HZ)


def analyse(samples: np.ndarray, estimator: str = "dio") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(F0 in Hz, spectral envelope, aperiodicity), a row per 5 ms. `estimator` is dio or harvest."""
    wave = samples.astype(np.float64)
    track = pyworld.harvest if estimator == "harvest" else pyworld.dio
    f0, time = track(wave, WORK_RATE_HZ, f0_floor=65.0, f0_ceil=600.0, frame_period=FRAME_MS)
    f0 = pyworld.stonemask(wave, f0, time, WORK_RATE_HZ)
    envelope = pyworld.cheaptrick(wave, f0, time, WORK_RATE_HZ)
    return f0, envelope, pyworld.d4c(wave, f0, time, WORK_RATE_HZ)


def synthesise(f0: np.ndarray, envelope: np.ndarray, aperiodicity: np.ndarray) -> np.ndarray:
    """Waveform of WORLD parameters, float32."""
    out = pyworld.synthesize(
        f0, np.ascontiguousarray(envelope), np.ascontiguousarray(aperiodicity), WORK_RATE_HZ, FRAME_MS
    )
    return out.astype(np.float32)


def _estimator(rng: np.random.Generator) -> str:
    return "harvest" if rng.random() < 0.15 else "dio"


def warp(rows: np.ndarray, factor: float) -> np.ndarray:
    """Stretch the frequency axis of spectral rows by `factor` (> 1: formants move up)."""
    bins = np.arange(rows.shape[1])
    source = np.minimum(bins / factor, bins[-1])
    low = np.floor(source).astype(int)
    high = np.minimum(low + 1, bins[-1])
    part = source - low
    return rows[:, low] * (1 - part) + rows[:, high] * part


def _flatten(f0: np.ndarray, factor: float, spread: float) -> np.ndarray:
    """Move the median of voiced F0 by `factor` and scale the melody around it by `spread`."""
    voiced = f0 > 0
    if not voiced.any():
        return f0
    log = np.log(f0[voiced])
    out = f0.copy()
    out[voiced] = np.exp(np.median(log) + np.log(factor) + (log - np.median(log)) * spread)
    return np.clip(out, 0, 700)


def plain(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Analysis and synthesis with nothing changed in between."""
    return synthesise(*analyse(samples, _estimator(rng))), "plain"


def coded(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Through 20-60 mel-cepstral coefficients, smoothed in time as statistical models are."""
    f0, envelope, aperiodicity = analyse(samples, _estimator(rng))
    size = int(rng.integers(20, 61))
    code = pyworld.code_spectral_envelope(envelope, WORK_RATE_HZ, size)
    width = float(rng.choice((0.0, 1.0, 1.5, 2.5)))
    if width:
        code = gaussian_filter1d(code, width, axis=0)
        f0 = np.where(f0 > 0, median_filter(f0, 5), 0)
    bands = pyworld.code_aperiodicity(aperiodicity, WORK_RATE_HZ)
    size_fft = 2 * (envelope.shape[1] - 1)
    aperiodicity = pyworld.decode_aperiodicity(np.ascontiguousarray(bands), WORK_RATE_HZ, size_fft)
    envelope = pyworld.decode_spectral_envelope(np.ascontiguousarray(code), WORK_RATE_HZ, size_fft)
    return synthesise(f0, envelope, aperiodicity), f"coded-{size}-smooth{width:g}"


def convert(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Another voice: F0 moved, melody scaled, formants warped."""
    f0, envelope, aperiodicity = analyse(samples, _estimator(rng))
    factor = float(np.exp(rng.uniform(-0.55, 0.55)))
    stretch = float(np.clip(np.exp(0.35 * np.log(factor) + rng.normal(0, 0.05)), 0.8, 1.25))
    f0 = _flatten(f0, factor, rng.uniform(0.5, 1.4))
    out = synthesise(f0, warp(envelope, stretch), warp(aperiodicity, stretch))
    return out, f"f{factor:.2f}-w{stretch:.2f}"


def nearest_voice(samples: np.ndarray, target: np.ndarray, rng: np.random.Generator) -> Twin:
    """kNN voice conversion: each envelope replaced by the mean of the target's nearest ones.

    `target` is speech of another speaker. Distances are in per-speaker standardised 32-dim codes.
    Raises ValueError when the target has less than a second of frames.
    """
    f0, envelope, aperiodicity = analyse(samples)
    target_f0, target_envelope = pitch_and_envelope(target)
    codes = pyworld.code_spectral_envelope(envelope, WORK_RATE_HZ, 32)
    pool = pyworld.code_spectral_envelope(target_envelope, WORK_RATE_HZ, 32)
    if len(pool) < 1000 / FRAME_MS:
        raise ValueError("target too short")
    neighbours = int(rng.integers(1, 7))
    standard = (codes - codes.mean(0)) / (codes.std(0) + 1e-6)
    tree = cKDTree((pool - pool.mean(0)) / (pool.std(0) + 1e-6))
    _, index = tree.query(standard, k=neighbours)
    mapped = pool[np.reshape(index, (len(codes), neighbours))].mean(axis=1)
    mapped = gaussian_filter1d(mapped, 1.5, axis=0)
    voiced, target_voiced = f0 > 0, target_f0 > 0
    if voiced.any() and target_voiced.any():
        f0 = _flatten(f0, float(np.median(target_f0[target_voiced]) / np.median(f0[voiced])), 1.0)
    decoded = pyworld.decode_spectral_envelope(
        np.ascontiguousarray(mapped), WORK_RATE_HZ, 2 * (envelope.shape[1] - 1)
    )
    return synthesise(f0, decoded, aperiodicity), f"k{neighbours}"


def praat(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Praat's "Change gender": PSOLA with formant shift (GPL program; its output is free)."""
    sound = parselmouth.Sound(samples.astype(np.float64), sampling_frequency=WORK_RATE_HZ)
    shift = float(np.exp(rng.uniform(-0.22, 0.22)))
    median = float(rng.uniform(90, 260))
    spread = float(rng.uniform(0.6, 1.3))
    out = parselmouth.praat.call(sound, "Change gender", 75, 600, shift, median, spread, 1.0)
    wave = out.values[0].astype(np.float32)
    return wave * (rms(samples) / rms(wave)), f"fs{shift:.2f}-p{median:.0f}"
