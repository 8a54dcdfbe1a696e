"""A further member: its entry and files in a copy of the bundle, and a vote worth what it knows."""

import json
from pathlib import Path

import numpy as np
import pytest

from bonafide_training.add_member import drop_in, judge, teach_and_judge

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


def clips(labels, together, members, pages=None):
    """Clips of 30 pages, where no others are given, with what the members of a bundle and the new ones say, as logits."""
    chance = lambda value: float(1 / (1 + np.exp(-value)))
    return [({"source": pages[at] if pages else f"page {at % 30}", "label": "fake" if label else "real"},
             {"p_fake": chance(together[at]), "members": {name: chance(said[at]) for name, said in members.items()}})
            for at, label in enumerate(labels)]


def dropped(tmp_path):
    """A new manifest with the toys in it, their names, and the manifest before, as of a bundle fitted on train."""
    old = json.loads((BUNDLE / "manifest.json").read_text())
    old["training"]["fitted_on"] = ["train"]
    return *drop_in(BUNDLE, ENTRIES, "9.0.0", tmp_path / "out"), old


def test_a_member_that_knows_more_gets_weight_and_one_that_knows_nothing_gets_none(tmp_path):
    (manifest, names, old), random, labels = dropped(tmp_path), np.random.default_rng(3), np.arange(600) // 2 % 2
    signal = 2.0 * labels - 1
    knowing = {"loudness": signal + random.normal(0, 1, 600), "brightness": random.normal(0, 1, 600)}
    found = teach_and_judge(manifest, names, old, clips(labels, signal + random.normal(0, 2, 600), knowing))
    together, loudness, brightness = found["weights"]
    assert loudness > together > 0.1 > brightness
    fusion = manifest["ensembles"]["full"]["fusion"]
    assert fusion["weights"]["loudness"] == pytest.approx(loudness)
    assert fusion["weights"]["svm"] == pytest.approx(together * old["ensembles"]["full"]["fusion"]["weights"]["svm"])
    assert (found["clips"], found["sources"], found["verdict"]) == (600, 30, "helps")
    assert found["eer_after"] < found["eer_before"]
    assert "dev" in manifest["training"]["fitted_on"]


def test_when_the_bundle_has_seen_such_clips_then_it_becomes_no_surer_by_them(tmp_path):
    (manifest, names, old), random, labels = dropped(tmp_path), np.random.default_rng(3), np.arange(600) // 2 % 2
    old["training"]["fitted_on"] = ["dev", "train"]
    signal = 2.0 * labels - 1
    said = {name: signal + random.normal(0, 2, 600) for name in names}
    found = teach_and_judge(manifest, names, old, clips(labels, 9 * signal + random.normal(0, 4, 600), said))
    (before, after) = (given["ensembles"]["full"] for given in (old, manifest))
    assert after["pooling"] == before["pooling"]
    assert after["fusion"]["weights"]["svm"] == pytest.approx(before["fusion"]["weights"]["svm"])
    assert 0 < found["weights"][1] < 1


def test_when_a_member_only_knows_one_source_then_that_is_not_judged_by_what_it_taught_itself(tmp_path):
    (manifest, names, old), random, labels = dropped(tmp_path), np.random.default_rng(3), np.arange(600) // 2 % 2
    signal = 2.0 * labels - 1
    pages = ["the one" if at < 450 else f"page {at % 10}" for at in range(600)]
    loudness = np.where(np.array(pages) == "the one", 3 * signal, random.normal(0, 1, 600))
    said = {"loudness": loudness, "brightness": random.normal(0, 1, 600)}
    found = teach_and_judge(manifest, names, old, clips(labels, signal + random.normal(0, 2, 600), said, pages))
    assert found["weights"][1] > 0.5
    assert found["eer_after"] > found["eer_before"] - 0.03


def test_when_all_that_it_helps_with_is_one_source_then_no_difference_is_shown():
    random = np.random.default_rng(4)
    labels = np.arange(600) % 2
    sources = ["one page" if at < 100 else f"page {at % 10}" for at in range(600)]
    before = 2.0 * labels - 1 + random.normal(0, 1.5, 600)
    after = before + np.where(np.array(sources) == "one page", 6.0 * (2 * labels - 1), 0)
    judged = judge(before, after, labels, sources)
    assert judged["eer_after"] < judged["eer_before"]
    assert judged["verdict"] == "no difference shown"
    assert judge(before, 4.0 * labels - 2 + random.normal(0, 1, 600), labels, sources)["verdict"] == "helps"


@pytest.mark.parametrize("labels, said", [(np.ones(300, int), "0 real and 300 fake"), (np.arange(60) % 2, "30 real and 30 fake")])
def test_when_there_is_too_little_of_a_class_then_nothing_is_learned(tmp_path, labels, said):
    manifest, names = drop_in(BUNDLE, ENTRIES, "9.0.0", tmp_path / "out")
    nothing = np.zeros(len(labels))
    with pytest.raises(ValueError, match=said):
        teach_and_judge(manifest, names, manifest, clips(labels, nothing, dict.fromkeys(names, nothing)))
