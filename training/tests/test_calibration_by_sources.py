"""Calibration followed from the sources that models have seen to all of them."""

import numpy as np
import pytest

from bonafide_training.calibration_by_sources import FewerSeen, sources_seen


def test_each_doubling_of_sources_is_worth_the_same() -> None:
    fewer = FewerSeen({}, 25.0, 50.0, 200.0)
    followed = fewer.follow({"slope": 0.8, "intercept": 0.3}, {"slope": 1.0, "intercept": 0.2})
    assert followed == pytest.approx({"slope": 1.4, "intercept": 0.0})


def test_models_that_have_seen_all_are_calibrated_as_they_are() -> None:
    fewer = FewerSeen({}, 25.0, 50.0, 50.0)
    assert fewer.follow({"slope": 0.8, "intercept": 0.3}, {"slope": 1.0, "intercept": 0.2}) == {
        "slope": 1.0, "intercept": 0.2}


def test_without_a_difference_in_sources_there_is_nothing_to_follow() -> None:
    fewer = FewerSeen({}, 50.0, 50.0, 200.0)
    assert fewer.follow({"slope": 0.8, "intercept": 0.3}, {"slope": 1.0, "intercept": 0.2}) == {
        "slope": 1.0, "intercept": 0.2}


def test_sources_count_once_however_many_clips_they_have() -> None:
    clips = [{"source": name} for name in ("a", "a", "a", "b", "c", "d")]
    masks = [np.array([True, True, True, False, False, False]), np.ones(6, bool)]
    assert sources_seen(clips, masks) == pytest.approx(2.0)
