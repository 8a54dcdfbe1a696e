"""The parity samples of a bundle: what is in the shipped manifest is what its members answer here too."""

import json
from pathlib import Path

import numpy as np
import pytest

from bonafide_training.parity_vector import parity_entry, spread, uniform_noise

BUNDLE = Path(__file__).resolve().parents[2] / "models" / "bonafide-1"


def test_noise_follows_the_stated_recurrence():
    noise = uniform_noise(2, 1)
    states = [1 * 1_664_525 + 1_013_904_223]
    states.append((states[0] * 1_664_525 + 1_013_904_223) % 2**32)
    assert noise == pytest.approx([(state / 2**32 - 0.5) / 4 for state in states])
    assert np.abs(uniform_noise(1_000, 7)).max() <= 0.125


def test_the_members_answer_what_the_shipped_manifest_says():
    manifest = json.loads((BUNDLE / "manifest.json").read_text())
    rows = np.array([row["features"] for row in manifest["parity"]["rows"]])
    entry = parity_entry(manifest, BUNDLE, rows)
    for got, stated in zip(entry["rows"] + entry["noise"], manifest["parity"]["rows"] + manifest["parity"]["noise"]):
        assert got["expected"] == pytest.approx(stated["expected"], abs=1e-4)
        assert got.get("p_fake", {}) == pytest.approx(stated.get("p_fake", {}), abs=1e-4)


def test_spread_takes_the_ends_and_what_lies_between():
    rows = np.arange(10)[:, None]
    assert spread(rows, 3)[:, 0].tolist() == [0, 4, 9]
    assert len(spread(rows, 50)) == 10
