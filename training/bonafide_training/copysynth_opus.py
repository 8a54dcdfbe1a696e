"""Twins by FARGAN, the neural vocoder inside libopus (Valin et al. 2024, arXiv 2405.21069), 16 kHz.

The crate opusic-sys carries libopus with its weights as C source (BSD-3-Clause). Two programs are built
from it: fargan_demo takes speech to features and back, opus_demo sends it through the codec's deep
redundancy (DRED), a neural codec of about 1-2 kbit/s that FARGAN speaks for where packets were lost.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from .copysynth_world import Twin
from .corpus_audio import WORK_RATE_HZ, resample, rms
from .packages import unpack

CRATE, VERSION = "opusic-sys", "0.7.7"
PROGRAMS = "opus-programs"
RATE_HZ = 16_000
FEATURES = 20  # a 10 ms frame: 18 cepstra, pitch in octaves, pitch correlation
PITCH = 18
PITCH_RANGE = (-1.49, 1.45)
LEAST_TARGET_FRAMES = 100
LEVEL_RMS = 0.1
FRAME_SEC = 0.02
GAPS = (12, 40)  # packets of 20 ms; DRED reaches back a second
DRED_TENTHS = 100
LOSS = 25
RATES = (64_000, 96_000, 128_000)  # with less there are no bits for the whole gap
BUILD_SEC = 1800
RUN_SEC = 120


def build(packages: Path, jobs: int = 2) -> Path | None:
    """The folder of fargan_demo and opus_demo, built where they are missing; None if they can't be had."""
    done = packages / PROGRAMS
    if done.exists():
        return done
    crate = unpack("crates", CRATE, VERSION, packages)
    if crate is None or not shutil.which("cmake") or not shutil.which("cc"):
        return None
    source, work, partial = (crate / "opus").resolve(), packages / "opus-build", packages / f"{PROGRAMS}.partial"
    partial.mkdir(exist_ok=True)
    parts = ("celt", "dnn", "include", "silk", ".")
    commands = (
        ["cmake", "-S", source, "-B", work, "-DCMAKE_BUILD_TYPE=Release", "-DOPUS_DRED=ON", "-DOPUS_BUILD_PROGRAMS=ON",
         "-DBUILD_SHARED_LIBS=OFF"],
        ["cmake", "--build", work, "-j", jobs, "--target", "opus", "opus_demo"],
        ["cc", "-O2", "-DOPUS_BUILD", "-DENABLE_DRED", "-DENABLE_DEEP_PLC", "-DFLOAT_APPROX", "-DVAR_ARRAYS",
         *(f"-I{source / part}" for part in parts), source / "dnn" / "fargan_demo.c", work / "libopus.a", "-lm",
         "-o", partial / "fargan_demo"],
    )
    for command in commands:
        built = subprocess.run([str(part) for part in command], capture_output=True, check=False, timeout=BUILD_SEC)
        if built.returncode:
            return None
    shutil.copy(work / "opus_demo", partial / "opus_demo")
    return partial.replace(done)


def _run(program: Path, *arguments: object) -> None:
    """Raises FileNotFoundError when the program was not built."""
    subprocess.run([str(program), *map(str, arguments)], check=True, capture_output=True, timeout=RUN_SEC)


def _pcm(samples: np.ndarray) -> bytes:
    narrow = resample(samples, WORK_RATE_HZ, RATE_HZ)
    narrow = np.concatenate([narrow * (LEVEL_RMS / rms(narrow)), np.zeros(RATE_HZ // 10, np.float32)])
    return np.clip(narrow * 32768, -32768, 32767).astype("<i2").tobytes()


def _wave(file: Path) -> np.ndarray:
    return resample(np.fromfile(file, "<i2").astype(np.float32) / 32768, RATE_HZ, WORK_RATE_HZ)


def _features(samples: np.ndarray, programs: Path) -> np.ndarray:
    """(frames, FEATURES) of speech, levelled."""
    with tempfile.TemporaryDirectory() as name:
        heard, told = Path(name) / "in.pcm", Path(name) / "features"
        heard.write_bytes(_pcm(samples))
        _run(programs / "fargan_demo", "-features", heard, told)
        return np.fromfile(told, "<f4").reshape(-1, FEATURES)


def _speak(features: np.ndarray, programs: Path) -> np.ndarray:
    with tempfile.TemporaryDirectory() as name:
        told, said = Path(name) / "features", Path(name) / "out.pcm"
        features.astype("<f4").tofile(told)
        _run(programs / "fargan_demo", "-fargan-synthesis", told, said)
        return _wave(said)


def _raise(features: np.ndarray, octaves: float) -> None:
    # the period is 256 samples / 2^(feature + 1.5), dnn/fargan.c
    features[:, PITCH] = np.clip(features[:, PITCH] + octaves, *PITCH_RANGE)


def fargan(samples: np.ndarray, programs: Path, rng: np.random.Generator) -> Twin:
    """Analysed and synthesised: as it is, blurred as an acoustic model leaves it, or with the pitch moved."""
    features, label, draw = _features(samples, programs), "plain", rng.random()
    if draw < 0.2:
        features[:, :PITCH] = gaussian_filter1d(features[:, :PITCH], rng.uniform(0.6, 1.5), axis=0)
        label = "blurred"
    elif draw < 0.45:
        octaves = float(rng.choice((-1, 1)) * rng.uniform(0.1, 0.5))
        _raise(features, octaves)
        label = f"octaves{octaves:+.2f}"
    return _speak(features, programs), label


def nearest_voice(samples: np.ndarray, target: np.ndarray, programs: Path, rng: np.random.Generator) -> Twin:
    """kNN voice conversion: the shape of each spectrum from the target's nearest ones, loudness kept.

    Raises ValueError when the target has less than a second of frames.
    """
    features, pool = _features(samples, programs), _features(target, programs)
    if len(pool) < LEAST_TARGET_FRAMES:
        raise ValueError("target too short")
    neighbours = int(rng.integers(1, 5))

    def shape(rows: np.ndarray) -> np.ndarray:
        return (rows[:, 1:PITCH] - rows[:, 1:PITCH].mean(0)) / (rows[:, 1:PITCH].std(0) + 1e-6)

    _, index = cKDTree(shape(pool)).query(shape(features), k=neighbours)
    mapped = pool[np.reshape(index, (len(features), neighbours)), 1:PITCH].mean(axis=1)
    features[:, 1:PITCH] = gaussian_filter1d(mapped, 0.7, axis=0)
    voiced, target_voiced = features[:, PITCH + 1] > 0, pool[:, PITCH + 1] > 0
    if voiced.any() and target_voiced.any():
        _raise(features, float(np.median(pool[target_voiced, PITCH]) - np.median(features[voiced, PITCH])))
    return _speak(features, programs), f"k{neighbours}"


def dred(samples: np.ndarray, programs: Path, rng: np.random.Generator) -> Twin:
    """Spoken by FARGAN from the codec's redundancy, but for one packet in a drawn few tens."""
    gap = int(rng.integers(*GAPS))
    rate = int(rng.choice(RATES))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pcm = _pcm(samples)
        (folder / "in.pcm").write_bytes(pcm)
        packets = int(len(pcm) / 2 / RATE_HZ / FRAME_SEC) + gap + 1
        lost = [0 if at % (gap + 1) == 0 else 1 for at in range(packets)]
        (folder / "lost").write_text("\n".join(map(str, lost)))
        _run(programs / "opus_demo", "voip", RATE_HZ, 1, rate, "-loss", LOSS, "-dec_complexity", 10,
             "-dred", DRED_TENTHS, "-lossfile", folder / "lost", folder / "in.pcm", folder / "out.pcm")
        return _wave(folder / "out.pcm"), f"gap{gap}-{rate // 1000}k"
