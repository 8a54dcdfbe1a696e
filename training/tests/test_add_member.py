"""A further member: its entry and files in a copy of the bundle, and a vote worth what it knows."""

import json
from pathlib import Path

import numpy as np
import pytest

from bonafide_training.add_member import drop_in, judge, learn

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = ROOT / "docs" / "examples" / "extra-member" / "entries.json"
BUNDLE = ROOT / "models" / "bonafide-1"


def test_a_dropped_in_member_has_its_file_and_hash_and_no_vote_yet(tmp_path):
    manifest, names = drop_in(BUNDLE, ENTRIES, "9.0.0", tmp_path / "out")
    assert names == ["loudness", "brightness"]
    assert manifest["ensembles"]["full"]["fusion"]["weights"]["loudness"] == 0
    written = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [len(member["sha256"]) for member in written["members"]] == [64] * len(written["members"])
    assert not (tmp_path / "out" / "evaluation.json").exists()
    shipped = json.loads((BUNDLE / "manifest.json").read_text())["version"]
    with pytest.raises(ValueError, match="version of its own"):
        drop_in(BUNDLE, ENTRIES, shipped, tmp_path / "again")


def test_a_member_that_knows_more_gets_weight_and_one_that_knows_nothing_gets_none(tmp_path):
    manifest, names = drop_in(BUNDLE, ENTRIES, "9.0.0", tmp_path / "out")
    random = np.random.default_rng(3)
    labels = np.arange(600) % 2
    signal = 2.0 * labels - 1
    logits = np.column_stack([signal + random.normal(0, 2, 600), signal + random.normal(0, 1, 600), random.normal(0, 1, 600)])
    weights = learn(manifest, names, logits, labels)
    assert weights[1] > weights[0] > 0.1
    assert weights[2] < 0.1
    fusion = manifest["ensembles"]["full"]["fusion"]
    assert fusion["weights"]["loudness"] == pytest.approx(weights[1])
    judged = judge(logits[:, 0], logits @ weights, labels)
    assert judged["eer_after"] < judged["eer_before"]
    assert judged["difference_interval"][1] < 0
