"""Properties that every standardization has, whatever the axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bncourse.scratch import check_gradient, standardize, standardize_backward


@st.composite
def pools(draw):
    """Return an array, and axes of it that pool at least three elements."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    axes = draw(st.sets(st.integers(0, len(shape) - 1), min_size=1))
    shape[min(axes)] += 2
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    offset, spread = draw(st.sampled_from([(0, 1), (5, 0.1), (-300, 7), (1e4, 1)]))
    return offset + spread * rng.standard_normal(shape), tuple(sorted(axes)), rng


@given(pools())
def test_every_pool_has_mean_0_and_variance_1(case):
    x, axes, _ = case
    y, _ = standardize(x, axes, eps=0)
    np.testing.assert_allclose(y.mean(axes), 0, atol=1e-10)
    np.testing.assert_allclose(y.var(axes), 1, rtol=1e-9)


@given(pools())
def test_moments_are_those_of_numpy(case):
    x, axes, _ = case
    _, cache = standardize(x, axes)
    assert cache.moments.count * cache.moments.mean.size == x.size
    np.testing.assert_allclose(cache.moments.mean, x.mean(axes), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(cache.moments.var, x.var(axes), rtol=1e-9)


@given(pools(), st.floats(0.01, 100), st.floats(-100, 100))
def test_scaling_and_shifting_the_input_changes_nothing(case, scale, shift):
    x, axes, _ = case
    expected, _ = standardize(x, axes, eps=0)
    y, _ = standardize(scale * x + shift, axes, eps=0)
    np.testing.assert_allclose(y, expected, atol=1e-6)


@given(pools())
def test_a_negative_scale_of_the_input_flips_the_sign(case):
    x, axes, _ = case
    np.testing.assert_allclose(standardize(-2 * x, axes, eps=0)[0], -standardize(x, axes, eps=0)[0])


@given(pools())
def test_the_order_of_the_samples_does_not_matter(case):
    x, axes, rng = case
    order = rng.permutation(x.shape[axes[0]])
    y, _ = standardize(np.take(x, order, axes[0]), axes)
    expected = np.take(standardize(x, axes)[0], order, axes[0])
    np.testing.assert_allclose(y, expected, rtol=1e-7, atol=1e-9)


@given(pools())
def test_the_gradient_is_orthogonal_to_ones_and_to_x_hat(case):
    x, axes, rng = case
    x_hat, cache = standardize(x, axes, eps=0)
    dx, _, _ = standardize_backward(rng.standard_normal(x.shape), cache)
    size = np.abs(dx).max() + cache.inv_std.max()
    np.testing.assert_allclose(dx.sum(axes) / size, 0, atol=1e-9)
    np.testing.assert_allclose((dx * x_hat).sum(axes) / size, 0, atol=1e-9)


@given(pools())
def test_uncentred_it_divides_by_the_root_mean_square(case):
    x, axes, rng = case
    y, cache = standardize(x, axes, eps=0, centred=False)
    np.testing.assert_allclose((y**2).mean(axes), 1, rtol=1e-9)
    dx, _, _ = standardize_backward(rng.standard_normal(x.shape), cache)
    scale = np.abs(x).max() * np.abs(dx).max() * x.size
    np.testing.assert_allclose((dx * x).sum(axes) / scale, 0, atol=1e-12)


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("axes", [0, -1, (0, 2), (2, 1), (0, 1, 2), ()])
def test_the_backward_kernel_passes_the_gradient_check(axes, centred, rng):
    x = 3 + 2 * rng.standard_normal((3, 4, 5))
    pools_shape = x.sum(axes).shape
    scale, shift = rng.standard_normal((2, *pools_shape))
    checks = check_gradient(
        lambda *inputs: standardize(inputs[0], axes, *inputs[1:], centred=centred),
        standardize_backward,
        *(x, np.asarray(scale), np.asarray(shift)),
        rng=rng,
    )
    assert len(checks) == 3


def test_the_result_is_the_same_for_the_same_axes_written_otherwise(hard):
    x = hard((3, 4, 5))
    expected, _ = standardize(x, (0, 2))
    np.testing.assert_array_equal(standardize(x, (-1, 0))[0], expected)


@pytest.mark.parametrize(
    ("axes", "message"), [(3, "axes: axis 3 is out of bounds"), ((0, -3), "repeated axis.*axes")]
)
def test_wrong_axes_are_named(axes, message):
    with pytest.raises(ValueError, match=message):
        standardize(np.ones((2, 3, 4)), axes)


def test_a_scale_that_would_broadcast_is_refused():
    with pytest.raises(ValueError, match=r"scale must have shape \(3,\), got \(1, 3\)"):
        standardize(np.ones((2, 3)), 0, np.ones((1, 3)))
