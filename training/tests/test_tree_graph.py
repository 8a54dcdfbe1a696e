import numpy as np
import onnxruntime
import pytest
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.ensemble import RandomForestClassifier
from xgboost import XGBClassifier

from bonafide_training.export import feature_member_to_onnx
from bonafide_training.tree_graph import with_plain_trees

COLUMNS = 12


def trained(member):
    random = np.random.default_rng(7)
    rows = random.normal(size=(400, COLUMNS)).astype(np.float32)
    labels = (rows[:, 0] * rows[:, 1] + 0.3 * random.normal(size=400) > 0).astype(int)
    return member.fit(rows, labels), random.normal(size=(500, COLUMNS)).astype(np.float32)


@pytest.mark.parametrize("member", [
    RandomForestClassifier(40, min_samples_leaf=3, random_state=1),
    RandomForestClassifier(40, max_leaf_nodes=2, max_features=1, min_samples_leaf=190, random_state=1),
    XGBClassifier(n_estimators=60, max_depth=4, random_state=1),
    XGBClassifier(n_estimators=60, max_depth=4, gamma=40, base_score=0.3, random_state=1),
])
def test_when_trees_are_exported_then_the_runtime_gives_their_probabilities(member):
    fitted, rows = trained(member)
    session = onnxruntime.InferenceSession(feature_member_to_onnx(fitted, COLUMNS).SerializeToString())
    (got,) = session.run(None, {"features": rows})
    assert got.shape == (len(rows), 2)
    np.testing.assert_allclose(got, fitted.predict_proba(rows), atol=1e-5)


@pytest.mark.parametrize("member", [RandomForestClassifier(5, random_state=1), XGBClassifier(n_estimators=5)])
def test_when_a_member_is_exported_twice_then_it_is_the_same_file(member):
    fitted, _ = trained(member)
    once, again = (feature_member_to_onnx(fitted, COLUMNS).SerializeToString() for _ in range(2))
    assert once == again


def test_when_there_are_more_than_two_classes_then_it_is_refused():
    fitted, rows = trained(XGBClassifier(n_estimators=3))
    model = convert_xgboost(fitted.fit(rows, np.arange(len(rows)) % 3),
                            initial_types=[("features", FloatTensorType([None, COLUMNS]))])
    with pytest.raises(ValueError, match="binary"):
        with_plain_trees(model)
