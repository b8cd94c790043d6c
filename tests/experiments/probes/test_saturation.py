"""Parts of values and units where activations are flat, against where that is known to be."""

from functools import partial

import numpy as np
import pytest
import torch

from bncourse.experiments.probes import saturation

FLAT = {
    "relu": lambda z: z <= 0,
    "tanh": lambda z: z.abs() > np.arctanh(np.sqrt(1 - 0.05)),
    "sigmoid": lambda z: z.abs() > np.log((0.5 + np.sqrt(0.2)) / (0.5 - np.sqrt(0.2))),
}


@pytest.mark.parametrize("activation", FLAT)
@pytest.mark.parametrize("model", ["mlp", "cnn"])
def test_parts_are_those_of_each_member_alone(make, members, activation, model):
    kind = {"activation": activation, "model": model, "weight_scale": 2.0}
    stack, x, y = make(**kind)
    found = saturation(stack.network, x, y)
    for e, (plain, x_one, _, _) in enumerate(members(stack, x, y, **kind)):
        for layer, z in enumerate(plain(x_one)[1].before):
            flat = FLAT[activation](z)
            dead = flat.transpose(0, 1).flatten(1).all(1)
            assert found["saturated_part"][e, layer] == pytest.approx(flat.double().mean().item())
            assert found["dead_part"][e, layer] == pytest.approx(dead.double().mean().item())
    assert 0 < found["saturated_part"].mean() < 1


def test_the_thresholds_of_the_docstring_are_right():
    assert np.arctanh(np.sqrt(0.95)) == pytest.approx(2.18, abs=0.005)
    s = 1 / (1 + np.exp(-2.89))
    assert s * (1 - s) == pytest.approx(0.05, abs=0.0005)


def test_a_unit_pushed_below_zero_for_the_whole_batch_is_dead(make):
    stack, x, y = make(norm="batch", activation="relu")
    alive = saturation(stack.network, x, y)["dead_part"][:, 1]
    with torch.no_grad():
        stack.network.blocks[1].norm.bias[2, :3] = -100
    dead = saturation(stack.network, x, y)["dead_part"][:, 1]
    assert dead[2] >= 3 / 5 > alive[2]
    torch.testing.assert_close(dead[[0, 1, 3]], alive[[0, 1, 3]])


def test_a_higher_threshold_calls_more_flat(make):
    stack, x, y = make(norm="batch", activation="tanh")
    strict, loose = (
        partial(saturation, threshold=threshold)(stack.network, x, y)["saturated_part"]
        for threshold in (0.05, 0.5)
    )
    assert (loose > strict).all()


def test_a_straight_line_is_nowhere_flat(make):
    stack, x, y = make(norm="none", activation="identity")
    assert not saturation(stack.network, x, y)["saturated_part"].any()
