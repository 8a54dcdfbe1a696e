"""Heads appended to the encoder against the scikit-learn models they come from."""

import numpy as np
import onnxruntime
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from bonafide_training.encoder_graph import EncoderSpec, build_encoder
from bonafide_training.encoder_head import Linear, Rbf, append_head
from bonafide_training.encoder_weights import default_cache, fetch_model, read_variables

CLIP_COUNT = 40


@pytest.fixture(scope="module")
def encoder():
    variables = read_variables(fetch_model(default_cache()) / "model.bin")
    return build_encoder(variables, EncoderSpec(levels=("conv",), weights="fp16"))


@pytest.fixture(scope="module")
def noises():
    """Half white, half coloured noise: two classes that any classifier learns."""
    rng = np.random.default_rng(3)
    white = 0.05 * rng.standard_normal((CLIP_COUNT, 1, 8000))
    brown = np.cumsum(white, axis=2) * 0.02
    return np.where(np.arange(CLIP_COUNT)[:, None, None] % 2, white, white * 0.7 + brown).astype(np.float32)


@pytest.fixture(scope="module")
def task(encoder, noises):
    embeddings = np.concatenate([run(encoder, noise) for noise in noises])
    scaler = StandardScaler().fit(embeddings)
    labels = np.arange(CLIP_COUNT) % 2
    labels[:6] = 1 - labels[:6]  # some are wrong, so that probabilities do not saturate
    return scaler, scaler.transform(embeddings), labels


def run(model, waveform: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"waveform": waveform})[0]


def assert_head_gives(encoder, task, noises, layers, expected) -> None:
    scaler = task[0]
    joined = append_head(encoder, scaler.mean_, scaler.scale_, layers)
    session = onnxruntime.InferenceSession(joined.SerializeToString(), providers=["CPUExecutionProvider"])
    assert [output.name for output in session.get_outputs()] == ["probabilities"]
    actual = np.concatenate([session.run(None, {"waveform": noise})[0] for noise in noises])
    np.testing.assert_allclose(actual, expected, atol=2e-4)


def test_when_a_logistic_regression_is_appended_then_its_probabilities_come_out(encoder, task, noises):
    _, rows, labels = task
    model = LogisticRegression(C=1e-3).fit(rows, labels)
    layers = [Linear(model.coef_, model.intercept_)]
    assert_head_gives(encoder, task, noises, layers, model.predict_proba(rows))


def test_when_a_network_is_appended_then_its_probabilities_come_out(encoder, task, noises):
    _, rows, labels = task
    model = MLPClassifier((8,), alpha=1.0, max_iter=30, random_state=1, early_stopping=False)
    model.partial_fit(rows, labels, classes=[0, 1])
    layers = [
        Linear(model.coefs_[0].T, model.intercepts_[0], "Relu"),
        Linear(model.coefs_[1].T, model.intercepts_[1]),
    ]
    assert_head_gives(encoder, task, noises, layers, model.predict_proba(rows))


def test_when_a_support_vector_machine_is_appended_then_its_decision_comes_out(encoder, task, noises):
    _, rows, labels = task
    model = SVC(gamma=1e-3).fit(rows, labels)
    layers = [Rbf(model.support_vectors_, 1e-3), Linear(model.dual_coef_, model.intercept_)]
    fake = 1.0 / (1.0 + np.exp(-model.decision_function(rows)))
    assert_head_gives(encoder, task, noises, layers, np.stack([1.0 - fake, fake], axis=1))


def test_when_a_layer_does_not_fit_then_it_is_refused(encoder, task):
    scaler = task[0]
    with pytest.raises(ValueError, match="cannot follow"):
        append_head(encoder, scaler.mean_, scaler.scale_, [Linear(np.zeros((1, 3)), np.zeros(1))])
