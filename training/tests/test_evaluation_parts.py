"""Parts of the evaluation by themselves: decisions by another threshold, copies of rare generators, faulty score files."""

import pytest

from bonafide_training.evaluation import decision_at
from bonafide_training.evaluation_conditions import judge_conditions
from bonafide_training.evaluation_input import load_score_rows, systems_of
from bonafide_training.scores_csv import read_scores_csv
from judged_clips import clip, write_lines


@pytest.mark.parametrize(
    "p_fake, threshold, codes",
    [(0.6, 0.5, []), (0.57, 0.5, ["near_threshold"]), (0.6, 0.9, ["near_threshold"]), (0.4, 0.2, ["near_threshold"]),
     (0.43, 0.5, []), (0.46, 0.5, ["near_threshold"])],
)
def test_when_a_score_is_near_the_threshold_or_on_its_other_side_then_it_is_inconclusive(p_fake, threshold, codes):
    given, near = {"status": "inconclusive", "reasons": ["near_threshold"]}, {"real": 0.2, "fake": 0.4}
    assert decision_at(threshold, near, given, p_fake)["reasons"] == codes
    assert "music" in decision_at(threshold, near, {"status": "inconclusive", "reasons": ["music"]}, p_fake)["reasons"]


def test_when_a_generator_has_few_clips_then_its_copies_do_not_make_it_count():
    one = lambda label, number, name=None: clip("dev", label, "page", number, name, page_group="page")
    usual = [one("real", n) for n in range(6)] + [one("fake", n, "alpha") for n in range(6)]
    rare = [one("fake", n, "rare") for n in range(2)]
    rows = [{"path": row["path"], "kind": "copy", "p_fake": 0.1 if row in rare else 0.9,
             "decision": {"status": "inconclusive" if row in usual[:3] else "conclusive", "reasons": []}}
            for row in [*usual, *rare] * 3]
    clean = [{"path": row["path"], "p_fake": 0.5} for row in [*usual, *rare]]
    (row,) = judge_conditions([*usual, *rare], rows, clean, {"balanced": 0.5})
    assert row["macro_eer"] == row["clean_macro_eer"] == 0.5 and row["clips"]["fake"] == 24
    # Of 14 clips three real ones are left open; the other three are called cloned, and two of eight clones are not.
    assert (row["inconclusive"], row["conclusive_fpr"], row["conclusive_fnr"]) == (pytest.approx(3 / 14), 1, 0.25)


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("file,score\na,1\n", "column missing: path"),
        ("path,score\na,high\n", "line 2: not a number"),
        ("path,score\na,nan\n", "not a finite number"),
        ("path,score\na,1\na,2\n", "given twice"),
    ],
)
def test_when_a_score_file_is_wrong_then_the_error_names_the_place(tmp_path, text, complaint):
    file = tmp_path / "scores.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_scores_csv(file)


def test_when_training_left_impossible_scores_then_they_are_refused(tmp_path):
    write_lines(tmp_path / "scores-dev.jsonl", [{"path": "a", "p_fake": 1.5}])
    with pytest.raises(ValueError, match="outside 0..1"):
        load_score_rows(tmp_path, "dev")
    with pytest.raises(ValueError, match="two scores for a"):
        systems_of([{"path": "a", "p_fake": 0.1}, {"path": "a", "p_fake": 0.2}])
