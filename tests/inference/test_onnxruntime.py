"""Exported to ONNX and run without PyTorch: every norm, and a network before and after folding."""

import io

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

import bncourse.nn
from bncourse.inference import fold_all

pytestmark = pytest.mark.filterwarnings("ignore:.isinstance.treespec, LeafSpec:FutureWarning")

NORMS = {  # size of a sample: norms for it
    (4, 7): [("BatchNorm1d", (4,)), ("InstanceNorm1d", (4,)), ("LayerNorm", (7,))],
    (4, 5, 6): [
        *(("BatchNorm2d", (4,)), ("InstanceNorm2d", (4,)), ("GroupNorm", (2, 4))),
        *(("LayerNorm", ((5, 6),)), ("RMSNorm", (6,))),
    ],
    (4, 3, 5, 2): [("BatchNorm3d", (4,)), ("InstanceNorm3d", (4,)), ("RMSNorm", ((5, 2),))],
}


class Side(torch.nn.Module):
    """Several layers side by side: all get the same input."""

    def __init__(self, layers):
        super().__init__()
        self.layers = torch.nn.ModuleList(layers)

    def forward(self, x):
        return tuple(layer(x) for layer in self.layers)


def exported(model, example):
    """Return the model as ONNX, for batches of any size."""
    dynamic = ({0: torch.export.Dim.DYNAMIC},)
    program = torch.onnx.export(model, (example,), dynamic_shapes=dynamic, verbose=False)
    stored = io.BytesIO()
    program.save(stored)
    return stored.getvalue()


def run(stored, x):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(stored, options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x.numpy()})


def assert_runs_alike(model, sizes):
    """Compare outputs for batches of several sizes, and return the exported model."""
    stored = exported(model, 3 + 2 * torch.randn(3, *sizes))
    for samples in (3, 1, 8):
        x = 3 + 2 * torch.randn(samples, *sizes)
        expected = model(x)
        expected = expected if isinstance(expected, tuple) else (expected,)
        for ours, found in zip(expected, run(stored, x), strict=True):
            np.testing.assert_allclose(found, ours.detach().numpy(), rtol=1e-5, atol=1e-5)
    return onnx.load_from_string(stored)


def test_every_norm_is_run():
    assert {name for norms in NORMS.values() for name, _ in norms} == {
        name for name in bncourse.nn.__all__ if hasattr(torch.nn, name) and name != "functional"
    }


@pytest.mark.parametrize("sizes", NORMS, ids=str)
def test_norms_run_alike_for_batches_of_any_size(sizes, trained):
    layers = [getattr(bncourse.nn, name)(*arguments) for name, arguments in NORMS[sizes]]
    for layer in layers:
        for parameter in layer.parameters():
            torch.nn.init.normal_(parameter)
    assert_runs_alike(trained(Side(layers)), sizes)


def test_a_network_with_norms_runs_alike(resnet):
    assert_runs_alike(resnet, (3, 8, 8))


def test_a_folded_network_runs_alike_and_nothing_is_left_of_the_norms(resnet):
    folded, _ = fold_all(resnet)
    operators = [node.op_type for node in assert_runs_alike(folded, (3, 8, 8)).graph.node]
    layers = {"Conv": 8, "Gemm": 1, "Add": 3, "Relu": 7}
    assert {name: operators.count(name) for name in layers} == layers
    assert len(operators) == sum(layers.values()) + 2  # the mean over positions, and flattening
