"""What many windows of one recording are worth, learned from windows of known correlation."""

import numpy as np
import pytest

from bonafide_training.dataset import Dataset
from bonafide_training.fusion import effective_windows, lengthen
from bonafide_training.recording_length import SINGLE, fit_length

SPEAKERS, CLIPS = 150, 12


def windows(correlation: float, known: bool = True) -> tuple[Dataset, np.ndarray]:
    """One window a clip; of each class SPEAKERS with CLIPS each, its logits normal about -1 and 1 with variance 2.

    That is the one variance at which a window's logit is the log odds of what it tells.
    """
    random = np.random.default_rng(3)
    clips, logits = [], []
    for number in range(2 * SPEAKERS):
        label = "fake" if number % 2 else "real"
        own = random.normal() * np.sqrt(2 * correlation)
        for _ in range(CLIPS):
            clips.append({"clip": str(len(clips)), "id": str(len(clips)), "kind": "original", "variant": "original",
                          "source": f"page{number}", "generator_key": label, "label": label,
                          "speaker": f"voice{number}" if known else None})
            logits.append((1 if number % 2 else -1) + own + random.normal() * np.sqrt(2 * (1 - correlation)))
    count = len(clips)
    data = Dataset(np.zeros((count, 1), np.float32), None, np.arange(count, dtype=np.int32), np.ones(count, np.float32),
                   [{}] * count, clips, ["one"], [])
    return data, np.array(logits)


def test_windows_count_as_the_design_effect_says() -> None:
    assert effective_windows(8, 0.0) == 8
    assert effective_windows(8, 1.0) == 1
    assert effective_windows(9, 0.5) == pytest.approx(1.8)


def test_a_clip_of_one_window_stays_as_it_is_and_neighbours_count_by_half() -> None:
    clip_of = np.repeat([0, 1, 2], [1, 17, 35])
    speech = np.repeat([0.3, 1.0, 0.5], [1, 17, 35])
    assert lengthen(np.full(3, 0.7), clip_of, speech, 0.5) == pytest.approx([0.7, 0.7 * 1.8, 0.7 * 1.8])


@pytest.mark.parametrize("correlation", [0.15, 0.5, 0.85])
def test_the_correlation_that_windows_have_is_found_again(correlation: float) -> None:
    data, logits = windows(correlation)
    found = fit_length(data, logits, np.ones(len(logits), bool))
    assert found["correlation"] == pytest.approx(correlation, abs=0.1)
    # With windows that are all but the same, their upper quantile is all but their mean.
    assert found["upper_weight"] == 0 or correlation > 0.8


def test_without_known_speakers_many_windows_say_no_more_than_one() -> None:
    data, logits = windows(0.5, known=False)
    assert fit_length(data, logits, np.ones(len(logits), bool)) == SINGLE
