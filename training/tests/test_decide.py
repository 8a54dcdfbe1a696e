"""Where an answer becomes conclusive: chosen on scores of recordings that the models had not seen."""

import numpy as np
import pytest

from bonafide_training.dataset import Dataset
from bonafide_training.decide import ACCUSED, MAX_NEAR_SHARE, choose_near_threshold, near_threshold_of

COUNT = 2000


def scored(distance: float) -> tuple[Dataset, dict]:
    """Real and cloned recordings, as many, whose calibrated logits have their means so far apart."""
    labels = np.arange(COUNT) % 2
    clips = [{"label": ("real", "fake")[label], "kind": "original"} for label in labels]
    data = Dataset(np.zeros((COUNT, 1), np.float32), None, np.arange(COUNT, dtype=np.int32), np.ones(COUNT, np.float32),
                   [{}] * COUNT, clips, ["one"], [])
    # Normal scores of one spread are calibrated where their variance is the distance of their means.
    logits = np.random.default_rng(4).normal((labels - 0.5) * distance, np.sqrt(distance))
    return data, {"clip_p": {"full": 1 / (1 + np.exp(-logits))}, "judged": np.ones(COUNT, bool)}


def rates(data: Dataset, fitted: dict, limits: dict) -> tuple[float, float]:
    """Share without a conclusive answer, and how many of the real ones with one are called cloned."""
    logits = np.log(fitted["clip_p"]["full"] / (1 - fitted["clip_p"]["full"]))
    conclusive = (logits >= limits["fake"]) | (logits <= -limits["real"])
    return float(np.mean(~conclusive)), float(np.mean(logits[conclusive & (data.labels == 0)] > 0))


def test_accusing_takes_more_than_acquitting_by_what_it_costs() -> None:
    limits = choose_near_threshold(*scored(4.0))
    p_real, p_fake = (1 / (1 + np.exp(limits[label])) for label in ("real", "fake"))
    assert p_real / p_fake == pytest.approx(ACCUSED, abs=0.02)


def test_where_voices_are_told_apart_well_then_no_more_is_left_open_than_honest_speakers_need() -> None:
    data, fitted = scored(6.0)
    limits = choose_near_threshold(data, fitted)
    near, accused = rates(data, fitted, limits)
    assert near < MAX_NEAR_SHARE and 0.04 < accused <= 0.05
    one_less = {label: limit - 0.1 for label, limit in limits.items()}
    assert rates(data, fitted, one_less)[1] > 0.05


def test_where_they_are_not_then_a_limited_share_is_left_open() -> None:
    data, fitted = scored(1.0)
    near, accused = rates(data, fitted, choose_near_threshold(data, fitted))
    assert MAX_NEAR_SHARE - 0.02 < near <= MAX_NEAR_SHARE and accused > 0.05


def test_a_bundle_with_one_limit_has_it_for_both_results() -> None:
    assert near_threshold_of({"near_threshold": 0.7}) == {"real": 0.7, "fake": 0.7}
    assert near_threshold_of({"near_threshold": 0.7, "near_threshold_by_result": {"real": 0.6, "fake": 1}})["fake"] == 1
