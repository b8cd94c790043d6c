"""The gradient check must pass what is right and fail what is wrong."""

import numpy as np
import pytest

from bncourse.scratch import batch_norm, batch_norm_backward, check_gradient


def product(a, b):
    return a * b, (a, b)


def product_backward(grad, cache):
    a, b = cache
    return grad * b, grad * a


def cube(x):
    return x**3, x


def cube_backward(grad, x):
    return 3 * x**2 * grad


@pytest.fixture
def pair(rng):
    return rng.standard_normal((2, 4, 3))


def test_it_returns_both_numbers_for_each_input(pair, rng):
    checks = check_gradient(product, product_backward, *pair, rng=rng)
    assert len(checks) == 2
    for analytic, numeric, error in checks:
        assert analytic == pytest.approx(numeric, rel=1e-6)
        assert error < 1e-6


def test_a_single_gradient_needs_no_tuple(rng):
    (check,) = check_gradient(cube, cube_backward, rng.standard_normal(5), rng=rng)
    assert check.relative_error < 1e-6


def test_a_value_without_axes_is_an_output_too(rng):
    check_value = check_gradient(
        lambda x: ((x**2).sum(), x), lambda g, x: 2 * g * x, rng.standard_normal(5), rng=rng
    )
    assert check_value[0].relative_error < 1e-6


def test_the_message_has_both_numbers_the_error_and_the_input(rng):
    def half_wrong(grad, cache):
        a, b = cache
        return grad * b, 2 * grad * a

    a = b = np.ones(1)
    with pytest.raises(AssertionError) as failure:
        check_gradient(product, half_wrong, a, b, rng=rng)
    message = str(failure.value)
    assert "input 1 of 2, shape (1,)" in message
    assert "relative error 0.5 > tolerance 1e-06" in message
    said = message.split("gives ")[1].split(",")[0], message.split("give ")[1].split(",")[0]
    assert float(said[0]) == pytest.approx(2 * float(said[1]), rel=1e-6)


def constant_statistics(grad, cache):
    return grad * cache.inv_std, None, None


def no_projection(grad, cache):
    return (grad - grad.mean(0)) * cache.inv_std, None, None


def unbiased(grad, cache):
    return (
        np.sqrt(1 - 1 / cache.moments.count) * batch_norm_backward(grad, cache)[0],
        None,
        None,
    )


@pytest.mark.parametrize("wrong", [constant_statistics, no_projection, unbiased])
def test_known_mistakes_in_batch_norm_fail(wrong, rng):
    x = 3 + 2 * rng.standard_normal((6, 4))
    assert check_gradient(batch_norm, batch_norm_backward, x, None, None, rng=rng)[1:] == [None] * 2
    with pytest.raises(AssertionError, match="input 0 of 3"):
        check_gradient(batch_norm, wrong, x, None, None, rng=rng)


def test_a_forgotten_term_of_one_part_in_ten_thousand_fails(rng):
    with pytest.raises(AssertionError, match="relative error 0.0001"):
        check_gradient(
            cube, lambda g, x: 1.0001 * cube_backward(g, x), rng.standard_normal(5), rng=rng
        )


def test_a_gradient_of_nan_fails(rng):
    with pytest.raises(AssertionError, match="gives nan"):
        check_gradient(cube, lambda g, x: np.nan * x, rng.standard_normal(5), rng=rng)


def test_a_zero_gradient_where_nothing_changes_passes(rng):
    checks = check_gradient(
        batch_norm, batch_norm_backward, rng.standard_normal((1, 3)), None, None, rng=rng
    )
    assert checks[0].analytic == 0


def test_a_zero_gradient_where_something_changes_fails(rng):
    with pytest.raises(AssertionError, match="gives 0, finite"):
        check_gradient(cube, lambda g, x: 0 * x, rng.standard_normal(5), rng=rng)


def test_float32_is_refused_with_advice(rng):
    with pytest.raises(TypeError, match=r"input 1 must be a float64.*float32.*astype\(np.float64"):
        check_gradient(product, product_backward, np.ones(2), np.ones(2, np.float32), rng=rng)


def test_a_number_is_refused(rng):
    with pytest.raises(TypeError, match="input 0 must be a float64 array, got float"):
        check_gradient(cube, cube_backward, 1.0, rng=rng)


def test_a_missing_gradient_is_named(pair, rng):
    with pytest.raises(ValueError, match=r"one gradient for each input.*\[\(4, 3\)\]$"):
        check_gradient(product, lambda g, cache: g * cache[1], *pair, rng=rng)


def test_a_gradient_of_another_shape_is_named(rng):
    with pytest.raises(ValueError, match=r"in its shape \[\(5,\)\], got \[\(5, 1\)\]"):
        check_gradient(cube, lambda g, x: g[:, None], np.ones(5), rng=rng)


def test_a_step_of_zero_is_refused(rng):
    with pytest.raises(ValueError, match="step must be"):
        check_gradient(cube, cube_backward, np.ones(5), rng=rng, step=0)


def test_a_tolerance_of_zero_is_refused(rng):
    with pytest.raises(ValueError, match="tolerance must be.*got 0"):
        check_gradient(cube, cube_backward, np.ones(5), rng=rng, tolerance=0)


def error_of_cube(**options):
    rng = np.random.default_rng(7)
    return check_gradient(cube, cube_backward, np.full(1, 100.0), rng=rng, **options)[0][2]


def test_the_step_is_the_one_asked_for():
    # The central difference of a cube is off by step**2: twice the step, four times the error.
    one, two = (error_of_cube(step=step, tolerance=0.1) for step in (1, 2))
    assert two == pytest.approx(4 * one, rel=1e-2)


def test_the_tolerance_decides_what_passes():
    error = error_of_cube(step=1, tolerance=0.1)
    assert error_of_cube(step=1, tolerance=1.01 * error) == error
    with pytest.raises(AssertionError, match="relative error"):
        error_of_cube(step=1, tolerance=0.99 * error)
