"""The node tests of the ONNX standard: a second opinion that is not PyTorch's."""

import importlib

import numpy as np
import onnx.backend.test.case.node as node_cases
import pytest
import torch
from onnx.helper import get_attribute_value

import bncourse.nn.functional as F

for script in ("batch_", "instance_", "group", "layer", "rms"):
    importlib.import_module(f"{node_cases.__name__}.{script}normalization")  # registers its cases


def batch_normalization(x, scale, bias, mean, var, epsilon=1e-5, momentum=0.9, training_mode=0):
    """ONNX keeps a share ``momentum`` of the old statistics, and averages the biased variance."""
    old_var, count = var.clone(), x[:, 0].numel()
    y = F.batch_norm(x, mean, var, scale, bias, bool(training_mode), 1 - momentum, epsilon)
    biased = momentum * old_var + (var - momentum * old_var) * (count - 1) / count
    return (y, mean, biased) if training_mode else (y,)


def instance_normalization(x, scale, bias, epsilon=1e-5):
    return (F.instance_norm(x, weight=scale, bias=bias, eps=epsilon),)


def group_normalization(x, scale, bias, num_groups, epsilon=1e-5):
    return (F.group_norm(x, num_groups, scale, bias, epsilon),)


def layer_normalization(x, scale, bias, axis=-1, epsilon=1e-5):
    return (F.layer_norm(x, x.shape[axis:], scale, bias, epsilon),)


def rms_normalization(x, scale, axis=-1, epsilon=1e-5):
    return (F.rms_norm(x, x.shape[axis:], scale, epsilon),)


OPERATORS = {
    "BatchNormalization": batch_normalization,
    "InstanceNormalization": instance_normalization,
    "GroupNormalization": group_normalization,
    "LayerNormalization": layer_normalization,
    "RMSNormalization": rms_normalization,
}
CASES = {
    case.name: case
    for case in node_cases._NodeTestCases
    if [node.op_type in OPERATORS for node in case.model.graph.node] == [True]
}


def test_every_operator_has_cases():
    assert {case.model.graph.node[0].op_type for case in CASES.values()} == set(OPERATORS)


@pytest.mark.parametrize("name", CASES)
def test_onnx_node(name):
    (node,) = CASES[name].model.graph.node
    attributes = {a.name: get_attribute_value(a) for a in node.attribute}
    for inputs, outputs in CASES[name].data_sets:
        got = OPERATORS[node.op_type](*(torch.from_numpy(a.copy()) for a in inputs), **attributes)
        # Layer norm may also return its moments, which PyTorch's signature has no room for.
        for ours, expected in zip(got, outputs, strict=node.op_type != "LayerNormalization"):
            np.testing.assert_allclose(ours.numpy(), expected, rtol=1e-4, atol=1e-6)
