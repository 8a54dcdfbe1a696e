"""What is added to the corpus: how it is read, grouped and held out, and by what rule a candidate is judged."""

import json

import numpy as np
import pytest

from bonafide_training.additions import each_once, hold_out_additions, read_additions
from bonafide_training.compare_clips import Compared
from bonafide_training.compare_rule import compare_conditions, verdict_of
from bonafide_training.reference import quantile_edges, shares_of


def clip(folder, name, content=None):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes((content or name).encode())
    return file


def test_when_a_folder_is_added_then_its_folders_are_labels_and_generators(tmp_path):
    clip(tmp_path, "real/one.wav")
    clip(tmp_path, "fake/NewVoice 2/two.wav")
    rows = {row.path.rsplit("/", 1)[1]: row for row in read_additions([str(tmp_path)], tmp_path)}
    assert (rows["one.wav"].label, rows["one.wav"].generator_key) == ("real", None)
    assert (rows["two.wav"].label, rows["two.wav"].generator_key) == ("fake", "newvoice2")
    assert {row.split for row in rows.values()} == {"train"}
    assert {row.kind for row in rows.values()} == {"original"}


def test_when_a_folder_holds_what_systems_leave_behind_then_that_is_no_clip(tmp_path):
    for name in ("real/one.wav", "real/.DS_Store", "fake/g/._two.wav", "fake/.git/config"):
        clip(tmp_path, name)
    assert [row.path for row in read_additions([str(tmp_path)], tmp_path)] == [str(tmp_path / "real/one.wav")]


def test_when_a_table_or_a_list_is_added_then_it_says_what_each_clip_is(tmp_path):
    clip(tmp_path, "a.wav")
    clip(tmp_path, "b.wav")
    (tmp_path / "labels.csv").write_text("path,label,generator,source\na.wav,fake,g1,studio\n")
    (tmp_path / "list.jsonl").write_text(json.dumps({"path": "b.wav", "label": "real", "source": "calls"}) + "\n")
    rows = read_additions([str(tmp_path), str(tmp_path / "list.jsonl")], tmp_path)
    assert [(row.label, row.generator_key, row.page_group) for row in rows] == [("fake", "g1", "studio"), ("real", None, "calls")]


def test_when_the_same_recording_has_two_labels_then_it_is_refused_and_with_one_it_counts_once(tmp_path):
    for name in ("real/a.wav", "real/again.wav"):
        clip(tmp_path, name, "same")
    assert len(each_once(read_additions([str(tmp_path)], tmp_path))) == 1
    clip(tmp_path, "fake/g/a.wav", "same")
    with pytest.raises(ValueError, match="same recording"):
        each_once(read_additions([str(tmp_path)], tmp_path))


def test_when_a_clip_is_not_there_or_has_no_label_then_its_line_is_named(tmp_path):
    (tmp_path / "list.jsonl").write_text('{"path": "nowhere.wav", "label": "fake"}\n')
    with pytest.raises(ValueError, match="list.jsonl line 1"):
        read_additions([str(tmp_path / "list.jsonl")], tmp_path)


def test_when_clips_are_held_out_then_each_generator_gives_its_share_and_sources_stay_whole(tmp_path):
    lines = []
    for generator, sources in (("g1", 1), ("g2", 4)):
        for at in range(20):
            clip(tmp_path, f"{generator}-{at}.wav")
            source = f"{generator}-page{at % sources}"
            lines.append({"path": f"{generator}-{at}.wav", "label": "fake", "generator": generator, "source": source})
    (tmp_path / "list.jsonl").write_text("\n".join(map(json.dumps, lines)))
    rows = read_additions([str(tmp_path / "list.jsonl")], tmp_path)
    train, held = hold_out_additions(rows, 0.25)
    assert sum(row.generator_key == "g1" for row in held) == 5
    assert len({row.page_group for row in held if row.generator_key == "g2"}) == 1
    assert not {row.page_group for row in held if row.generator_key == "g2"} & {row.page_group for row in train}
    assert {row.split for row in held} == {"held"}
    assert hold_out_additions(rows, 0.25) == (train, held)


def judged(part, label, now, then, count=60, generator=None):
    """Clips of many sources; scores spread around the two given ones."""
    rng = np.random.default_rng(label)
    spread = rng.uniform(-0.1, 0.1, count)
    conditions = (part, f"{part}, generator {generator}") if generator else (part,)
    return [Compared(label, f"{part}{at % 20}", (now + by, then + by), conditions) for at, by in enumerate(spread)]


def test_when_what_was_added_is_told_apart_and_nothing_else_moves_then_a_candidate_is_accepted():
    rows = [*judged("dev", 0, 0.3, 0.3), *judged("dev", 1, 0.7, 0.7), *judged("added", 1, 0.3, 0.7, 20, "g")]
    verdict = verdict_of(compare_conditions(rows, 200))
    assert verdict["accepted"], verdict


def test_when_a_condition_gets_worse_then_a_candidate_is_rejected_and_the_condition_named():
    rows = [*judged("dev", 0, 0.3, 0.3), *judged("dev", 1, 0.7, 0.35), *judged("added", 1, 0.3, 0.7, 20, "g")]
    verdict = verdict_of(compare_conditions(rows, 200))
    assert not verdict["accepted"]
    assert "worse: dev" in verdict["reasons"]


def test_when_one_generator_that_was_known_gets_worse_then_a_candidate_is_rejected_and_the_generator_named():
    rows = [*judged("dev", 0, 0.3, 0.3), *judged("dev", 1, 0.7, 0.7, 400), *judged("dev", 1, 0.7, 0.2, 20, "old"),
            *judged("added", 1, 0.3, 0.7, 20, "new")]
    assert "worse: dev, generator old" in verdict_of(compare_conditions(rows, 200))["reasons"]


def test_when_what_was_added_is_detected_no_better_then_a_candidate_is_rejected():
    rows = [*judged("dev", 0, 0.3, 0.3), *judged("dev", 1, 0.7, 0.7), *judged("added", 1, 0.35, 0.35, 20, "g")]
    assert not verdict_of(compare_conditions(rows, 200))["accepted"]


def test_when_many_values_are_the_same_then_bins_are_fewer_and_shares_still_add_up():
    values = np.r_[np.full(70, 7.0), np.arange(30)]
    edges = quantile_edges(values, np.ones(100))
    shares = shares_of(values, np.ones(100), edges)
    assert len(set(edges)) == len(edges) < 9
    assert len(shares) == len(edges) + 1
    assert abs(sum(shares) - 1) < 1e-6


def test_when_few_real_clips_were_put_aside_then_what_was_added_is_still_judged():
    said = lambda label, is_added, scores: Compared(
        label, f"page {len(rows) % 9}", scores, ("added" if is_added else "dev",))
    rows = []
    for at in range(60):
        rows.append(said(at % 2, False, (at % 2 + at / 100, at % 2 + at / 100)))
    for at in range(6):
        rows.append(said(1, True, (0.1, 0.9 + at / 10)))
    rows.append(said(0, True, (0.2, 0.2)))
    added = next(row for row in compare_conditions(rows, 50) if row["condition"] == "added")
    assert (added["real"], added["fake"]) == (31, 6)
    assert added["difference"] < 0
