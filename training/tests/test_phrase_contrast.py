"""By how much a phrase stands out: the examples of tests/unit/ensemble-timeline.test.ts, and more of them at random."""

import numpy as np
import pytest

from bonafide_training.phrase_contrast import contrast_of_phrase

SLOT_SEC = 0.5


def contrast(*logits: float) -> float:
    middles = (np.arange(len(logits)) + 0.5) * SLOT_SEC
    return contrast_of_phrase(np.array(logits), np.full(len(logits), SLOT_SEC), middles, 0.6)


def test_a_phrase_stands_out_from_what_is_said_before_and_after() -> None:
    growth = np.log(22) / np.log(20)
    assert contrast(*[-1] * 9, *[1] * 4, *[-1] * 9) == pytest.approx(2 / growth)
    assert contrast(*[1] * 4, *[-1] * 12) == pytest.approx(2)


def test_a_second_and_what_is_cloned_throughout_are_no_phrase() -> None:
    assert contrast(*[-1] * 9, *[1] * 2, *[-1] * 9) == -np.inf
    assert contrast(*[1] * 9, *[4] * 4, *[1] * 9) == -np.inf
    assert contrast(*[2] * 4, *[-2] * 3) == -np.inf


def test_the_phrase_is_that_of_all_runs_which_stands_out_most() -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        logits = random.normal(0, 2, 30)
        found = [
            (logits[start:end].mean() - rest.mean()) * np.sqrt(3 / (3 + rest.var()))
            for start in range(30) for end in range(start + 4, min(start + 12, 30) + 1)
            for rest in [np.r_[logits[max(0, start - 12):start], logits[end:end + 12]]]
            if logits[start:end].mean() > 0.6 > rest.mean()
        ]
        assert contrast(*logits) == pytest.approx(max(found, default=-np.inf) / (np.log(30) / np.log(20)))
