"""The kernel against the same formula as composite torch operations, for every row of its table."""

import pytest
import torch
from torch.autograd import grad, gradcheck, gradgradcheck

from bncourse.nn.kernel import standardize
from bncourse.nn.pools import sum_to

# PyTorch's own forward mode compiles its formulas with its deprecated compiler.
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")

EPS = 1e-5
ROWS = {  # shape of x, pooled axes, centred, shape of weight and bias
    "batch": ((4, 3, 2, 2), (0, 2, 3), True, (1, 3, 1, 1)),
    "batch of vectors": ((5, 3), (0,), True, (1, 3)),
    "layer": ((3, 2, 4), (1, 2), True, (1, 2, 4)),
    "instance": ((2, 3, 5), (2,), True, (1, 3, 1)),
    "group": ((2, 2, 2, 3), (2, 3), True, (1, 2, 2, 1)),
    "RMS": ((3, 2, 4), (2,), False, (1, 1, 4)),
}


def composite(x, weight, bias, axes, eps, centred=True):
    mean = x.mean(axes, keepdim=True) if centred else 0
    var = ((x - mean) ** 2).mean(axes, keepdim=True)
    return weight * (x - mean) / torch.sqrt(var + eps) + bias


@pytest.fixture(params=ROWS, ids=str)
def case(request, hard):
    shape, axes, centred, affine = ROWS[request.param]
    x = hard(*shape)
    with torch.no_grad():
        x[:, 1] -= 990  # finite differences need a mean that is not too far off
    weight, bias = (torch.randn(affine, dtype=x.dtype, requires_grad=True) for _ in range(2))

    def ours(*inputs):
        return standardize(*inputs, axes, EPS, centred)[0]

    def expected(*inputs):
        return composite(*inputs, axes, EPS, centred)

    return ours, expected, (x, weight, bias)


def test_output_is_the_formula(case):
    ours, expected, inputs = case
    torch.testing.assert_close(ours(*inputs), expected(*inputs))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_each_order_are_those_of_the_formula(case, order):
    ours, expected, inputs = case
    derivatives = []
    for function in (ours, expected):
        value = (function(*inputs) ** 3).sum()
        for _ in range(order):
            value = sum((d**2).sum() for d in grad(value, inputs, create_graph=True))
        derivatives.append(value)
    torch.testing.assert_close(*derivatives)


def test_finite_differences_confirm_reverse_and_forward_mode(case):
    ours, _, inputs = case
    inputs[0].data[:, 0] = torch.randn_like(inputs[0][:, 0])  # smooth enough for a step of 1e-6
    assert gradcheck(ours, inputs, check_forward_ad=True, check_batched_grad=True)


def test_finite_differences_confirm_second_derivatives(case):
    ours, _, inputs = case
    inputs[0].data[:, 0] = torch.randn_like(inputs[0][:, 0])
    assert gradgradcheck(ours, inputs, check_fwd_over_rev=True)


@pytest.mark.parametrize("moment", [1, 2], ids=["mean", "var"])
def test_gradient_flows_through_the_moments(moment):
    x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    one = torch.ones(1, 3, dtype=x.dtype)
    assert gradcheck(
        lambda x: standardize(x, one, one, (0,), EPS)[moment], x, check_forward_ad=True
    )


def test_moments_are_those_of_each_pool(hard):
    x = hard(6, 3, 4)
    one = torch.ones(1, 1, 1, dtype=x.dtype)
    _, mean, var = standardize(x, one, one, (0, 2), EPS)
    expected_var, expected_mean = torch.var_mean(x, (0, 2), correction=0, keepdim=True)
    torch.testing.assert_close((mean, var), (expected_mean, expected_var))


@pytest.mark.parametrize("shape", [(1, 3, 1), (2, 1, 1), (1, 1, 5), (2, 3, 5), (1, 1, 1)], ids=str)
def test_sum_to_is_the_transpose_of_expand(shape):
    x = torch.randn(2, 3, 5, dtype=torch.float64)
    small = torch.randn(shape, dtype=torch.float64)
    assert sum_to(x, shape).shape == shape
    torch.testing.assert_close((small.expand_as(x) * x).sum(), (small * sum_to(x, shape)).sum())


def test_gradient_of_the_normalized_input_is_zero_along_shift_and_scale(hard):
    x = hard(50, 3)
    one = torch.ones(1, 3, dtype=x.dtype)
    y, _, _ = standardize(x, one, 0 * one, (0,), 1e-300)
    (dx,) = grad(y, x, torch.randn_like(y))
    deviation = (x - x.mean(0)).detach()
    scale = (dx.abs() * deviation.abs()).sum(0)
    assert (dx.sum(0).abs() < 1e-9 * dx.abs().sum(0)).all()
    assert ((dx * deviation).sum(0).abs() < 1e-9 * scale).all()
