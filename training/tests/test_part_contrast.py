"""By how much a cloned part must stand out, learned from recordings in which nothing is cloned."""

import numpy as np
import pytest

from bonafide_training.dataset import Dataset
from bonafide_training.part_contrast import LIMITS, choose_part_contrast, contrast_of_part

SPEAKERS, CLIPS = 40, 8


def real_windows(spread: float) -> tuple[Dataset, np.ndarray]:
    """One window a clip; of SPEAKERS real ones CLIPS each, normal about -1."""
    random = np.random.default_rng(5)
    clips = [{"clip": f"{speaker}/{n}", "source": f"page{speaker}", "generator_key": None, "label": "real",
              "variant": "original", "speaker": f"voice{speaker}"} for speaker in range(SPEAKERS) for n in range(CLIPS)]
    count = len(clips)
    data = Dataset(np.zeros((count, 1), np.float32), None, np.arange(count, dtype=np.int32), np.ones(count, np.float32),
                   [{}] * count, clips, ["one"], [])
    return data, random.normal(-1, spread, count)


def test_a_part_stands_out_from_the_mean_of_its_recording() -> None:
    # Each window has two slots, of which each takes a quarter of the neighbour on its side.
    windows = np.array([-1.0, -1, -1, 3, -1])
    slots = np.array([-1, -1, -1, -1, -1, 0, 2, 2, 0, -1])
    assert contrast_of_part(windows, 0.7) == pytest.approx(2 - slots.mean())


def test_what_is_not_surely_cloned_or_cloned_throughout_is_no_part() -> None:
    assert contrast_of_part(np.array([-1.0, 0.5, -1]), 0.7) == -np.inf
    assert contrast_of_part(np.array([1.0, 4, 1]), 0.7) == -np.inf


def test_the_more_real_recordings_go_up_and_down_the_more_a_part_must_stand_out() -> None:
    limits = [choose_part_contrast(*real_windows(spread), near_threshold=0.7) for spread in (0.5, 1.5, 2.5)]
    assert limits[0] == LIMITS[0] and limits[0] < limits[1] < limits[2]


def test_voices_of_one_page_are_joined_and_pages_of_few_clips_tell_nothing() -> None:
    data, logits = real_windows(1.0)
    for clip in data.clips:
        clip["speaker"] = None
    assert choose_part_contrast(data, logits, near_threshold=0.7) < LIMITS[-1]
    for number, clip in enumerate(data.clips):
        clip["source"] = f"page{number}"
    assert choose_part_contrast(data, logits, near_threshold=0.7) == pytest.approx(LIMITS[-1])
