"""The growth of gradients, fitted to series that are known and measured against theory."""

import math
from functools import partial

import numpy as np
import pytest
from scipy import integrate, stats

from bncourse.data import Splits, digits
from bncourse.experiments import Config, Stack
from bncourse.experiments.probes import gradient_norms, growth_factor, growth_in_theory


def independent(seed, samples, features):
    """Return samples that know nothing of each other."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(samples, features)), rng.integers(0, 10, samples)
    return Splits(x, y, x, y, x, y, mean=np.zeros(features), std=np.ones(features))


def measured(activation, data, batch, width, seeds, **settings):
    """Return the geometric mean over seeds of the growth factor at the start."""
    config = Config(
        **{"data": data, "depth": 20, "width": width, "activation": activation, "norm": "batch"},
        **{"batch_size": batch, "eps": 0.0} | settings,
    )
    stack = Stack([config], range(seeds))
    norms = gradient_norms(stack.network, *next(stack.batches()))["gradient_norm"]
    return stats.gmean(growth_factor(norms, skip=4))


def test_a_geometric_series_has_its_ratio():
    forward = np.array([[3.0], [1e-9]]) * 1.7 ** (-np.arange(12) / 2)
    np.testing.assert_allclose(growth_factor(forward), 1.7)
    np.testing.assert_allclose(growth_factor(forward[:, ::-1]), 1 / 1.7)


def test_the_ends_do_not_count():
    norms = 2.0 ** -np.arange(8.0)
    norms[[0, 1, -2, -1]] = 1e6, 1e-6, 1e9, 0.1
    assert growth_factor(norms, skip=2) == pytest.approx(4)


def test_the_line_is_fitted_by_least_squares():
    norms = np.random.default_rng(5).lognormal(size=(3, 9))
    for row, factor in zip(norms, growth_factor(norms, skip=0), strict=True):
        slope = stats.linregress(np.arange(9), np.log(row**2)).slope
        assert factor == pytest.approx(math.exp(-slope))


def test_axes_in_front_are_kept():
    norms = 3.0 ** -np.arange(6.0) * np.ones((2, 4, 6))
    np.testing.assert_allclose(growth_factor(norms), np.full((2, 4), 9))


def test_a_gradient_that_vanished_or_diverged_leaves_the_others_alone():
    norms = 0.5 ** np.arange(8.0) * np.ones((3, 1))
    norms[0, 3], norms[1, 3] = 0, np.nan
    found = growth_factor(norms)
    assert found[0] == 0
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(4)


@pytest.mark.parametrize("skip", [2, -1])
def test_too_few_layers_are_refused(skip):
    message = f"skip={skip} at each end must leave two of the 5 layers"
    with pytest.raises(ValueError, match=message):
        growth_factor([1.0] * 5, skip=skip)


def test_the_relu_has_the_constant_of_yang_et_al():
    assert growth_in_theory("relu") == pytest.approx(math.pi / (math.pi - 1), rel=1e-9)


def test_a_straight_line_grows_with_small_batches_alone():
    assert growth_in_theory("identity") == pytest.approx(1)
    for batch in (4, 5, 9, 100):
        assert growth_in_theory("identity", batch) == pytest.approx((batch - 2) / (batch - 3))


def test_tanh_agrees_with_another_quadrature():
    def mean(function):
        return integrate.quad(lambda z: function(np.tanh(z)) * stats.norm.pdf(z), -12, 12)[0]

    expected = mean(lambda t: (1 - t**2) ** 2) / mean(lambda t: t**2)
    assert growth_in_theory("tanh") == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
def test_finite_batches_grow_more_and_approach_the_limit(activation):
    factors = [growth_in_theory(activation, batch) for batch in (4, 8, 32, 1000, 100_000, math.inf)]
    assert factors == sorted(factors, reverse=True)
    assert factors[-2] == pytest.approx(factors[-1], rel=1e-4)
    assert factors[-1] > 1


@pytest.mark.parametrize("activation", ["relu", "identity", "tanh", "gelu"])
@pytest.mark.parametrize(("batch", "width", "seeds"), [(8, 256, 8), (64, 256, 4)])
def test_wide_networks_do_as_theory_says(activation, batch, width, seeds):
    data = partial(independent, samples=batch, features=width)
    found = measured(activation, data, batch, width, seeds)
    assert found == pytest.approx(growth_in_theory(activation, batch), rel=0.025)


def test_theory_without_the_size_of_the_batch_fails_at_small_ones():
    data = partial(independent, samples=8, features=256)
    assert measured("relu", data, 8, 256, 8) > 1.1 * growth_in_theory("relu")


@pytest.mark.parametrize("scale", [0.1, 10])
def test_the_scale_of_the_weights_does_not_matter(scale):
    data = partial(independent, samples=32, features=128)
    found, usual = (measured("relu", data, 32, 128, 2, weight_scale=s) for s in (scale, 1))
    assert found == pytest.approx(usual, rel=1e-3)


def test_on_images_relu_networks_forget_the_data_and_linear_ones_do_not():
    relu, line = (
        measured(activation, digits, 128, 512, 2) / growth_in_theory(activation, 128)
        for activation in ("relu", "identity")
    )
    assert relu == pytest.approx(1, abs=0.015)
    assert line > 1.02


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match=r"activation must be one of relu, .*, got 'swish'"):
        growth_in_theory("swish")


@pytest.mark.parametrize("batch", [3, 0, math.nan])
def test_a_batch_too_small_to_have_a_mean_is_refused(batch):
    with pytest.raises(ValueError, match=f"batch must be at least 4, got {batch}"):
        growth_in_theory("relu", batch)
