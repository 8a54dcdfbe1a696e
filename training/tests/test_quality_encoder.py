"""The quality encoder's graph against what the package that its weights come from computes."""

import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bonafide_training.encoder_weights import default_cache
from bonafide_training.quality_graph import EMBEDDING_NAMES, build_quality_encoder
from bonafide_training.quality_weights import read_variables
from bonafide_training.torch_archive import read_checkpoint
from test_encoder import run, voiced

REFERENCE = json.loads(Path(__file__).with_suffix(".json").read_text())["statistics"]


@pytest.fixture(scope="module")
def variables():
    return read_variables(default_cache())


def test_when_a_sound_is_heard_then_its_statistics_are_those_of_the_package(variables):
    (embedding,) = run(build_quality_encoder(variables, "fp32"), voiced(2.0))
    assert embedding.shape == (1, len(EMBEDDING_NAMES))
    assert np.abs(embedding[0, ::16] - REFERENCE).max() < 1e-5


def test_when_the_weights_are_stored_in_a_quarter_then_the_statistics_hardly_move(variables):
    whole, small = (run(build_quality_encoder(variables, weights), voiced(2.0))[0] for weights in ("fp32", "int8"))
    assert np.abs(whole - small).max() < 2e-3
    assert np.corrcoef(whole[0], small[0])[0, 1] > 0.9999


def test_when_a_sound_is_longer_than_two_seconds_then_its_middle_is_heard(variables):
    model = build_quality_encoder(variables, "fp32")
    middle = voiced(2.0)
    edges = np.zeros((1, 8000), np.float32)
    assert np.array_equal(run(model, np.concatenate([edges, middle, edges], axis=1))[0], run(model, middle)[0])


def test_when_a_checkpoint_names_code_then_it_is_refused(tmp_path):
    path = tmp_path / "hostile.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hostile/data.pkl", pickle.dumps(print))
    with pytest.raises(pickle.UnpicklingError, match="builtins.print"):
        read_checkpoint(path)
