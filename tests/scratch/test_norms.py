"""The five norms against PyTorch, finite differences and closed forms."""

from functools import partial
from itertools import permutations
from typing import NamedTuple

import numpy as np
import pytest

from bncourse.scratch import (
    batch_norm,
    batch_norm_backward,
    batch_norm_eval,
    batch_norm_eval_backward,
    check_gradient,
    group_norm,
    group_norm_backward,
    instance_norm,
    instance_norm_backward,
    layer_norm,
    layer_norm_backward,
    rms_norm,
    rms_norm_backward,
)

try:
    import torch
except ModuleNotFoundError:  # `make check` has none, and compares with nothing
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")


class Norm(NamedTuple):
    """One norm on one shape: ours, and PyTorch's as a function of tensors."""

    shape: tuple
    affine_shape: tuple
    forward: callable
    backward: callable
    oracle: callable


def torch_batch(x, *affine, eps=1e-5):
    return torch.nn.functional.batch_norm(x, None, None, *affine, training=True, eps=eps)


def torch_instance(x, *affine, eps):
    return torch.nn.functional.instance_norm(x, None, None, *affine, eps=eps)


def group(num_groups):
    return lambda x, *affine, **options: group_norm(x, num_groups, *affine, **options)


def batch_row(*shape):
    return Norm(shape, shape[1:2], batch_norm, batch_norm_backward, torch_batch)


def layer_row(shape, trailing):
    ours = partial(layer_norm, normalized_shape=trailing)
    oracle = lambda x, *a, eps: torch.nn.functional.layer_norm(x, trailing, *a, eps=eps)  # noqa: E731
    return Norm(shape, trailing, ours, layer_norm_backward, oracle)


def instance_row(*shape):
    return Norm(shape, shape[1:2], instance_norm, instance_norm_backward, torch_instance)


def group_row(groups, *shape):
    oracle = lambda x, *a, eps: torch.nn.functional.group_norm(x, groups, *a, eps=eps)  # noqa: E731
    return Norm(shape, shape[1:2], group(groups), group_norm_backward, oracle)


def rms_row(shape, trailing):
    ours = partial(rms_norm, normalized_shape=trailing)
    oracle = lambda x, *a, eps: torch.nn.functional.rms_norm(x, trailing, *a, eps=eps)  # noqa: E731
    return Norm(shape, trailing, ours, rms_norm_backward, oracle)


NORMS = {
    "batch": batch_row(5, 4),
    "batch, two samples": batch_row(2, 3),
    "batch 1d": batch_row(3, 4, 5),
    "batch 2d": batch_row(3, 4, 2, 5),
    "batch 3d": batch_row(2, 3, 2, 3, 2),
    "layer": layer_row((4, 6), (6,)),
    "layer, two axes": layer_row((3, 2, 4, 5), (4, 5)),
    "layer, all axes": layer_row((3, 4), (3, 4)),
    "instance 1d": instance_row(3, 4, 5),
    "instance 2d": instance_row(3, 4, 2, 5),
    "instance 3d": instance_row(2, 3, 2, 3, 2),
    "group": group_row(2, 5, 6),
    "group 2d": group_row(3, 2, 6, 2, 5),
    "group, all in one": group_row(1, 3, 4, 5),
    "rms": rms_row((4, 6), (6,)),
    "rms, two axes": rms_row((3, 2, 4, 5), (4, 5)),
}


@pytest.fixture(params=NORMS, name="norm")
def each_norm(request):
    return NORMS[request.param]


def draw_affine(norm, rng, dtype=np.float64):
    count = 1 if norm.backward is rms_norm_backward else 2
    return [rng.standard_normal(norm.affine_shape).astype(dtype) for _ in range(count)]


def torch_results(norm, arrays, grad, eps=1e-5):
    """Return PyTorch's output and gradients, computed in float64."""
    tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    y = norm.oracle(*tensors, eps=eps)
    y.backward(torch.tensor(grad, dtype=torch.float64))
    return [y.detach().numpy(), *(t.grad.numpy() for t in tensors)]


def our_results(norm, arrays, grad, eps=1e-5):
    y, cache = norm.forward(*arrays, eps=eps)
    return [y, *norm.backward(grad, cache)]


@needs_torch
@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_output_and_gradients_are_those_of_torch_in_float64(eps, norm, hard, rng):
    arrays = [hard(norm.shape), *draw_affine(norm, rng)]
    grad = rng.standard_normal(norm.shape)
    for ours, theirs in zip(
        our_results(norm, arrays, grad, eps), torch_results(norm, arrays, grad, eps), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7, atol=1e-8 * np.abs(theirs).max())


@needs_torch
def test_output_and_gradients_are_those_of_torch_in_float32(norm, rng):
    x = (3 + 2 * rng.standard_normal(norm.shape)).astype(np.float32)
    arrays = [x, *draw_affine(norm, rng, np.float32)]
    grad = rng.standard_normal(norm.shape).astype(np.float32)
    for ours, theirs in zip(
        our_results(norm, arrays, grad), torch_results(norm, arrays, grad), strict=True
    ):
        np.testing.assert_allclose(
            ours, theirs, rtol=1e-5, atol=1e-5 * max(1, np.abs(theirs).max())
        )


def test_backward_passes_the_gradient_check(norm, rng):
    x = 3 + 2 * rng.standard_normal(norm.shape)
    checks = check_gradient(norm.forward, norm.backward, x, *draw_affine(norm, rng), rng=rng)
    assert all(check.relative_error < 1e-6 for check in checks)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_preserved_in_all_results(norm, rng, dtype):
    arrays = [rng.standard_normal(norm.shape).astype(dtype), *draw_affine(norm, rng, dtype)]
    results = our_results(norm, arrays, arrays[0])
    assert {result.dtype for result in results} == {np.dtype(dtype)}


def test_without_gamma_and_beta_it_equals_ones_and_zeros(norm, hard, rng):
    x, grad = hard(norm.shape), rng.standard_normal(norm.shape)
    plain = our_results(norm, [x], grad)
    affine = [np.ones(norm.affine_shape), np.zeros(norm.affine_shape)]
    whole = our_results(norm, [x, *affine[: len(draw_affine(norm, rng))]], grad)
    np.testing.assert_allclose(plain[0], whole[0], rtol=1e-12)
    np.testing.assert_allclose(plain[1], whole[1], rtol=1e-12, atol=1e-9)
    assert all(d is None for d in plain[2:])


def test_gamma_alone_has_a_gradient_and_beta_none(norm, hard, rng):
    gamma = rng.standard_normal(norm.affine_shape)
    y, cache = norm.forward(hard(norm.shape), gamma)
    dgamma, *dbeta = norm.backward(rng.standard_normal(norm.shape), cache)[1:]
    assert dgamma.shape == gamma.shape
    assert dbeta in ([None], [])


def test_non_contiguous_input_gives_the_same_result(norm, hard, rng):
    x, affine = hard(norm.shape), draw_affine(norm, rng)
    strided = np.repeat(x, 2, axis=-1)[..., ::2]
    reordered = np.asfortranarray(x)
    expected, _ = norm.forward(x, *affine)
    for view in (strided, reordered):
        np.testing.assert_allclose(norm.forward(view, *affine)[0], expected, rtol=1e-9, atol=1e-9)


def test_the_input_is_left_as_it_was(norm, hard, rng):
    arrays = [hard(norm.shape), *draw_affine(norm, rng), rng.standard_normal(norm.shape)]
    before = [a.copy() for a in arrays]
    our_results(norm, arrays[:-1], arrays[-1])
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_writing_to_the_output_does_not_change_the_gradient(norm, hard, rng):
    x, grad = hard(norm.shape), rng.standard_normal(norm.shape)
    _, cache = norm.forward(x)
    expected = norm.backward(grad, cache)[0]
    y, cache = norm.forward(x)
    y[:] = 0
    np.testing.assert_array_equal(norm.backward(grad, cache)[0], expected)


def test_writing_to_a_gradient_does_not_change_the_callers(rng):
    x, gamma, beta, grad = rng.standard_normal((4, 5))
    dbeta = layer_norm_backward(grad, layer_norm(x, gamma, beta)[1])[2]
    np.testing.assert_array_equal(dbeta, grad)
    assert not np.shares_memory(dbeta, grad)


def torch_error(x, exact):
    ours = batch_norm(x)[0]
    theirs = torch_batch(torch.tensor(x)).numpy()
    return np.abs(ours - exact).max(), np.abs(theirs - exact).max()


@needs_torch
@pytest.mark.parametrize("shape", [(256, 8), (64, 8, 16, 16)])
def test_float32_with_mean_1e4_and_std_1_is_at_least_as_exact_as_torch(shape, rng):
    x = (1e4 + rng.standard_normal(shape)).astype(np.float32)
    exact = torch_batch(torch.tensor(x, dtype=torch.float64)).numpy()
    ours, theirs = torch_error(x, exact)
    assert ours <= theirs
    assert ours < 2e-6


@needs_torch
def test_float32_gradient_with_mean_1e4_and_std_1_is_exact(rng):
    norm = batch_row(64, 8, 4, 4)
    x = (1e4 + rng.standard_normal(norm.shape)).astype(np.float32)
    arrays = [x, *draw_affine(norm, rng, np.float32)]
    grad = rng.standard_normal(norm.shape).astype(np.float32)
    for ours, exact in zip(
        our_results(norm, arrays, grad), torch_results(norm, arrays, grad), strict=True
    ):
        np.testing.assert_allclose(ours, exact, atol=2e-6 * np.abs(exact).max())


@pytest.mark.parametrize("value", [0.1, 1e4 / 3, -1e6 / 7])
def test_a_constant_channel_gives_beta(value):
    x = np.full((7, 2), value, np.float32)
    y, _ = batch_norm(x, np.array([2, 3], np.float32), np.array([5, -7], np.float32))
    np.testing.assert_allclose(y, np.tile([5, -7], (7, 1)), rtol=1e-5)


def test_two_samples_give_plus_and_minus_one_in_closed_form():
    x = np.array([[1.0, 10.0], [5.0, 4.0]])
    y, cache = batch_norm(x, np.array([3.0, 1.0]), np.array([0.5, 0.0]), eps=0)
    np.testing.assert_allclose(y, [[-2.5, 1.0], [3.5, -1.0]])
    np.testing.assert_allclose(cache.moments.mean, [3, 7])
    np.testing.assert_allclose(cache.moments.var, [4, 9])


def test_rms_norm_in_closed_form():
    y, _ = rms_norm(np.array([[3.0, 4.0]]), np.array([1.0, 2.0]), eps=0)
    np.testing.assert_allclose(y, np.array([[3.0, 8.0]]) / np.sqrt(12.5))


def test_eps_is_added_to_the_variance_inside_the_root():
    y, _ = batch_norm(np.array([[-1.0], [1.0]]), eps=3.0)
    np.testing.assert_allclose(y, [[-0.5], [0.5]])


def test_a_single_value_gives_beta_and_no_gradient(rng):
    x, gamma, beta, grad = (rng.standard_normal((1, 3)).astype(np.float32) for _ in range(4))
    y, cache = batch_norm(x, gamma[0], beta[0])
    dx, dgamma, dbeta = batch_norm_backward(grad, cache)
    np.testing.assert_array_equal(y, beta)
    np.testing.assert_array_equal(dx, 0)
    np.testing.assert_array_equal(dgamma, 0)
    np.testing.assert_array_equal(dbeta, grad[0])


@pytest.mark.parametrize("forward", [layer_norm, rms_norm, group(2), instance_norm])
def test_an_empty_batch_gives_an_empty_result_where_samples_do_not_meet(forward):
    y, _ = forward(np.zeros((0, 4, 3)))
    assert y.shape == (0, 4, 3)


def test_an_empty_batch_has_no_mean():
    with pytest.raises(ValueError, match=r"x has shape \(0, 3\).*pools no element"):
        batch_norm(np.zeros((0, 3)))


X = np.ones((4, 6, 2))
C = np.ones(6)
WRONG = {
    "list": (lambda: batch_norm([[1.0, 2.0]]), TypeError, "x must be a NumPy array, got list"),
    "float16": (lambda: batch_norm(X.astype(np.float16)), TypeError, r"float16.*x\.astype"),
    "integers": (lambda: layer_norm(X.astype(int)), TypeError, r"x must be float32.*got int64"),
    "one axis": (lambda: batch_norm(C), ValueError, r"x must have at least 2 axes.*\(6,\)"),
    "no position": (lambda: instance_norm(X[..., 0]), ValueError, r"at least 3 axes.*\(4, 6\)"),
    "gamma length": (
        lambda: batch_norm(X, np.ones(2)),
        ValueError,
        r"gamma must have shape \(6,\), got \(2,\)",
    ),
    "gamma column": (lambda: group_norm(X, 2, np.ones((6, 1))), ValueError, r"gamma.*\(6, 1\)"),
    "gamma scalar": (lambda: instance_norm(X, 2.0), TypeError, "gamma must be a NumPy array"),
    "beta dtype": (
        lambda: batch_norm(X, C, C.astype(np.float32)),
        TypeError,
        r"beta must have dtype float64, got float32.*beta\.astype\(np\.float64\)",
    ),
    "layer gamma": (lambda: layer_norm(X, np.ones(6)), ValueError, r"gamma.*\(2,\), got \(6,\)"),
    "negative eps": (lambda: batch_norm(X, eps=-1e-5), ValueError, r"eps must be.*-1e-05"),
    "nan eps": (lambda: batch_norm(X, eps=np.nan), ValueError, "eps must be.*nan"),
    "eps text": (lambda: batch_norm(X, eps="small"), TypeError, "eps must be a number.*'small'"),
    "eps 0, var 0": (lambda: batch_norm(X, eps=0), ValueError, "eps is 0 and.*larger eps"),
    "groups": (lambda: group_norm(X, 4), ValueError, "4 groups for 6 channels"),
    "no groups": (lambda: group_norm(X, 0), ValueError, "num_groups must be at least 1, got 0"),
    "half groups": (lambda: group_norm(X, 2.0), TypeError, "num_groups must be an integer.*2.0"),
    "normalized_shape": (
        lambda: layer_norm(X, normalized_shape=(6,)),
        ValueError,
        r"normalized_shape.*\(6,\) for x of shape \(4, 6, 2\)",
    ),
    "no normalized_shape": (
        lambda: rms_norm(X, normalized_shape=()),
        ValueError,
        r"normalized_shape.*\(\)",
    ),
    "long normalized_shape": (
        lambda: rms_norm(X, normalized_shape=(1, 4, 6, 2)),
        ValueError,
        "normalized_shape",
    ),
    "normalized_shape number": (
        lambda: layer_norm(X, normalized_shape=2),
        TypeError,
        r"normalized_shape must be a tuple.*got 2",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named_with_its_value(name):
    call, error, message = WRONG[name]
    with pytest.raises(error, match=message):
        call()


def test_a_gradient_of_another_shape_is_refused(norm, hard):
    _, cache = norm.forward(hard(norm.shape))
    with pytest.raises(ValueError, match=r"grad must have shape"):
        norm.backward(np.ones((*norm.shape[:-1], 1)), cache)


def test_a_gradient_of_another_dtype_is_refused(norm, hard):
    _, cache = norm.forward(hard(norm.shape))
    with pytest.raises(TypeError, match="grad must have dtype float64, got float32"):
        norm.backward(np.ones(norm.shape, np.float32), cache)


PAIRS = {
    "batch_norm": (batch_norm, batch_norm_backward),
    "layer_norm": (layer_norm, layer_norm_backward),
    "instance_norm": (instance_norm, instance_norm_backward),
    "group_norm": (group(2), group_norm_backward),
    "rms_norm": (rms_norm, rms_norm_backward),
    "batch_norm_eval": (
        lambda x: batch_norm_eval(x, np.zeros(6), np.ones(6)),
        batch_norm_eval_backward,
    ),
}


@pytest.mark.parametrize(("needed", "given"), list(permutations(PAIRS, 2)))
def test_the_cache_of_another_norm_is_refused(needed, given, hard):
    x = hard((4, 6, 2))
    _, cache = PAIRS[given][0](x)
    with pytest.raises(
        TypeError, match=f"cache must be the one that {needed} .*got that of {given}:"
    ):
        PAIRS[needed][1](x, cache)
