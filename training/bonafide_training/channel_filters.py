"""Linear and static distortions: equalisers, band limits, resampling chains, gain, saturation.

Free functions over mono float32 at WORK_RATE_HZ. Each draws its setting from `rng` and returns
(samples, label of what was done).
"""

import numpy as np
from scipy.signal import butter, cheby1, fftconvolve, firwin2, lfilter, sosfilt

from .corpus_audio import WORK_RATE_HZ, resample, rms

Step = tuple[np.ndarray, str]
CHAIN_RATES_HZ = (8000, 11025, 12000, 16000, 24000)
KERNELS = ("QQ", "LQ", "MQ", "HQ")


def low_pass(samples: np.ndarray, cut_hz: float, rng: np.random.Generator) -> Step:
    """Band limit of a random steepness: Butterworth 4-10 or Chebyshev I 6-10."""
    order = int(rng.integers(2, 6)) * 2
    if rng.random() < 0.5:
        sos = butter(order, cut_hz, fs=WORK_RATE_HZ, output="sos")
    else:
        sos = cheby1(max(order, 6), 0.3, cut_hz, fs=WORK_RATE_HZ, output="sos")
    return sosfilt(sos, samples).astype(np.float32), f"lowpass-{cut_hz:.0f}"


def telephone_band(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """The 300-3400 Hz band of a telephone line, with uncertain edges."""
    low, high = rng.uniform(150, 350), rng.uniform(3200, 3800)
    sos = butter(4, (low, high), btype="bandpass", fs=WORK_RATE_HZ, output="sos")
    return sosfilt(sos, samples).astype(np.float32), f"telephone-{low:.0f}-{high:.0f}"


def resample_chain(samples: np.ndarray, lowest_hz: int, rng: np.random.Generator) -> Step:
    """One to three conversions to other rates and back with kernels of differing quality."""
    rates = [rate for rate in CHAIN_RATES_HZ if rate >= lowest_hz]
    label, out = "resample", samples
    for _ in range(int(rng.integers(1, 4))):
        rate, kernel = int(rng.choice(rates)), str(rng.choice(KERNELS))
        out = resample(resample(out, WORK_RATE_HZ, rate, kernel), rate, WORK_RATE_HZ, kernel)
        label += f"-{rate}{kernel}"
    return out, label


def equalise(samples: np.ndarray, range_db: float, rng: np.random.Generator) -> Step:
    """A smooth random curve (tilt, shelves, notches) as a linear-phase filter of 255 taps."""
    knots_hz = np.array([0, 100, 250, 500, 1000, 2000, 3500, 5000, 7500, WORK_RATE_HZ / 2])
    octaves = np.log2(np.maximum(knots_hz, 60) / 1000)
    gains_db = rng.uniform(-0.35, 0.35) * range_db / 2 * octaves
    gains_db = gains_db + rng.normal(0, range_db / 5, knots_hz.size)
    if rng.random() < 0.3:
        gains_db[int(rng.integers(2, knots_hz.size - 1))] -= rng.uniform(6, 20)
    taps = firwin2(255, knots_hz, 10 ** (np.clip(gains_db, -30, 12) / 20), fs=WORK_RATE_HZ)
    return fftconvolve(samples, taps, mode="same").astype(np.float32), f"eq-{range_db:.0f}dB"


def saturate(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """Overdriven input: hard clipping or tanh, 1 to 12 dB beyond the clip's 99.5th percentile."""
    reference = float(np.quantile(np.abs(samples), 0.995)) + 1e-9
    drive = 10 ** (rng.uniform(-3, 9) / 20)
    scaled = samples / reference * drive
    if rng.random() < 0.5:
        return (np.clip(scaled, -1, 1) * reference).astype(np.float32), f"clip-{drive:.1f}"
    return (np.tanh(scaled) * reference).astype(np.float32), f"tanh-{drive:.1f}"


def gain(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """Level of -36 to -12 dBFS RMS, so that loudness says nothing of the class."""
    target = 10 ** (rng.uniform(-36, -12) / 20)
    return (samples * (target / rms(samples))).astype(np.float32), "gain"


def change_speed(samples: np.ndarray, factor: float) -> Step:
    """Play `factor` times as fast (pitch moves with it)."""
    virtual_hz = round(WORK_RATE_HZ * factor / 50) * 50
    return resample(samples, virtual_hz, WORK_RATE_HZ), f"speed-{factor:.2f}"


def crop(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """Drop up to 0.4 s from each end, never more than a fifth of the clip."""
    most = min(int(0.4 * WORK_RATE_HZ), samples.size // 10)
    start, end = (int(rng.integers(0, most + 1)) for _ in range(2))
    return samples[start : samples.size - end], "crop"


def _notch_bank(rng: np.random.Generator) -> np.ndarray:
    """FIR with 1-5 random notches (RawBoost, arXiv 2111.04433, section 2.1)."""
    taps = np.array([1.0])
    for _ in range(int(rng.integers(1, 6))):
        centre, width = rng.uniform(50, 8000), rng.uniform(100, 1000)
        low, high = max(1.0, centre - width / 2), min(WORK_RATE_HZ / 2 - 1, centre + width / 2)
        grid = np.array([0, low, (low + high) / 2, high, WORK_RATE_HZ / 2])
        taps = np.convolve(taps, firwin2(2 * int(rng.integers(5, 50)) + 1, grid, [1, 1, 0, 1, 1], fs=WORK_RATE_HZ))
    return taps


def convolutive_distortion(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """Linear and non-linear convolutive noise: notch-filtered powers of the signal, summed."""
    scale = float(np.max(np.abs(samples))) + 1e-9
    x = samples / scale
    out = np.zeros_like(x, dtype=np.float64)
    for power in range(1, int(rng.integers(2, 6))):
        weight = 1.0 if power == 1 else 10 ** (-rng.uniform(5, 20) * (power - 1) / 2 / 10)
        out += weight * fftconvolve(np.sign(x) * np.abs(x) ** power, _notch_bank(rng), mode="same")
    out -= out.mean()
    return (out * (rms(samples) / rms(out))).astype(np.float32), "rawboost-lnl"


def impulsive_distortion(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """Signal-dependent impulses on up to 8 % of the samples (RawBoost, section 2.2)."""
    share, strength = rng.uniform(0.005, 0.08), rng.uniform(0.2, 1.5)
    hit = rng.random(samples.size) < share
    product = rng.uniform(-1, 1, samples.size) * rng.uniform(-1, 1, samples.size)
    return (samples * (1 + strength * hit * product)).astype(np.float32), "rawboost-isd"


def one_pole_tilt(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """First-order tilt: a microphone held too close or a muffled one."""
    coefficient = rng.uniform(-0.5, 0.6)
    out = lfilter([1.0], [1.0, -coefficient], samples) if coefficient > 0 else lfilter([1.0, coefficient], [1.0], samples)
    return (out * (rms(samples) / rms(out))).astype(np.float32), f"tilt-{coefficient:.2f}"
