"""Gradient norms, against autograd on plain networks."""

import numpy as np
import pytest
import torch

from bncourse.experiments import Stack
from bncourse.experiments.probes import gradient_norms
from bncourse.experiments.probes.units import member_norms

KINDS = [
    {"norm": "none", "activation": "tanh"},
    {"norm": "batch", "placement": "before"},
    {"norm": "batch", "placement": "after"},
    {"norm": "batch", "model": "cnn"},
]


@pytest.mark.parametrize("kind", KINDS)
def test_norms_are_those_of_each_member_alone(make, members, kind):
    stack, x, y = make(**kind)
    found = gradient_norms(stack.network, x, y)
    for e, (plain, x_one, y_one, _) in enumerate(members(stack, x, y, **kind)):
        logits, passed = plain(x_one)
        loss = torch.nn.functional.cross_entropy(logits, y_one)
        weights = [linear.weight for linear in plain.linears]
        grads = torch.autograd.grad(loss, passed.z + weights)
        norms = torch.stack([grad.norm() for grad in grads])
        torch.testing.assert_close(found["gradient_norm"][e], norms[:3])
        torch.testing.assert_close(found["weight_gradient_norm"][e], norms[3:])


def test_a_batch_of_copies_has_a_gradient_smaller_by_the_root_of_their_number(make):
    stack, x, y = make(norm="none")
    once = gradient_norms(stack.network, x, y)
    four_times = gradient_norms(stack.network, x.repeat(4, 1, 1), y.repeat(4, 1))
    torch.testing.assert_close(four_times["gradient_norm"], once["gradient_norm"] / 2)
    torch.testing.assert_close(four_times["weight_gradient_norm"], once["weight_gradient_norm"])


def test_weights_before_batch_norm_that_grow_shrink_their_gradient(make):
    stack, x, y = make(norm="batch", eps=0.0)
    before = gradient_norms(stack.network, x, y)["weight_gradient_norm"]
    with torch.no_grad():
        stack.network.blocks[1].linear.weight.mul_(10)
    after = gradient_norms(stack.network, x, y)["weight_gradient_norm"]
    torch.testing.assert_close(after, before * torch.tensor([1, 0.1, 1], dtype=x.dtype))


def test_a_gradient_whose_square_vanishes_in_float32_is_measured(config):
    stack = Stack([config(depth=14, activation="sigmoid", weight_scale=1e-2)], [0, 1])
    x, y = next(stack.batches())
    found = gradient_norms(stack.network, x, y)["gradient_norm"][:, 0]
    twin = Stack(
        [config(depth=14, activation="sigmoid", weight_scale=1e-2)], [0, 1], dtype=torch.float64
    )
    expected = gradient_norms(twin.network, x.double(), y)["gradient_norm"][:, 0]
    assert (expected < 1e-25).all()
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=0)


def test_norms_are_taken_over_several_tensors_together():
    tensors = [torch.full((2, 3, 1), 2e-30), torch.full((2, 4), 1e-30)]
    np.testing.assert_allclose(member_norms(tensors), 4e-30, rtol=1e-6)
