"""Trees as `TreeEnsemble` of ai.onnx.ml 5: a third of the memory of the classifier operator, which names each node's
kind in a string of its own and keeps leaves among the branches."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

MODES = [b"BRANCH_LEQ", b"BRANCH_LT", b"BRANCH_GTE", b"BRANCH_GT", b"BRANCH_EQ", b"BRANCH_NEQ"]
"""In the order of the numbers that the operator gives them."""
SUM = 1
ML_OPSET = 5
LEAST_OPSET = 15


def with_plain_trees(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replace the one TreeEnsembleClassifier node of a binary classifier, one weight a leaf, by the sum of its trees'
    leaves and what makes it the two columns [real, fake]; the same probabilities to the last digits of a float."""
    (node,) = [node for node in model.graph.node if node.op_type == "TreeEnsembleClassifier"]
    given = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    if given["post_transform"] not in (b"NONE", b"LOGISTIC") or len(given["classlabels_int64s"]) != 2:
        raise ValueError("not the trees of a binary classifier")
    trees = helper.make_node("TreeEnsemble", [node.input[0]], ["trees_sum"], domain="ai.onnx.ml", **_attributes(given))
    base = np.array([[sum(given.get("base_values", [0.0]))]], np.float32)
    nodes = [
        trees,
        helper.make_node("Add", ["trees_sum", "trees_base"], ["trees_score"]),
        helper.make_node("Sigmoid" if given["post_transform"] == b"LOGISTIC" else "Identity",
                         ["trees_score"], ["trees_fake"]),
        helper.make_node("Sub", ["trees_one", "trees_fake"], ["trees_real"]),
        helper.make_node("Concat", ["trees_real", "trees_fake"], [node.output[1]], axis=1),
    ]
    kept = [n for n in model.graph.node if n is not node and node.output[0] not in n.input]
    place = list(model.graph.node).index(node)
    del model.graph.node[:]
    model.graph.node.extend(kept[:place] + nodes + kept[place:])
    constants = {"trees_base": base, "trees_one": np.ones((1, 1), np.float32)}
    model.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    return _with_opset(model)


def _attributes(given: dict) -> dict:
    """Branches and leaves numbered apart; a tree that is one leaf becomes a branch with that leaf on both sides."""
    place_of = {pair: i for i, pair in enumerate(zip(given["nodes_treeids"], given["nodes_nodeids"]))}
    is_leaf = [mode == b"LEAF" for mode in given["nodes_modes"]]
    weight_of = {place_of[pair]: weight for pair, weight
                 in zip(zip(given["class_treeids"], given["class_nodeids"]), given["class_weights"])}
    if len(weight_of) != len(given["class_weights"]) or len(set(given["class_ids"])) != 1:
        raise ValueError("more than one weight a leaf")
    leaves = [i for i, leaf in enumerate(is_leaf) if leaf]
    number = {place: n for n, place in enumerate(leaves)}
    roots = [i for i in range(len(is_leaf)) if i == 0 or given["nodes_treeids"][i] != given["nodes_treeids"][i - 1]]
    branches = [i for i, leaf in enumerate(is_leaf) if not leaf or i in set(roots)]
    number |= {place: n for n, place in enumerate(branches) if not is_leaf[place]}
    branch_number = {place: n for n, place in enumerate(branches)}

    def child(place: int, side: str) -> int:
        return place if is_leaf[place] else place_of[given["nodes_treeids"][place], given[side][place]]

    true, false = ([child(i, side) for i in branches] for side in ("nodes_truenodeids", "nodes_falsenodeids"))
    modes = [0 if is_leaf[i] else MODES.index(given["nodes_modes"][i]) for i in branches]
    missing = given.get("nodes_missing_value_tracks_true") or [0] * len(is_leaf)
    return {
        "aggregate_function": SUM, "post_transform": 0, "n_targets": 1,
        "tree_roots": [branch_number[i] for i in roots],
        "nodes_featureids": [given["nodes_featureids"][i] for i in branches],
        "nodes_splits": _tensor("splits", np.array([given["nodes_values"][i] for i in branches], np.float32)),
        "nodes_modes": _tensor("modes", np.array(modes, np.uint8)),
        "nodes_missing_value_tracks_true": [missing[i] for i in branches],
        "nodes_truenodeids": [number[i] for i in true], "nodes_trueleafs": [int(is_leaf[i]) for i in true],
        "nodes_falsenodeids": [number[i] for i in false], "nodes_falseleafs": [int(is_leaf[i]) for i in false],
        "leaf_targetids": [0] * len(leaves),
        "leaf_weights": _tensor("weights", np.array([weight_of[i] for i in leaves], np.float32)),
    }


def _tensor(name: str, values: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)


def _with_opset(model: onnx.ModelProto) -> onnx.ModelProto:
    version = max((one.version for one in model.opset_import if one.domain == ""), default=LEAST_OPSET)
    del model.opset_import[:]
    model.opset_import.extend([helper.make_opsetid("", version), helper.make_opsetid("ai.onnx.ml", ML_OPSET)])
    onnx.checker.check_model(model)
    return model
