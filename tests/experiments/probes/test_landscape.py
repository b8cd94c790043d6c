"""Loss and gradient along the gradient, against plain networks that make the step."""

import numpy as np
import pytest
import torch

from bncourse.experiments.probes import landscape

KINDS = [
    {"norm": "none", "activation": "tanh"},
    {"norm": "batch"},
    {"norm": "batch", "model": "cnn"},
]
MULTIPLES = (0.25, 1.0, 3.0)
EACH = (0.3, 0.3, 0.02, 0.02)


def gradient(plain, x, y):
    loss = plain.loss(x, y)
    parameters = list(plain.parameters())
    return loss.item(), torch.cat([g.flatten() for g in torch.autograd.grad(loss, parameters)])


@torch.no_grad()
def shifted(plain, by):
    vector = torch.nn.utils.parameters_to_vector(plain.parameters())
    torch.nn.utils.vector_to_parameters(vector + by, plain.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_the_landscape_is_that_of_each_member_alone_at_its_own_rate(make, members, kind):
    stack, x, y = make(**kind)
    found = landscape(stack.network, x, y, learning_rate=EACH, multiples=MULTIPLES)
    for e, (plain, x_one, y_one, rate) in enumerate(members(stack, x, y, **kind)):
        loss_here, here = gradient(plain, x_one, y_one)
        losses, changes, smoothness = [], [], []
        for multiple in MULTIPLES:
            step = -multiple * rate * here
            shifted(plain, step)
            loss, there = gradient(plain, x_one, y_one)
            shifted(plain, -step)
            losses.append(loss)
            changes.append((there - here).norm().item())
            smoothness.append(changes[-1] / step.norm().item())
        expected = {
            "landscape_loss": losses,
            "landscape_change": changes,
            "landscape_loss_here": loss_here,
            "landscape_loss_min": min(losses),
            "landscape_loss_max": max(losses),
            "landscape_change_min": min(changes),
            "landscape_change_max": max(changes),
            "landscape_smoothness": max(smoothness),
            "landscape_gradient_norm": here.norm().item(),
        }
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            np.testing.assert_allclose(found[name][e], value, rtol=1e-9, err_msg=name)


def test_one_rate_is_for_all_members(make):
    stack, x, y = make(norm="batch")
    one = landscape(stack.network, x, y, learning_rate=0.1)
    four = landscape(stack.network, x, y, learning_rate=[0.1] * 4)
    assert all(torch.equal(one[name], four[name]) for name in one)


def test_a_short_step_loses_what_the_gradient_promises(make):
    stack, x, y = make(norm="batch", activation="tanh")
    losses = []
    for length in (1e-5, 2e-5):
        found = landscape(stack.network, x, y, learning_rate=length, multiples=[1])
        losses.append(found["landscape_loss_min"])
    slope = (losses[0] - losses[1]) / 1e-5
    torch.testing.assert_close(slope, found["landscape_gradient_norm"] ** 2, rtol=1e-3, atol=0)


def test_for_short_steps_smoothness_is_the_curvature_along_the_gradient_at_least(make):
    stack, x, y = make(norm="none", activation="tanh")
    short = landscape(stack.network, x, y, learning_rate=1e-5, multiples=[1, 2])
    losses = [
        landscape(stack.network, x, y, learning_rate=r, multiples=[1])["landscape_loss_min"]
        for r in (1e-3, 2e-3, 3e-3)
    ]
    size = short["landscape_gradient_norm"]
    curvature = (losses[0] - 2 * losses[1] + losses[2]) / (1e-3 * size) ** 2
    assert (short["landscape_smoothness"] > 0.99 * curvature).all()


@pytest.mark.parametrize("wrong", [(), (1, 0), [-1]])
def test_a_wrong_multiple_is_refused(make, wrong):
    stack, x, y = make()
    with pytest.raises(ValueError, match=r"multiples must be positive numbers, at least one, got"):
        landscape(stack.network, x, y, learning_rate=0.1, multiples=wrong)


@pytest.mark.parametrize("wrong", [[0.1, 0.2, 0.3], 0.0, -0.1, float("nan"), [[0.1]]])
def test_a_wrong_rate_is_refused_with_what_to_give(make, wrong):
    stack, x, y = make()
    with pytest.raises(ValueError, match=r"learning_rate must be a positive number, or one for ea"):
        landscape(stack.network, x, y, learning_rate=wrong)
