"""A probe changes nothing, sees what training sees, and works inside ``run``."""

import pickle
from functools import partial

import numpy as np
import pytest
import torch

from bncourse.experiments import Stack, run
from bncourse.experiments.probes import (
    activation_moments,
    effective_rank,
    gradient_norms,
    gradient_shift,
    input_shift,
    landscape,
    saturation,
)

PROBES = [
    activation_moments,
    effective_rank,
    gradient_norms,
    saturation,
    partial(saturation, threshold=0.2),
    partial(landscape, learning_rate=0.1),
    partial(input_shift, learning_rate=0.1),
    partial(gradient_shift, learning_rate=0.1),
]
NOISY = [
    {"norm": "batch", "dropout": 0.3, "noise": 0.5},
    {"norm": "batch", "norm_batch": 4, "dropout": 0.3},
    {"norm": "batch", "residual": "pre", "noise": 0.5},
    {"norm": "batch", "model": "cnn", "dropout": 0.3, "noise": 0.5},
    {"norm": "rms", "optimizer": "adam", "dropout": 0.3},
    {"norm": "layer", "activation": "gelu"},
]


def name_of(probe):
    return getattr(probe, "__name__", str(getattr(probe, "keywords", "")))


every_probe = pytest.mark.parametrize("probe", PROBES, ids=name_of)


def equal(found, expected):
    assert found.keys() == expected.keys()
    return all(torch.equal(found[name], expected[name]) for name in found)


@pytest.mark.parametrize("kind", NOISY)
def test_a_run_with_probes_equals_one_without_bit_by_bit(config, kind):
    configs, seeds = [config(**kind)], [0, 1]
    silent = run(configs, seeds, losses=True).arrays
    probed = run(configs, seeds, probes=PROBES, every=1, losses=True)
    for name in silent:
        np.testing.assert_array_equal(probed[name], silent[name], err_msg=name)


@every_probe
def test_a_probe_leaves_no_trace(make, probe):
    stack, x, y = make(norm="batch", dropout=0.3, noise=0.5)
    network = stack.network
    network.blocks[1].norm.eval()
    kept = x.clone(), y.clone()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    modes = [module.training for module in network.modules()]
    probe(network, x, y)
    assert equal(network.state_dict(), before)
    assert [module.training for module in network.modules()] == modes
    assert all(parameter.grad is None for parameter in network.parameters())
    assert all(not module._forward_hooks for module in network.modules())
    assert torch.equal(x, kept[0]) and torch.equal(y, kept[1])


@every_probe
def test_a_probe_returns_plain_numbers_for_members_and_layers(make, probe):
    stack, x, y = make(norm="batch")
    for values in probe(stack.network, x, y).values():
        assert values.shape in ((4,), (4, 3), (4, 4))  # the last: multiples
        assert not values.requires_grad
        assert values.isfinite().all()


@every_probe
def test_a_probe_asked_twice_says_the_same(make, probe):
    stack, x, y = make(norm="batch", dropout=0.3, noise=0.5)
    assert equal(probe(stack.network, x, y), probe(stack.network, x, y))


@every_probe
def test_a_probe_says_the_same_where_gradients_are_off(make, probe):
    stack, x, y = make(norm="batch")
    with torch.no_grad():
        off = probe(stack.network, x, y)
    assert equal(off, probe(stack.network, x, y))


@every_probe
def test_a_member_that_is_lost_leaves_the_others_alone(make, probe):
    stack, x, y = make(norm="batch")
    whole = probe(stack.network, x, y)
    with torch.no_grad():
        stack.network.blocks[0].linear.weight[1] = torch.nan
    found = probe(stack.network, x, y)
    others = [0, 2, 3]
    for name in found:
        torch.testing.assert_close(found[name][others], whole[name][others], rtol=0, atol=0)
        assert found[name][1].isnan().any()


@every_probe
def test_a_probe_travels_to_other_processes(make, probe):
    stack, x, y = make(norm="batch")
    arrived = pickle.loads(pickle.dumps(probe))
    assert equal(arrived(stack.network, x, y), probe(stack.network, x, y))


def test_a_probe_sees_the_noise_of_the_next_step(make):
    stack, x, y = make(norm="batch", dropout=0.3, noise=0.5)
    foreseen = gradient_norms(stack.network, x, y)["weight_gradient_norm"][:, 1]
    weight = stack.network.blocks[1].linear.weight
    before = weight.detach().clone()
    stack.step(x, y)
    made = (weight.detach() - before).flatten(1).norm(dim=1)
    torch.testing.assert_close(foreseen, made / stack.optimizer.rates[0].flatten())


def test_in_evaluation_a_probe_uses_the_running_statistics(make):
    stack, x, y = make(norm="batch")
    stack.network.eval()
    alone = activation_moments(stack.network, x[:1], y[:1])["activation_mean"]
    assert alone.isfinite().all()
    together = activation_moments(stack.network, x, y)["activation_mean"]
    one_by_one = [activation_moments(stack.network, x[i : i + 1], y) for i in range(len(x))]
    mean = torch.stack([one["activation_mean"] for one in one_by_one]).mean(0)
    torch.testing.assert_close(together, mean)


def test_a_history_holds_what_probes_found(config):
    configs, seeds = [config(norm="batch", learning_rate=rate) for rate in (0.1, 0.2)], [3, 5, 8]
    history = run(configs, seeds, probes=PROBES[:4], every=3, dtype="float64")
    assert history["effective_rank"].shape == (2, 3, 3, 3)
    stack = Stack(configs, seeds, dtype=torch.float64)
    first = gradient_norms(stack.network, *next(stack.batches()))["gradient_norm"]
    start = history["gradient_norm"][:, :, 0]
    np.testing.assert_allclose(start.reshape(6, 3), first, rtol=1e-12)
