"""The rewritten kernel answers as the classifier it was made from."""

import numpy as np
import onnxruntime

from bonafide_training.export import feature_member_to_onnx
from bonafide_training.members import fit_svm


def test_when_an_svm_is_exported_then_the_runtime_gives_its_probabilities():
    rng = np.random.default_rng(5)
    labels = np.arange(400) % 2
    rows = (rng.normal(size=(400, 12)) + 0.7 * labels[:, None]).astype(np.float32)
    member = fit_svm(rows, labels, np.ones(400), seed=5)
    graph = feature_member_to_onnx(member, 12)
    assert not any(node.op_type == "SVMClassifier" for node in graph.graph.node)
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    new = rng.normal(size=(50, 12)).astype(np.float32) * 3
    told = session.run(["probabilities"], {"features": new})[0]
    assert np.abs(told - member.predict_proba(new)).max() < 1e-5
