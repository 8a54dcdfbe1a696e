"""A bundle is only written where the service's runtime answers what Python fitted."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from sklearn.ensemble import RandomForestClassifier

from bonafide_training.dataset import Dataset
from bonafide_training.encoder_head import Linear, append_head
from bonafide_training.export import feature_member_to_onnx
from bonafide_training.members import LinearMember
from bonafide_training.runtime_check import check_runtime, draw_clips

from toy_encoder import toy_encoder

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures"
CLIPS = [{"id": name, "path": str(FIXTURES / name)} for name in ("real-en.wav", "fake-ja.mp3", "not-there.wav")]
RANDOM = np.random.default_rng(5)
ROWS = RANDOM.normal(size=(70, 12)).astype(np.float32)
EMBEDDINGS = RANDOM.normal(size=(70, 2)).astype(np.float32)
DATA = Dataset(ROWS, EMBEDDINGS, np.zeros(70, np.int32), np.ones(70, np.float32), [], CLIPS, [], [])
LINEAR = LinearMember(np.array([0.1, 0.0]), np.array([0.5, 2.0]), np.array([3.0, -20.0]), 0.3)


def forest(seed: int) -> RandomForestClassifier:
    return RandomForestClassifier(20, random_state=seed).fit(ROWS, ROWS[:, 0] > 0)


@pytest.fixture
def written(tmp_path):
    """What training has in its hands before there is a manifest; the path of the encoder."""
    onnx.save(feature_member_to_onnx(forest(1), ROWS.shape[1]), tmp_path / "random_forest.onnx")
    onnx.save(toy_encoder(), tmp_path / "encoder.onnx")
    head = Linear(LINEAR.coefficients[None], np.array([LINEAR.intercept]))
    onnx.save(append_head(toy_encoder(), LINEAR.mean, LINEAR.scale, [head]), tmp_path / "whisper_encoder.onnx")
    return tmp_path / "encoder.onnx"


def test_when_the_runtime_answers_what_python_fitted_then_rows_and_differences_are_told(written):
    found = check_runtime(written.parent, DATA, {"random_forest": forest(1), "whisper_encoder": LINEAR}, written, seed=1)
    heard = found.pop("whisper_encoder, from the sound")
    assert {name: each["rows"] for name, each in found.items()} == {"random_forest": 70, "whisper_encoder": 70}
    assert heard["rows"] >= 4
    assert all(0 <= each["largest_difference"] < 1e-6 for each in [*found.values(), heard])


@pytest.mark.parametrize("members, said", [
    ({"random_forest": forest(2)}, "random_forest: onnxruntime-node departs"),
    ({"whisper_encoder": LinearMember(LINEAR.mean, LINEAR.scale, LINEAR.coefficients, 0.302)}, "whisper_encoder: onnx"),
])
def test_when_a_member_answers_another_thing_than_what_was_fitted_then_it_is_named_and_refused(written, members, said):
    with pytest.raises(ValueError, match=said):
        check_runtime(written.parent, DATA, members, written, seed=1)


def test_when_only_the_way_from_the_sound_differs_then_that_is_refused_too(written):
    onnx.save(toy_encoder("Relu"), written)
    with pytest.raises(ValueError, match="from the sound: onnxruntime-node departs"):
        check_runtime(written.parent, DATA, {"whisper_encoder": LINEAR}, written, seed=1)


def test_when_recordings_are_gone_then_the_draw_is_made_of_those_that_are_there():
    assert [clip["id"] for clip in draw_clips(CLIPS, 5, 1)] == ["real-en.wav", "fake-ja.mp3"]
    assert draw_clips(CLIPS, 1, 1) == draw_clips(CLIPS, 1, 1)
