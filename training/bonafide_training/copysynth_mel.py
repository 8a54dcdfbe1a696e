"""Copy-synthesis through any neural vocoder that speaks log10 mels: as it is, converted, in another voice."""

from typing import Protocol

import librosa
import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from .copysynth_world import Twin

LEAST_TARGET_SEC = 1.0


class MelVocoder(Protocol):
    """log_mel: speech at WORK_RATE_HZ to log10 mels (frames, bins); vocode: back."""

    frames_a_second: float

    def log_mel(self, samples: np.ndarray) -> np.ndarray: ...

    def vocode(self, mel: np.ndarray) -> np.ndarray: ...


def _warp(mel: np.ndarray, factor: float) -> np.ndarray:
    bins = np.arange(mel.shape[1])
    return np.stack([np.interp(bins / factor, bins, row) for row in mel]).astype(np.float32)


def copy(vocoder: MelVocoder, samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Vocoded as it is, or after the blur that an acoustic model leaves."""
    mel, label = vocoder.log_mel(samples), "plain"
    if rng.random() < 0.35:
        mel, label = gaussian_filter(mel, (rng.uniform(0.5, 1.2), rng.uniform(0.3, 0.8))), "blurred"
    return vocoder.vocode(mel), label


def convert(vocoder: MelVocoder, samples: np.ndarray, rng: np.random.Generator) -> Twin:
    """Formants moved on the mel axis before vocoding."""
    factor = float(np.exp(rng.choice((-1, 1)) * rng.uniform(0.04, 0.16)))
    return vocoder.vocode(_warp(vocoder.log_mel(samples), factor)), f"warp{factor:.2f}"


def nearest_voice(vocoder: MelVocoder, samples: np.ndarray, target: np.ndarray, rng: np.random.Generator) -> Twin:
    """kNN voice conversion in the mel domain: frames of another speaker, chosen by cepstral shape.

    Raises ValueError when the target has less than a second of frames.
    """
    mel, pool = vocoder.log_mel(samples), vocoder.log_mel(target)
    if len(pool) < LEAST_TARGET_SEC * vocoder.frames_a_second:
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
    return vocoder.vocode(mapped), f"k{neighbours}"
