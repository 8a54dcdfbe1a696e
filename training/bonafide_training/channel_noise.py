"""Additive noise, rooms and noise suppression. Same conventions as channel_filters."""

import numpy as np
from scipy.ndimage import uniform_filter
from scipy.signal import butter, fftconvolve, istft, sosfilt, stft

from .corpus_audio import WORK_RATE_HZ, active_rms, rms

Step = tuple[np.ndarray, str]
_COLOUR_EXPONENT = {"white": 0.0, "pink": 1.0, "brown": 2.0, "blue": -1.0}


def coloured_noise(length: int, exponent: float, rng: np.random.Generator) -> np.ndarray:
    """Unit-RMS noise whose power falls as 1/f**exponent above 30 Hz."""
    spectrum = rng.normal(size=length // 2 + 1) + 1j * rng.normal(size=length // 2 + 1)
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / WORK_RATE_HZ), 30.0)
    noise = np.fft.irfft(spectrum * frequency ** (-exponent / 2), length)
    return (noise / rms(noise)).astype(np.float32)


def _hum(length: int, rng: np.random.Generator) -> np.ndarray:
    mains = rng.choice((50.0, 60.0)) * rng.uniform(0.998, 1.002)
    time = np.arange(length) / WORK_RATE_HZ
    harmonics = np.arange(1, 9)
    weights = rng.random(8) / harmonics ** rng.uniform(0.3, 1.2)
    waves = np.sin(2 * np.pi * mains * harmonics[:, None] * time + rng.uniform(0, 6.28, (8, 1)))
    noise = (weights[:, None] * waves).sum(axis=0) + 0.05 * coloured_noise(length, 1.0, rng)
    return (noise / rms(noise)).astype(np.float32)


def _band(length: int, rng: np.random.Generator) -> np.ndarray:
    """Stationary noise of a random band: fans, engines, tape (RawBoost's SSI is of this kind)."""
    low = rng.uniform(60, 3000)
    sos = butter(2, (low, min(low * rng.uniform(1.5, 5), 10_500)), btype="bandpass", fs=WORK_RATE_HZ, output="sos")
    noise = sosfilt(sos, coloured_noise(length, rng.uniform(0, 1.5), rng))
    return (noise / rms(noise)).astype(np.float32)


def _babble(length: int, voices: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    total = np.zeros(length, np.float32)
    for index in rng.choice(len(voices), size=min(len(voices), int(rng.integers(3, 8))), replace=False):
        voice = np.resize(voices[int(index)], length)
        total += np.roll(voice, int(rng.integers(length))) / rms(voice)
    return total / rms(total)


def draw_noise(length: int, voices: list[np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """Unit-RMS noise of a drawn kind; `voices` are real clips for babble (may be empty)."""
    kinds = ["white", "pink", "brown", "pink", "blue", "hum", "band"] + ["babble", "babble"] * bool(voices)
    kind = kinds[int(rng.integers(len(kinds)))]
    if kind == "babble":
        return _babble(length, voices, rng), kind
    if kind == "hum":
        return _hum(length, rng), kind
    if kind == "band":
        return _band(length, rng), kind
    return coloured_noise(length, _COLOUR_EXPONENT[kind], rng), kind


def add_noise(samples: np.ndarray, snr_db: float, voices: list[np.ndarray], rng: np.random.Generator) -> Step:
    """Noise at `snr_db` below the level of the active speech, sometimes swelling slowly."""
    noise, kind = draw_noise(samples.size, voices, rng)
    if rng.random() < 0.3:
        phase = rng.uniform(0, 6.28)
        time = np.arange(samples.size) / WORK_RATE_HZ
        noise = noise * (1 + 0.6 * np.sin(2 * np.pi * rng.uniform(0.1, 1.5) * time + phase)).astype(np.float32)
    level = active_rms(samples) * 10 ** (-snr_db / 20) / rms(noise)
    return (samples + level * noise).astype(np.float32), f"noise-{kind}-{snr_db:.0f}dB"


def add_room(samples: np.ndarray, rt60_sec: float, rng: np.random.Generator) -> Step:
    """A synthetic room: direct sound, sparse early reflections, decaying coloured noise.

    Schroeder's model of late reverberation: amplitude falls by 60 dB in rt60_sec.
    """
    length = int(min(rt60_sec, 0.9) * WORK_RATE_HZ) + 1
    time = np.arange(length) / WORK_RATE_HZ
    tail = coloured_noise(length, rng.uniform(0.0, 1.5), rng) * 10 ** (-3 * time / rt60_sec)
    predelay = int(rng.uniform(0.002, 0.02) * WORK_RATE_HZ)
    tail[:predelay] = 0
    response = tail * 10 ** (-rng.uniform(2, 14) / 20) / (np.sqrt(np.sum(tail**2)) + 1e-9)
    response[0] = 1.0
    for _ in range(int(rng.integers(3, 9))):
        delay = int(rng.uniform(0.001, 0.03) * WORK_RATE_HZ)
        if delay < length:
            response[delay] += rng.uniform(-0.35, 0.45)
    out = fftconvolve(samples, response)[: samples.size]
    return (out * (rms(samples) / rms(out))).astype(np.float32), f"room-{rt60_sec:.2f}s"


def suppress_noise(samples: np.ndarray, rng: np.random.Generator) -> Step:
    """Mild spectral gating as call software does it: Wiener-like gain over a quantile noise floor."""
    _, _, spectrum = stft(samples, nperseg=512, noverlap=384)
    power = np.abs(spectrum) ** 2
    floor = np.quantile(power, 0.15, axis=1, keepdims=True) * rng.uniform(1.0, 3.0)
    smooth = uniform_filter(power, (3, 3))
    lowest = 10 ** (-rng.uniform(6, 18) / 20)
    mask = np.maximum(1 - floor / np.maximum(smooth, 1e-12), lowest)
    _, out = istft(spectrum * mask, nperseg=512, noverlap=384)
    return out[: samples.size].astype(np.float32), "denoise"
