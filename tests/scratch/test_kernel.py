"""Properties that every standardization has, whatever the axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bncourse.scratch import check_gradient, standardize, standardize_backward
from bncourse.scratch.pools import add_product, products_to, sum_to

EPS = 1e-5


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
    y, _ = standardize(x, 1, 0, axes, 0)
    np.testing.assert_allclose(y.mean(axes), 0, atol=1e-10)
    np.testing.assert_allclose(y.var(axes), 1, rtol=1e-9)


@given(pools())
def test_moments_are_those_of_numpy(case):
    x, axes, _ = case
    _, cache = standardize(x, 1, 0, axes, EPS)
    assert cache.pools.count * cache.mean.size == x.size
    kept = {"axis": axes, "keepdims": True}
    np.testing.assert_allclose(cache.mean, x.mean(**kept), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(cache.var, x.var(**kept), rtol=1e-9)


@given(pools(), st.floats(0.01, 100), st.floats(-100, 100))
def test_scaling_and_shifting_the_input_changes_nothing(case, scale, shift):
    x, axes, _ = case
    expected, _ = standardize(x, 1, 0, axes, 0)
    y, _ = standardize(scale * x + shift, 1, 0, axes, 0)
    np.testing.assert_allclose(y, expected, atol=1e-6)


@given(pools())
def test_a_negative_scale_of_the_input_flips_the_sign(case):
    x, axes, _ = case
    np.testing.assert_allclose(
        standardize(-2 * x, 1, 0, axes, 0)[0], -standardize(x, 1, 0, axes, 0)[0]
    )


@given(pools())
def test_the_order_of_the_samples_does_not_matter(case):
    x, axes, rng = case
    order = rng.permutation(x.shape[axes[0]])
    y, _ = standardize(np.take(x, order, axes[0]), 1, 0, axes, EPS)
    expected = np.take(standardize(x, 1, 0, axes, EPS)[0], order, axes[0])
    np.testing.assert_allclose(y, expected, rtol=1e-7, atol=1e-9)


@given(pools())
def test_the_gradient_is_orthogonal_to_ones_and_to_x_hat(case):
    x, axes, rng = case
    x_hat, cache = standardize(x, 1, 0, axes, 0)
    dx, _, _ = standardize_backward(rng.standard_normal(x.shape), cache)
    size = np.abs(dx).max() + cache.var.min() ** -0.5
    np.testing.assert_allclose(dx.sum(axes) / size, 0, atol=1e-9)
    np.testing.assert_allclose((dx * x_hat).sum(axes) / size, 0, atol=1e-9)


@given(pools())
def test_uncentred_it_divides_by_the_root_mean_square(case):
    x, axes, rng = case
    y, cache = standardize(x, 1, 0, axes, 0, centred=False)
    np.testing.assert_allclose((y**2).mean(axes), 1, rtol=1e-9)
    dx, _, _ = standardize_backward(rng.standard_normal(x.shape), cache)
    scale = np.abs(x).max() * np.abs(dx).max() * x.size
    np.testing.assert_allclose((dx * x).sum(axes) / scale, 0, atol=1e-12)


@pytest.mark.parametrize("centred", [True, False])
@pytest.mark.parametrize("axes", [0, -1, (0, 2), (2, 1), (0, 1, 2), ()])
@pytest.mark.parametrize("own", [(1, 4, 1), (1, 1, 5), (1, 4, 5), (1, 1, 1)])
def test_the_backward_kernel_passes_the_gradient_check(axes, own, centred, rng):
    x = 3 + 2 * rng.standard_normal((3, 4, 5))
    weight, bias = rng.standard_normal((2, *own))
    checks = check_gradient(
        lambda *inputs: standardize(*inputs, axes, EPS, centred=centred),
        standardize_backward,
        *(x, weight, bias),
        rng=rng,
    )
    assert len(checks) == 3


@pytest.mark.parametrize("shape", [(40000, 3), (3, 4, 5), (1, 7), (0, 3)])
def test_a_product_is_added_as_if_at_once(shape, rng):
    total, x = rng.standard_normal((2, *shape))
    for factor in (rng.standard_normal((1, shape[1], *[1] * (len(shape) - 2))), x + 1):
        expected = total + x * factor
        np.testing.assert_array_equal(add_product(total.copy(), x, factor), expected)


@pytest.mark.parametrize("axes", [(), (0,), (0, 1)])
def test_sums_are_those_of_numpy_whatever_is_summed(axes):
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    shape = x.sum(axes, keepdims=True).shape
    for ours, expected in ((sum_to(x, shape), x), (products_to(x, x, shape), x * x)):
        assert isinstance(ours, np.ndarray)
        np.testing.assert_array_equal(ours, expected.sum(axes, keepdims=True))


def test_the_result_is_the_same_for_the_same_axes_written_otherwise(hard):
    x = hard((3, 4, 5))
    expected, _ = standardize(x, 1, 0, (0, 2), EPS)
    np.testing.assert_array_equal(standardize(x, 1, 0, (-1, 0), EPS)[0], expected)


@pytest.mark.parametrize(
    ("axes", "message"), [(3, "axes: axis 3 is out of bounds"), ((0, -3), "repeated axis.*axes")]
)
def test_wrong_axes_are_named(axes, message):
    with pytest.raises(ValueError, match=message):
        standardize(np.ones((2, 3, 4)), 1, 0, axes, EPS)
