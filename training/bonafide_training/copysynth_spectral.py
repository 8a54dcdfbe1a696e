"""Twins from short-time spectra: Griffin-Lim, lost phase, harmonics plus noise."""

import librosa
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.signal import lfilter

from .copysynth_world import Twin, pitch_and_envelope, track_pitch
from .corpus_audio import WORK_RATE_HZ, rms


def _level(out: np.ndarray, like: np.ndarray) -> np.ndarray:
    out = out[: like.size]
    return (out * (rms(like) / rms(out))).astype(np.float32)


def griffin_lim(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Griffin-Lim (doi 10.1109/TASSP.1984.1164317) from a mel or linear magnitude spectrogram."""
    size = int(rng.choice((512, 1024, 1024, 2048)))
    hop = size // int(rng.choice((4, 4, 5)))
    magnitude = np.abs(librosa.stft(samples, n_fft=size, hop_length=hop))
    mels = int(rng.choice((0, 40, 64, 80, 80, 128)))
    if mels:
        top = float(rng.choice((7600.0, 8000.0, WORK_RATE_HZ / 2)))
        bank = librosa.filters.mel(sr=WORK_RATE_HZ, n_fft=size, n_mels=mels, fmax=top)
        mel = bank @ magnitude
        if rng.random() < 0.3:  # an acoustic model's blur
            mel = np.exp(gaussian_filter(np.log(mel + 1e-6), (0.6, 0.8)))
        magnitude = np.maximum(np.linalg.pinv(bank) @ mel, 1e-7)
    rounds = int(rng.choice((8, 16, 32, 60)))
    momentum = float(rng.choice((0.0, 0.99)))
    out = librosa.griffinlim(
        magnitude, n_iter=rounds, hop_length=hop, n_fft=size, momentum=momentum, random_state=int(rng.integers(2**31))
    )
    return _level(out, samples), f"mel{mels}-fft{size}-it{rounds}"


def _integrated_phase(magnitude: np.ndarray, size: int, hop: int) -> np.ndarray:
    """Single-pass phase: each peak advances by its interpolated frequency, its region follows.

    Beauregard, Harish, Wyse, "Single pass spectrogram inversion", 2015, section III.
    """
    bins, frames = magnitude.shape
    phase = np.zeros((bins, frames))
    running = np.zeros(bins)
    for frame in range(frames):
        column = magnitude[:, frame]
        left, middle, right = column[:-2], column[1:-1], column[2:]
        peaks = np.flatnonzero((middle > left) & (middle >= right)) + 1
        if peaks.size:
            a, b, c = column[peaks - 1], column[peaks], column[peaks + 1]
            offset = 0.5 * (a - c) / (a - 2 * b + c - 1e-12)
            advance = 2 * np.pi * (peaks + offset) / size * hop
            owner = np.searchsorted((peaks[1:] + peaks[:-1]) / 2, np.arange(bins))
            running = (running + advance[owner]) % (2 * np.pi)
        phase[:, frame] = running
    return phase


def lost_phase(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """The clip's own magnitudes with a phase made up: integrated, jittered or random in part."""
    size = int(rng.choice((512, 1024, 2048)))
    hop = size // 4
    spectrum = librosa.stft(samples, n_fft=size, hop_length=hop)
    magnitude, phase = np.abs(spectrum), np.angle(spectrum)
    kind = str(rng.choice(("integrated", "jitter", "high-random")))
    if kind == "integrated":
        phase = _integrated_phase(magnitude, size, hop)
    elif kind == "jitter":
        phase = phase + rng.normal(0, rng.uniform(0.4, 1.2), phase.shape)
    else:
        start = int(rng.uniform(1500, 4000) / WORK_RATE_HZ * size)
        phase[start:] = rng.uniform(-np.pi, np.pi, phase[start:].shape)
    out = librosa.istft(magnitude * np.exp(1j * phase), hop_length=hop, n_fft=size, length=samples.size)
    return _level(out, samples), f"{kind}-fft{size}"


def _at(rows: np.ndarray, bin_position: np.ndarray) -> np.ndarray:
    """Values of spectral rows (frames x bins) at fractional bins, one a frame."""
    position = np.clip(bin_position, 0, rows.shape[1] - 1.001)
    low = position.astype(int)
    part = position - low
    frames = np.arange(rows.shape[0])
    return rows[frames, low] * (1 - part) + rows[frames, low + 1] * part


def harmonics_and_noise(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Sinusoids at multiples of F0 below a voicing limit, filtered noise above it.

    The classical harmonic-plus-noise model (Stylianou 2001, doi 10.1109/89.890068), amplitudes
    from the WORLD envelope, phases from zero or drawn once.
    """
    f0, envelope = pitch_and_envelope(samples)
    limit_hz = float(rng.uniform(3000, 6000))
    frame_time = np.arange(f0.size) * 0.005
    time = np.arange(samples.size) / WORK_RATE_HZ
    voiced = np.interp(time, frame_time, (f0 > 0).astype(float))
    filled = np.interp(frame_time, frame_time[f0 > 0], f0[f0 > 0]) if (f0 > 0).any() else np.full(f0.size, 120.0)
    track = np.interp(time, frame_time, filled)
    cycle = 2 * np.pi * np.cumsum(track) / WORK_RATE_HZ
    bin_hz = WORK_RATE_HZ / (2 * (envelope.shape[1] - 1))
    start_phase = rng.uniform(0, 2 * np.pi, 80) * float(rng.choice((0.0, 1.0)))
    out = np.zeros(samples.size)
    for number in range(1, min(80, int(limit_hz / max(filled.min(), 60.0))) + 1):
        power = _at(envelope, number * filled / bin_hz)
        amplitude = np.sqrt(power * filled / WORK_RATE_HZ) * (number * filled < limit_hz)
        out += np.interp(time, frame_time, amplitude) * np.cos(number * cycle + start_phase[number - 1])
    out *= voiced * np.sqrt(2)
    return _level(out + _shaped_noise(samples, f0, limit_hz, rng), samples), f"limit{limit_hz:.0f}"


def _shaped_noise(samples: np.ndarray, f0: np.ndarray, limit_hz: float, rng: np.random.Generator) -> np.ndarray:
    """Noise with the clip's short-time envelope: full band where unvoiced, above the limit elsewhere."""
    size, hop = 512, 128
    magnitude = np.abs(librosa.stft(samples, n_fft=size, hop_length=hop))
    magnitude = gaussian_filter(magnitude, (2.0, 1.0))
    noise = rng.normal(size=samples.size)
    shape = librosa.stft(noise.astype(np.float32), n_fft=size, hop_length=hop)
    voiced = np.interp(np.arange(magnitude.shape[1]) * hop / WORK_RATE_HZ, np.arange(f0.size) * 0.005, (f0 > 0) * 1.0)
    frequency = np.arange(size // 2 + 1) * WORK_RATE_HZ / size
    mask = np.where(frequency[:, None] > limit_hz, 1.0, 1.0 - voiced[None, :])
    scaled = shape / (np.mean(np.abs(shape)) + 1e-9) * magnitude * mask
    return librosa.istft(scaled, hop_length=hop, n_fft=size, length=samples.size)


def lpc(samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Linear prediction with a pulse or noise source, 10 ms frames (Atal and Hanauer 1971)."""
    order = int(rng.integers(16, 33))
    hop, window = WORK_RATE_HZ // 100, int(0.03 * WORK_RATE_HZ)
    f0 = track_pitch(samples)
    taper = np.hanning(window)
    padded = np.pad(samples.astype(np.float64), (window // 2, window))
    out, state = np.zeros(samples.size + hop), np.zeros(order)
    phase, mix = 0.0, float(rng.uniform(0.0, 0.4))
    for start in range(0, samples.size, hop):
        frame = padded[start : start + window] * taper
        coefficients, power = _levinson(frame, order)
        pitch = f0[min(int(start / WORK_RATE_HZ / 0.005), f0.size - 1)]
        source = rng.normal(size=hop)
        if pitch > 0:
            cycle = phase + np.arange(1, hop + 1) * pitch / WORK_RATE_HZ
            pulses = np.floor(cycle) > np.floor(np.concatenate([[phase], cycle[:-1]]))
            phase = cycle[-1] % 1.0
            source = (1 - mix) * pulses * np.sqrt(WORK_RATE_HZ / pitch) + mix * source
        block, state = lfilter([np.sqrt(power)], coefficients, source, zi=state)
        out[start : start + hop] = block
    return _level(out[: samples.size], samples), f"order{order}-mix{mix:.2f}"


def _levinson(frame: np.ndarray, order: int) -> tuple[np.ndarray, float]:
    """Prediction filter (1, a1..ap) and residual power a sample, autocorrelation method."""
    spectrum = np.abs(np.fft.rfft(frame, 2 * frame.size)) ** 2
    correlation = np.fft.irfft(spectrum)[: order + 1]
    correlation[0] = correlation[0] * 1.0001 + 1e-9
    filter_, error = np.array([1.0]), correlation[0]
    for step in range(1, order + 1):
        reflection = -np.dot(filter_, correlation[step:0:-1]) / error
        filter_ = np.append(filter_, 0.0)
        filter_ = filter_ + reflection * filter_[::-1]
        error *= 1 - reflection**2
    return filter_, max(error / frame.size, 1e-12)
