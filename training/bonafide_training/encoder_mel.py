"""The log-mel front end of the encoder: kernels for the graph and the same arithmetic in numpy.

Definition: Whisper `log_mel_spectrogram` (Radford et al., 2022, section 2.2); the mel scale and
its area-normalised triangles are those of Slaney's Auditory Toolbox (1998).
"""

from __future__ import annotations

import numpy as np

SAMPLE_RATE_HZ = 16_000
WINDOW_LENGTH = 400
HOP_LENGTH = 160
BIN_COUNT = WINDOW_LENGTH // 2 + 1
MEL_COUNT = 80
LOG_FLOOR = 1e-10
DYNAMIC_RANGE = 8.0  # in log10 of power: 80 dB below the loudest cell

_LINEAR_STEP_HZ = 200.0 / 3.0  # below 1 kHz one mel is 66.7 Hz
_LOG_START_HZ = 1000.0
_LOG_STEP = np.log(6.4) / 27.0


def dft_kernel() -> np.ndarray:
    """Real and imaginary rows of the windowed transform, float32 [402, 1, 400] for a Conv of stride 160."""
    n = np.arange(WINDOW_LENGTH)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / WINDOW_LENGTH)
    # The product is reduced modulo the length first, so that the angles stay exact.
    angle = 2 * np.pi * (np.outer(np.arange(BIN_COUNT), n) % WINDOW_LENGTH) / WINDOW_LENGTH
    rows = np.concatenate([np.cos(angle) * hann, -np.sin(angle) * hann])
    return rows[:, None, :].astype(np.float32)


def mel_filters() -> np.ndarray:
    """Triangular filters of unit area, float32 [80, 201]."""
    edges = _mel_to_hz(np.linspace(0.0, _hz_to_mel(SAMPLE_RATE_HZ / 2), MEL_COUNT + 2))
    bins = np.arange(BIN_COUNT) * SAMPLE_RATE_HZ / WINDOW_LENGTH
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    triangles = np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
    return (np.maximum(triangles, 0.0) * 2.0 / (high - low)).astype(np.float32)


def log_mel(waveform: np.ndarray) -> np.ndarray:
    """Log-mel map of a mono waveform at 16 kHz: float32 [80, n // 160], about -1..1.5.

    The mean of the waveform is removed first: a recorder's offset says nothing about the voice.
    """
    centred = waveform.astype(np.float64) - waveform.astype(np.float64).mean()
    padded = np.pad(centred, WINDOW_LENGTH // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW_LENGTH)[::HOP_LENGTH][:-1]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW_LENGTH) / WINDOW_LENGTH)
    power = np.abs(np.fft.rfft(frames * hann, axis=1)) ** 2
    levels = np.log10(np.maximum(mel_filters() @ power.T, LOG_FLOOR))
    return ((np.maximum(levels, levels.max() - DYNAMIC_RANGE) + 4.0) / 4.0).astype(np.float32)


def _hz_to_mel(frequency_hz: float) -> float:
    if frequency_hz < _LOG_START_HZ:
        return frequency_hz / _LINEAR_STEP_HZ
    return _LOG_START_HZ / _LINEAR_STEP_HZ + np.log(frequency_hz / _LOG_START_HZ) / _LOG_STEP


def _mel_to_hz(mels: np.ndarray) -> np.ndarray:
    start = _LOG_START_HZ / _LINEAR_STEP_HZ
    return np.where(mels < start, mels * _LINEAR_STEP_HZ, _LOG_START_HZ * np.exp(_LOG_STEP * (mels - start)))
