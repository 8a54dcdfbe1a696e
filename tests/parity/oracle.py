"""Writes the numbers that the signal code is held to, as reference implementations compute them.

Usage: python tests/parity/oracle.py   (numpy, scipy, librosa, praat-parselmouth, soundfile)

The input is the committed clip `tests/fixtures/real-en-3s.wav`, its samples taken as if they were at
22,050 Hz, plus a little noise from an integer generator that any language repeats exactly.
"""

import json
from pathlib import Path

import librosa
import numpy as np
import parselmouth
import scipy.fft
import scipy.linalg
import scipy.stats
import soundfile
from parselmouth.praat import call

HERE = Path(__file__).parent
RATE_HZ = 22_050
FRAME, HOP = 1024, 256
TOP_HZ = 7600
BINS = int(TOP_HZ // (RATE_HZ / FRAME)) + 1
FRAMES = [12, 47, 90]
LENGTH = 32_768


def noise(count: int) -> np.ndarray:
    """Uniform in -0.5..0.5: the generator of Numerical Recipes, s <- 1664525 s + 1013904223 mod 2^32."""
    state, out = 1, np.empty(count)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = state / 2**32 - 0.5
    return out


def signal() -> np.ndarray:
    samples, _ = soundfile.read(HERE.parent / "fixtures" / "real-en-3s.wav", dtype="float64")
    return samples[4000 : 4000 + LENGTH] + 0.002 * noise(LENGTH)


def write(name: str, value: dict) -> None:
    rounded = json.loads(json.dumps(value), parse_float=lambda text: float(f"{float(text):.9g}"))
    (HERE / "fixtures" / f"{name}.json").write_text(json.dumps(rounded) + "\n")


def pick(rows: np.ndarray) -> list:
    """Columns of FRAMES of a matrix of features by frames, one list a frame."""
    return np.asarray(rows)[:, FRAMES].T.tolist()


def cepstrum(power: np.ndarray, bank: np.ndarray, count: int) -> np.ndarray:
    return scipy.fft.dct(10 * np.log10(bank @ power), axis=0, norm="ortho")[:count]


def linear_bank(count: int, low_hz: float, high_hz: float) -> np.ndarray:
    edges = np.linspace(low_hz, high_hz, count + 2)
    hz = np.arange(BINS) * RATE_HZ / FRAME
    rows = []
    for low, centre, high in zip(edges, edges[1:], edges[2:]):
        height = np.minimum((hz - low) / (centre - low), (high - hz) / (high - centre))
        rows.append(np.maximum(0, height) * 2 / (high - low))
    return np.array(rows)


def write_spectra(x: np.ndarray) -> np.ndarray:
    stft = librosa.stft(x, n_fft=FRAME, hop_length=HOP, window="hann", center=False)
    write("stft", {"frames": FRAMES, "re": pick(stft.real[:BINS:8]), "im": pick(stft.imag[:BINS:8])})
    return np.abs(stft[:BINS])


def write_cepstra(amplitude: np.ndarray) -> None:
    mel = librosa.filters.mel(sr=RATE_HZ, n_fft=FRAME, n_mels=40, fmin=0, fmax=TOP_HZ, dtype=np.float64)[:, :BINS]
    write("mel-bank", {"sums": mel.sum(axis=1).tolist(), "row_20": mel[20].tolist()})
    mfcc = cepstrum(amplitude**2, mel, 20)
    lfcc = cepstrum(amplitude**2, linear_bank(40, 0, TOP_HZ), 20)
    slope = librosa.feature.delta(mfcc, width=5, order=1)
    bend = librosa.feature.delta(mfcc, width=5, order=2)
    write(
        "cepstra",
        {
            "frames": FRAMES,
            "mfcc": pick(mfcc[1:]),
            "lfcc": pick(lfcc[1:]),
            "mfcc_slope": pick(slope[1:]),
            "mfcc_curvature": pick(bend[1:]),
        },
    )


def contrast(power: np.ndarray) -> np.ndarray:
    edges = [int(np.floor(hz / (RATE_HZ / FRAME) + 0.5)) for hz in (100, 300, 700, 1500, 2900, 5000, 7600)]
    rows = []
    for low, high in zip(edges, edges[1:]):
        ordered = np.sort(10 * np.log10(power[low : min(high, BINS - 1)]), axis=0)
        n = max(1, int(np.floor(0.15 * len(ordered) + 0.5)))
        rows.append(ordered[-n:].mean(axis=0) - ordered[:n].mean(axis=0))
    return np.array(rows)


def write_shape(amplitude: np.ndarray) -> None:
    hz = np.arange(BINS) * RATE_HZ / FRAME
    power = amplitude**2
    unit = amplitude / np.linalg.norm(amplitude, axis=0)
    share = power / power.sum(axis=0)
    flux = np.concatenate([[0], np.linalg.norm(np.diff(unit, axis=1), axis=0)])
    rows = {
        "centroid": librosa.feature.spectral_centroid(S=amplitude, freq=hz)[0],
        "spread": librosa.feature.spectral_bandwidth(S=amplitude, freq=hz)[0],
        "flatness": 10 * np.log10(librosa.feature.spectral_flatness(S=amplitude, amin=1e-30)[0]),
        "entropy": -(share * np.log(share)).sum(axis=0) / np.log(BINS),
        "slope": np.polyfit(hz / 1000, 10 * np.log10(power), 1)[0],
        "flux": flux,
        "crest": 10 * np.log10(power.max(axis=0) / power.mean(axis=0)),
    }
    picked = {name: np.asarray(row)[FRAMES].tolist() for name, row in rows.items()}
    write("shape", {"frames": FRAMES, **picked, "contrast": pick(contrast(power))})


def write_prediction(x: np.ndarray) -> None:
    order, size = 12, 256
    frame = x[5000 : 5000 + size] * np.hanning(size + 1)[:-1]
    r = np.array([frame[: size - lag] @ frame[lag:] for lag in range(order + 1)])
    r[0] *= 1 + 1e-4
    a = scipy.linalg.solve_toeplitz(r[:-1], -r[1:])
    write("prediction", {"r": r.tolist(), "a": a.tolist(), "error_share": float((r[0] + a @ r[1:]) / r[0])})


def write_modulation(x: np.ndarray, amplitude: np.ndarray) -> None:
    low, high = (int(np.floor(hz / (RATE_HZ / FRAME) + 0.5)) for hz in (700, 1800))
    envelope = np.sqrt((amplitude[low:high] ** 2).sum(axis=0))
    n = len(envelope)
    spectrum = np.abs(np.fft.rfft((envelope - envelope.mean()) * np.hanning(n + 1)[:-1], 512)) ** 2
    edges = [int(np.floor(hz / (RATE_HZ / HOP) * 512 + 0.5)) for hz in (0.5, 2, 4, 8, 16, 32)]
    energy = np.array([spectrum[a:b].sum() for a, b in zip(edges, edges[1:])])
    write("modulation", {"share_db": (10 * np.log10(energy / energy.sum() + 1e-5)).tolist()})


def raggedness(spectrum: np.ndarray) -> np.ndarray:
    near = [spectrum[max(0, k - 9) : k + 10] for k in range(len(spectrum))]
    return np.clip(spectrum - [np.median(values) for values in near], -6, 6)


def write_fine_structure(x: np.ndarray) -> None:
    """Of bins of 10.8 Hz up to TOP_HZ, over the frames within 35 dB of the 95th percentile of their power."""
    frame = 2048
    bin_hz = RATE_HZ / frame
    power = np.abs(librosa.stft(x, n_fft=frame, hop_length=1024, window="hann", center=False)) ** 2
    power = power[: int(TOP_HZ // bin_hz) + 1]
    sums = power.sum(axis=0)
    loud = np.quantile(sums, 0.95)
    log = 10 * np.log10(np.maximum(power / (loud / len(power)), 1e-7))[:, sums > loud * 10**-3.5]
    spectra = {"level": log.mean(axis=1), "change": log.std(axis=1), "skewness": scipy.stats.skew(log, axis=1)}
    rest = {name: raggedness(spectrum) for name, spectrum in spectra.items()}
    edges = [int(np.floor(hz / bin_hz + 0.5)) for hz in (160, 1000, 2000, 3400, 5200, 7600)]
    features = []
    for name in ("level", "change"):
        for low, high in zip(edges, edges[1:]):
            band = rest[name][low:high]
            features += [np.sqrt((band**2).mean()), *np.quantile(band, [0.01, 0.05, 0.95, 0.99])]
    for low, high in zip(edges, edges[1:]):
        for one, other in (("level", "change"), ("level", "skewness"), ("change", "skewness")):
            features.append(np.corrcoef(rest[one][low:high], rest[other][low:high])[0, 1])
    write("fine-structure", {**{name: row.tolist() for name, row in spectra.items()}, "features": np.array(features).tolist()})


def voice(samples: np.ndarray, rate_hz: int) -> dict:
    sound = parselmouth.Sound(samples, rate_hz)
    pitch = call(sound, "To Pitch (ac)", 0.01, 60, 4, "no", 0.03, 0.45, 0.01, 0.35, 0.14, 500)
    f0 = pitch.selected_array["frequency"]
    voiced = 12 * np.log2(f0[f0 > 0])
    points = call([sound, pitch], "To PointProcess (cc)")
    harmonicity = call(sound, "To Harmonicity (ac)", 0.01, 60, 0.1, 4.5)
    limits = (0, 0, 0.0001, 0.02, 1.3)
    return {
        "f0_mean_hz": float(2 ** (voiced.mean() / 12)),
        "f0_std": float(voiced.std()),
        "jitter_local": call(points, "Get jitter (local)", *limits),
        "jitter_rap": call(points, "Get jitter (rap)", *limits),
        "shimmer_local": call([sound, points], "Get shimmer (local)", *limits, 1.6),
        "hnr_mean": call(harmonicity, "Get mean", 0, 0),
    }


def pulse_train() -> np.ndarray:
    """Two seconds of a 130 Hz voice whose periods and amplitudes waver by a known share, at 22,050 Hz."""
    wobble = noise(1000)
    out = np.zeros(2 * RATE_HZ)
    place, i = 100.0, 0
    t = np.arange(400) / RATE_HZ
    while place < len(out) - 600:
        at = int(np.floor(place))
        shift = (place - at) / RATE_HZ
        pulse = sum(np.exp(-(t - shift) * b) * np.sin(2 * np.pi * f * (t - shift)) for f, b in ((600, 500), (1500, 700)))
        out[at + 1 : at + 401] += 0.2 * (1 + 0.2 * wobble[2 * i]) * pulse
        place += RATE_HZ / 130 * (1 + 0.04 * wobble[2 * i + 1])
        i += 1
    return out + 0.0002 * noise(len(out))


def write_voice() -> None:
    real, rate_hz = soundfile.read(HERE.parent / "fixtures" / "real-en-3s.wav", dtype="float64")
    write("voice", {"pulses": voice(pulse_train(), RATE_HZ), "real": voice(real, rate_hz)})


def main() -> None:
    (HERE / "fixtures").mkdir(exist_ok=True)
    x = signal()
    amplitude = write_spectra(x)
    write_cepstra(amplitude)
    write_shape(amplitude)
    write_prediction(x)
    write_modulation(x, amplitude)
    write_fine_structure(x)
    write_voice()


if __name__ == "__main__":
    main()
