"""Clips that are judged are measured at other speeds besides, and members answer with the mean."""

import json

import numpy as np
import pytest

from bonafide_training.crossval import out_of_fold
from bonafide_training.dataset import AUGMENTATION, Dataset, load_dataset, write_jsonl
from bonafide_training.ensembles import CLASSIC, fit_ensembles
from bonafide_training.folds import hold_out
from bonafide_training.members import logit, look_logits, mean_look
from bonafide_training.train import check_copies

NAN = np.nan


def clip(number: int, label: str) -> dict:
    return {"id": f"{label}-{number}", "clip": f"{label}-{number}", "split": "train", "label": label, "kind": "original",
            "probe": False, "page_group": f"page {number}", "source": f"page {number}", "generator_key": None,
            "speaker": None, "variant": None}


CLIPS = [clip(number, label) for number in range(4) for label in ("real", "fake")]


class Doubting:
    """p_fake is the row's first number."""

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return np.stack([1 - rows[:, 0], rows[:, 0]], axis=1)


def test_when_some_rows_have_copies_then_the_log_odds_of_those_are_means():
    rows = np.array([[0.2], [0.5], [0.9]], np.float32)
    copies = np.array([[[0.4], [0.6]], [[NAN], [NAN]], [[0.5], [NAN]]], np.float32)
    answer = lambda asked: asked[:, 0]
    found = look_logits(answer, rows, copies)
    np.testing.assert_allclose(found, logit(np.array([[0.2, 0.4, 0.6], [0.5, NAN, NAN], [0.9, 0.5, NAN]])), atol=1e-6)
    expected = [logit(np.array(own)).mean() for own in ([0.2, 0.4, 0.6], [0.5], [0.9, 0.5])]
    np.testing.assert_allclose(mean_look(found), expected, atol=1e-6)
    assert np.isnan(mean_look(np.array([[NAN, 1.0]])))
    np.testing.assert_allclose(look_logits(answer, rows, None)[:, 0], logit(rows[:, 0]), atol=1e-12)


def test_when_clips_are_held_out_then_their_copies_are_asked_too():
    rows = np.full((len(CLIPS), 1), 0.5, np.float32)
    data = Dataset(rows, None, np.arange(len(CLIPS), dtype=np.int32), rows[:, 0], [], CLIPS, ["x"], [])
    splits = [hold_out(CLIPS, {"page 0": 0}, 0)]
    copies = np.full((len(CLIPS), 1, 1), 0.8, np.float32)
    found = out_of_fold(data, rows, lambda *_: Doubting(), splits, 1, copies)
    np.testing.assert_allclose(found[:2], [[0, logit(np.array(0.8))]] * 2, atol=1e-6)
    assert np.isnan(found[2:]).all()


def test_when_copies_are_answered_otherwise_then_that_counts_in_full_alone():
    clips = [clip(number, label) for number in range(60) for label in ("real", "fake")]
    data = Dataset(np.zeros((len(clips), 1), np.float32), None, np.arange(len(clips), dtype=np.int32),
                   np.ones(len(clips), np.float32), [], clips, ["x"], [])
    random = np.random.default_rng(3)
    told = (0.6 * data.labels - 0.3)[:, None]
    scores = {name: told + random.normal(size=(len(clips), 2)) for name in CLASSIC}
    scores["whisper_encoder"] = told + random.normal(size=(len(clips), 1))
    fitted = fit_ensembles(data, scores)
    other = fit_ensembles(data, {**scores, "svm": scores["svm"] + [0, 1] * random.normal(size=(len(clips), 2))})
    assert fitted["ensembles"]["full"]["augmentation"] == AUGMENTATION
    assert "augmentation" not in fitted["ensembles"]["classic"]
    np.testing.assert_array_equal(fitted["clip_p"]["classic"], other["clip_p"]["classic"])
    assert np.abs(fitted["clip_p"]["full"] - other["clip_p"]["full"]).max() > 0.01


def write_part(folder, with_copies: bool):
    folder.mkdir()
    (folder / "names.json").write_text(json.dumps(["a", "b"]))
    write_jsonl(folder / "windows.jsonl", [{"id": one["id"], "start_sec": 0, "speech_ratio": 1} for one in CLIPS])
    rows = np.arange(2 * len(CLIPS), dtype="<f4").reshape(-1, 2)
    rows.tofile(folder / "features.f32")
    if with_copies:
        np.repeat(-rows[:, None], len(AUGMENTATION["speeds"]), axis=1).tofile(folder / "copies.f32")
    return folder


@pytest.mark.parametrize("with_copies", [True, False])
def test_when_features_are_loaded_then_copies_keep_beside_their_windows(tmp_path, with_copies):
    write_jsonl(tmp_path / "variants.jsonl", CLIPS)
    data = load_dataset(tmp_path / "variants.jsonl", [write_part(tmp_path / "0", with_copies)]).select(["b"])
    if with_copies:
        np.testing.assert_array_equal(data.copies[:, 0], -data.features)
        check_copies(data)
    else:
        assert np.isnan(data.copies).all()
        with pytest.raises(ValueError, match="extracted by an older version"):
            check_copies(data)
