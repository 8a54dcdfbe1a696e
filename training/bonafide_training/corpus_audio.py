"""Reading and writing clips for the corpus builder.

Every clip is handled as mono float32 at WORK_RATE_HZ, so that no step of the builder knows a
clip's stored sample rate, container or channel count.
"""

from pathlib import Path

import av
import numpy as np
import soundfile as sf
import soxr

WORK_RATE_HZ = 22_050
PEAK_LIMIT = 0.999


def resample(samples: np.ndarray, from_hz: int, to_hz: int, quality: str = "HQ") -> np.ndarray:
    """Resample mono float samples; `quality` is one of soxr's QQ, LQ, MQ, HQ, VHQ."""
    if from_hz == to_hz:
        return samples.astype(np.float32, copy=False)
    return soxr.resample(samples, from_hz, to_hz, quality=quality).astype(np.float32)


def decode_native(source, container_format: str | None = None) -> tuple[np.ndarray, int]:
    """Decode the first audio stream of a path or binary file object to mono float32.

    `container_format` is needed only where the bytes do not tell it (raw G.722).

    Returns (samples, rate in Hz). Raises av.error.FFmpegError or ValueError when there is no sound.
    """
    with av.open(source, "r", format=container_format) as container:
        if not container.streams.audio:
            raise ValueError("no audio stream")
        stream = container.streams.audio[0]
        rate = stream.rate
        converter = av.AudioResampler(format="fltp", layout="mono", rate=rate)
        blocks = [
            converted.to_ndarray()[0]
            for frame in container.decode(stream)
            for converted in converter.resample(frame)
        ]
        blocks += [converted.to_ndarray()[0] for converted in converter.resample(None)]
    if not blocks:
        raise ValueError("empty audio stream")
    return np.concatenate(blocks).astype(np.float32), rate


def load(path: Path | str) -> np.ndarray:
    """Mono float32 samples of a clip at WORK_RATE_HZ, DC removed."""
    samples, rate = decode_native(str(path))
    samples = resample(samples, rate, WORK_RATE_HZ)
    return samples - np.float32(samples.mean())


def save(path: Path, samples: np.ndarray, rate_hz: int = WORK_RATE_HZ) -> None:
    """Write 16-bit FLAC by temporary name and rename, so that a file that exists is complete.

    A peak above full scale is scaled down instead of clipped: clipping is a channel step of its own.
    """
    peak = float(np.max(np.abs(samples))) if samples.size else 0.0
    if peak > PEAK_LIMIT:
        samples = samples * (PEAK_LIMIT / peak)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    sf.write(partial, samples, rate_hz, format="FLAC", subtype="PCM_16", compression_level=0.2)
    partial.replace(path)


def rms(samples: np.ndarray) -> float:
    """Root mean square, floored so that it can be divided by."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def active_rms(samples: np.ndarray, rate_hz: int = WORK_RATE_HZ) -> float:
    """Level of the loud half: RMS over the 25 ms frames above the median frame energy."""
    frame = max(1, rate_hz // 40)
    count = samples.size // frame
    if count < 2:
        return rms(samples)
    energy = np.square(samples[: count * frame].reshape(count, frame), dtype=np.float64).mean(axis=1)
    return float(np.sqrt(energy[energy >= np.median(energy)].mean() + 1e-12))
