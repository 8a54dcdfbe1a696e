"""Channel randomisation: the way from a mouth or a loudspeaker to the file.

The draw never sees the label: both classes get the same distribution, so that the channel cannot
become a shortcut. The result depends on (seed, clip id, variant) alone.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from . import channel_filters as filters
from . import channel_noise as noises
from .channel_codecs import draw_narrow, draw_wide, round_trip
from .corpus_audio import active_rms

# (severity, probability): a third of all variants keeps the bandwidth whatever the severity
SEVERITIES = (("mild", 0.4), ("medium", 0.35), ("heavy", 0.25))
WIDE_PROBABILITY = 0.38
SNR_DB = {"mild": (20, 35), "medium": (12, 28), "heavy": (5, 20)}
RT60_SEC = {"mild": (0.1, 0.3), "medium": (0.15, 0.5), "heavy": (0.3, 0.9)}
EQ_DB = {"mild": 6.0, "medium": 12.0, "heavy": 18.0}
STEP_COUNTS = {"mild": (1, 2), "medium": (2, 3), "heavy": (2, 4)}
# step -> weight of being drawn; the tuple's order is the physical order of application
STEPS = (
    ("speed", 0.5),
    ("room", 1.0),
    ("noise", 1.4),
    ("rawboost", 0.8),
    ("equaliser", 1.1),
    ("saturation", 0.5),
    ("denoise", 0.5),
    ("band", 0.7),
    ("resample", 0.8),
    ("codec", 2.6),
)
SILENCE_RMS = 1e-4


def rng_for(seed: int, clip_id: str, variant: str) -> np.random.Generator:
    """The random stream of one variant of one clip, independent of all others."""
    digest = hashlib.sha256(f"{seed}|{clip_id}|{variant}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


@dataclass(frozen=True)
class Plan:
    """What was drawn: severity (see SEVERITIES), bandwidth "wide" or "any", steps in order."""

    severity: str
    bandwidth: str
    steps: tuple[str, ...]


def _draw_plan(rng: np.random.Generator) -> Plan:
    names, weights = zip(*SEVERITIES)
    severity = str(rng.choice(names, p=weights))
    bandwidth = "wide" if rng.random() < WIDE_PROBABILITY else "any"
    low, high = STEP_COUNTS[severity]
    count = int(rng.integers(low, high + 1))
    weights = np.array([weight for _, weight in STEPS])
    chosen = rng.choice(len(STEPS), size=count, replace=False, p=weights / weights.sum())
    return Plan(severity, bandwidth, tuple(STEPS[index][0] for index in sorted(chosen)))


def _distort(samples: np.ndarray, rng: np.random.Generator) -> filters.Step:
    kind = int(rng.integers(3))
    if kind == 0:
        return filters.convolutive_distortion(samples, rng)
    if kind == 1:
        return filters.impulsive_distortion(samples, rng)
    return filters.one_pole_tilt(samples, rng)


def _limit_band(samples: np.ndarray, plan: Plan, rng: np.random.Generator) -> filters.Step:
    if plan.bandwidth == "wide":
        return filters.low_pass(samples, rng.uniform(7600, 10_000), rng)
    if rng.random() < 0.3:
        return filters.telephone_band(samples, rng)
    return filters.low_pass(samples, rng.uniform(3400, 8000), rng)


def _code(samples: np.ndarray, plan: Plan, rng: np.random.Generator) -> filters.Step:
    """One round trip; where the variant is heavy, two out of five times a second one."""
    label = ""
    for _ in range(2 if plan.severity == "heavy" and rng.random() < 0.4 else 1):
        narrow = plan.bandwidth == "any" and rng.random() < 0.65
        setting = draw_narrow(rng) if narrow else draw_wide(rng)
        samples, label = round_trip(samples, setting), f"{label}+{setting.label}".lstrip("+")
    return samples, label


def _apply(step: str, samples: np.ndarray, plan: Plan, voices: list[np.ndarray], rng: np.random.Generator) -> filters.Step:
    if step == "speed":
        return filters.change_speed(samples, rng.uniform(0.95, 1.05))
    if step == "room":
        return noises.add_room(samples, rng.uniform(*RT60_SEC[plan.severity]), rng)
    if step == "noise":
        return noises.add_noise(samples, rng.uniform(*SNR_DB[plan.severity]), voices, rng)
    if step == "rawboost":
        return _distort(samples, rng)
    if step == "equaliser":
        return filters.equalise(samples, EQ_DB[plan.severity], rng)
    if step == "saturation":
        return filters.saturate(samples, rng)
    if step == "denoise":
        return noises.suppress_noise(samples, rng)
    if step == "band":
        return _limit_band(samples, plan, rng)
    if step == "resample":
        return filters.resample_chain(samples, 16_000 if plan.bandwidth == "wide" else 8000, rng)
    return _code(samples, plan, rng)


def randomise(samples: np.ndarray, voices: list[np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, list[str]]:
    """One random channel over mono float32 at WORK_RATE_HZ.

    `voices` are other clips at the same rate for babble. Returns the samples and what was done,
    first the severity. Near-silence comes back unchanged: there is nothing to distort.
    """
    if samples.size == 0 or active_rms(samples) < SILENCE_RMS:
        return samples, ["none"]
    plan = _draw_plan(rng)
    done = [f"{plan.severity}-{plan.bandwidth}"]
    if rng.random() < 0.3:
        samples, _ = filters.crop(samples, rng)
    samples, _ = filters.gain(samples, rng)
    for step in plan.steps:
        samples, label = _apply(step, samples, plan, voices, rng)
        samples = np.nan_to_num(samples, copy=False)
        done.append(label)
    return samples, done
