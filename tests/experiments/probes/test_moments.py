"""Moments of what activations get and give, against scipy on plain networks."""

import numpy as np
import pytest
import torch
from scipy import stats

from bncourse.experiments import Stack
from bncourse.experiments.probes import activation_moments

KINDS = [
    {"norm": "none", "activation": "tanh"},
    {"norm": "batch"},
    {"norm": "batch", "placement": "after"},
    {"norm": "batch", "model": "cnn"},
]


def units(values):
    """Return the values of each unit in a row."""
    return np.moveaxis(values.detach().numpy(), 1, 0).reshape(values.shape[1], -1)


@pytest.mark.parametrize("kind", KINDS)
def test_moments_are_those_of_each_member_alone(make, members, kind):
    stack, x, y = make(**kind)
    found = activation_moments(stack.network, x, y)
    for e, (plain, x_one, _, _) in enumerate(members(stack, x, y, **kind)):
        passed = plain(x_one)[1]
        for layer in range(3):
            z, out = units(passed.before[layer]), units(passed.after[layer])
            expected = {
                "preactivation_mean": z.mean(),
                "preactivation_mean_rms": np.sqrt(np.mean(z.mean(1) ** 2)),
                "preactivation_variance": z.var(1).mean(),
                "preactivation_skewness_rms": np.sqrt(np.mean(stats.skew(z, axis=1) ** 2)),
                "preactivation_kurtosis": stats.kurtosis(z, axis=1).mean(),
                "activation_mean": out.mean(),
                "activation_variance": out.var(1).mean(),
            }
            assert found.keys() == expected.keys()
            for name, value in expected.items():
                np.testing.assert_allclose(found[name][e, layer], value, rtol=1e-7, err_msg=name)


@pytest.fixture
def open_network(config):
    """Return a maker of a network whose only activation gets the inputs as they are."""

    def open_network(features, norm="none"):
        settings = {"depth": 1, "width": features, "activation": "identity", "norm": norm}
        stack = Stack([config(**settings)], [0, 1], dtype=torch.float64)
        linear = stack.network.blocks[0].linear
        linear.weight = torch.nn.Parameter(torch.eye(features).double().repeat(2, 1, 1))
        return stack.network

    return open_network


def test_batch_norm_sets_two_moments_and_leaves_the_shape(open_network):
    x = 7 + 3 * torch.from_numpy(np.random.default_rng(0).exponential(size=(400, 2, 6)))
    y = torch.zeros(400, 2, dtype=torch.int64)
    plain, normed = (activation_moments(open_network(6, n), x, y) for n in ("none", "batch"))
    np.testing.assert_allclose(normed["preactivation_mean_rms"], 0, atol=1e-12)
    np.testing.assert_allclose(normed["preactivation_variance"], 1, rtol=1e-4)
    for shape in ("preactivation_skewness_rms", "preactivation_kurtosis"):
        torch.testing.assert_close(normed[shape], plain[shape])
    assert (normed["preactivation_skewness_rms"] > 1).all()


def test_means_of_opposite_sign_cancel_in_the_mean_but_not_in_its_root_mean_square(open_network):
    x = torch.tensor([[2.0, -2.0]]).double().repeat(4, 2, 1)
    found = activation_moments(open_network(2), x, torch.zeros(4, 2, dtype=torch.int64))
    np.testing.assert_array_equal(found["preactivation_mean"], 0)
    np.testing.assert_array_equal(found["preactivation_mean_rms"], 2)


def test_units_that_do_not_vary_have_no_shape(open_network):
    x = torch.ones(4, 2, 2, dtype=torch.float64)
    x[:, :, 1] = torch.tensor([0.0, 0.0, 0.0, 4.0])[:, None]
    found = activation_moments(open_network(2), x, torch.zeros(4, 2, dtype=torch.int64))
    np.testing.assert_allclose(found["preactivation_skewness_rms"], stats.skew([0, 0, 0, 4]))
    np.testing.assert_allclose(found["preactivation_kurtosis"], stats.kurtosis([0, 0, 0, 4]))


def test_small_normal_samples_have_the_shape_that_the_docstring_says(open_network):
    n, features = 10, 2000
    x = 5 + 2 * torch.randn(n, 2, features, generator=torch.manual_seed(1)).double()
    found = activation_moments(open_network(features), x, torch.zeros(n, 2, dtype=torch.int64))
    skewness = np.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
    np.testing.assert_allclose(found["preactivation_skewness_rms"], skewness, rtol=0.05)
    np.testing.assert_allclose(found["preactivation_kurtosis"], -6 / (n + 1), rtol=0.1)
