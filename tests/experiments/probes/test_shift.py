"""Internal covariate shift in both senses, against plain networks that make the step."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from bncourse.experiments.layers import BatchNorm
from bncourse.experiments.probes import gradient_shift, input_shift

KINDS = [
    {"norm": "none", "activation": "tanh"},
    {"norm": "batch"},
    {"norm": "batch", "placement": "after"},
    {"norm": "batch", "model": "cnn"},
]
EACH = (0.3, 0.3, 0.02, 0.02)
RATES, SEEDS = (0.3, 0.02), (4, 7)


class Wandering(nn.Module):
    """A factory of norms that shift their output by the number of steps so far."""

    def __init__(self, members, channels):
        super().__init__()
        self.norm = BatchNorm(members, channels, eps=1e-5, momentum=0.1)
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, x):
        self.steps.add_(1)
        return self.norm(x) + 0.1 * self.steps


@torch.no_grad()
def step(parameters, grads, rate):
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.sub_(rate * grad)


def grads_of(plain, x, y, parameters):
    return torch.autograd.grad(plain.loss(x, y), parameters)


def input_moments(plain, x):
    values = [u.detach().transpose(0, 1).flatten(1) for u in plain(x)[1].inputs]
    return [(u.mean(1), u.std(1, correction=0)) for u in values]


@pytest.mark.parametrize("kind", KINDS)
def test_moments_shift_as_those_of_each_member_alone(make, members, kind):
    stack, x, y = make(**kind)
    found = input_shift(stack.network, x, y, learning_rate=EACH)
    for e, (plain, x_one, y_one, rate) in enumerate(members(stack, x, y, **kind)):
        before = input_moments(plain, x_one)
        parameters = list(plain.parameters())
        step(parameters, grads_of(plain, x_one, y_one, parameters), rate)
        after = input_moments(plain, x_one)
        for layer, ((mean, std), (new_mean, new_std)) in enumerate(zip(before, after, strict=True)):
            spread = std.norm()
            torch.testing.assert_close(
                found["input_mean_shift"][e, layer], (new_mean - mean).norm() / spread
            )
            torch.testing.assert_close(
                found["input_std_shift"][e, layer], (new_std - std).norm() / spread
            )


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_shift_as_definition_2_1_says_for_each_member_alone(make, members, kind):
    stack, x, y = make(**kind)
    found = gradient_shift(stack.network, x, y, learning_rate=EACH)
    for e, (plain, x_one, y_one, rate) in enumerate(members(stack, x, y, **kind)):
        for layer in range(3):
            (here,) = grads_of(plain, x_one, y_one, [plain.linears[layer].weight])
            moved = copy.deepcopy(plain)
            below = [p for number in range(layer) for p in moved.layer(number)]
            if below:
                step(below, grads_of(moved, x_one, y_one, below), rate)
            (there,) = grads_of(moved, x_one, y_one, [moved.linears[layer].weight])
            cosine = (here * there).sum() / (here.norm() * there.norm())
            np.testing.assert_allclose(
                found["gradient_shift"][e, layer], (there - here).norm(), rtol=1e-7, atol=1e-15
            )
            np.testing.assert_allclose(found["gradient_shift_cosine"][e, layer], cosine, rtol=1e-9)


def test_nothing_shifts_the_first_layer(make):
    stack, x, y = make(norm="batch")
    moments = input_shift(stack.network, x, y, learning_rate=0.3)
    gradients = gradient_shift(stack.network, x, y, learning_rate=0.3)
    for values in (*moments.values(), gradients["gradient_shift"]):
        assert not values[:, 0].any()
        assert values[:, 1:].all()
    np.testing.assert_allclose(gradients["gradient_shift_cosine"][:, 0], 1)


def test_short_steps_shift_in_proportion_to_their_length(make):
    stack, x, y = make(norm="batch", activation="tanh")
    for probe in (input_shift, gradient_shift):
        short, long = (probe(stack.network, x, y, learning_rate=r) for r in (1e-6, 2e-6))
        for name in short.keys() - {"gradient_shift_cosine"}:
            torch.testing.assert_close(long[name], 2 * short[name], rtol=1e-3, atol=0)


@pytest.mark.parametrize("settings", [{"noise": 0.5}, {"dropout": 0.3}, {"norm": Wandering}])
def test_afresh_moments_shift_as_they_do_in_training(make, settings):
    stack, x, y = make(**{"norm": "batch"} | settings)
    rates = [rate for rate in RATES for _ in SEEDS]
    found = input_shift(stack.network, x, y, learning_rate=rates, afresh=True)
    inputs = []
    for block in stack.network.blocks:
        block.linear.register_forward_hook(lambda _, u, z: inputs.append(u[0].detach()))
    stack.step(x, y)
    stack.network(x)
    moments = [(u.mean(0), u.std(0, correction=0)) for u in inputs]
    for layer, ((mean, std), (new_mean, new_std)) in enumerate(
        zip(moments[:3], moments[3:], strict=True)
    ):
        spread = std.norm(dim=1)
        for name, change in (("mean", new_mean - mean), ("std", new_std - std)):
            expected = change.norm(dim=1) / spread
            torch.testing.assert_close(found[f"input_{name}_shift"][:, layer], expected)


def test_without_noise_afresh_makes_no_difference(make):
    stack, x, y = make(norm="batch")
    same, afresh = (
        input_shift(stack.network, x, y, learning_rate=0.3, afresh=each) for each in (False, True)
    )
    for name in same:
        torch.testing.assert_close(same[name], afresh[name])
