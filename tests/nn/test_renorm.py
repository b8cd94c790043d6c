"""Batch renorm: between batch norm and what evaluation computes, with constants r and d."""

import copy
import math
import os

import pytest
import torch

from bncourse.nn import BatchNorm1d, BatchNorm2d, BatchNorm3d, BatchRenorm

LAYERS = {(9, 4): BatchNorm1d, (9, 4, 5): BatchNorm1d, (9, 4, 3, 2): BatchNorm2d}
LAYERS |= {(9, 4, 2, 3, 2): BatchNorm3d}


@pytest.fixture
def make():
    """Return a maker of a batch renorm whose numbers are not those of the start."""

    def make(r_max=3.0, d_max=5.0, **options):
        layer = BatchRenorm(4, r_max, d_max, **{"dtype": torch.float64} | options)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.normal_()
            layer.running_mean.copy_(torch.tensor([1.0, 1000.0, 2.0, 9.0]))
            layer.running_var.copy_(torch.tensor([1e-5, 3.0, 5.0, 0.5]))
        return layer

    return make


def plain(layer, shape):
    """Return the batch norm with the same numbers."""
    norm = LAYERS[shape](4, eps=layer.eps, momentum=layer.momentum, affine=layer.affine).double()
    norm.load_state_dict(layer.state_dict())
    return norm.train(layer.training)


@pytest.mark.parametrize("momentum", [0.01, 0.5, None])
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("shape", LAYERS, ids=str)
def test_with_the_tightest_limits_it_is_batch_norm(
    shape, affine, momentum, make, hard, assert_same
):
    layer = make(1, 0, affine=affine, momentum=momentum)
    assert_same(layer, plain(layer, shape), hard(*shape))


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("shape", LAYERS, ids=str)
def test_without_limits_it_computes_what_evaluation_does(shape, affine, make, hard):
    layer, x = make(math.inf, math.inf, affine=affine), hard(*shape)
    expected = plain(layer, shape).eval()(x)
    torch.testing.assert_close(layer(x), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("limits", [(1, 0), (1.5, 0.5), (3, 5), (math.inf, math.inf)], ids=str)
def test_the_statistics_move_as_those_of_batch_norm(limits, make, hard):
    layer = make(*limits, momentum=0.3)
    norm = plain(layer, (9, 4))
    for _ in range(3):
        x = hard(9, 4)
        layer(x), norm(x)
    torch.testing.assert_close(layer.state_dict(), norm.state_dict())
    torch.testing.assert_close(layer.eval()(x), norm.eval()(x))


def corrections(layer, x):
    """Return r and d by their definition."""
    std = (x.var(0, correction=0) + layer.eps).sqrt()
    running = (layer.running_var + layer.eps).sqrt()
    r = (std / running).clamp(1 / layer.r_max, layer.r_max)
    d = ((x.mean(0) - layer.running_mean) / running).clamp(-layer.d_max, layer.d_max)
    return r.detach(), d.detach()


def by_definition(layer, x, r, d):
    """Return y for given r and d."""
    x_hat = (x - x.mean(0)) / (x.var(0, correction=0) + layer.eps).sqrt()
    return (x_hat * r + d) * layer.weight + layer.bias


LIMITS = [(1.2, 0.3), (2.0, 1.0), (100.0, 50.0)]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_it_is_what_it_is_defined_to_be(limits, make, hard):
    layer, x = make(*limits), hard(9, 4)
    expected = by_definition(layer, x, *corrections(layer, x))
    torch.testing.assert_close(layer(x), expected)


def test_each_limit_is_reached_from_both_sides(make):
    layer = make(2.0, 1.0)
    x = torch.randn(50, 4, dtype=torch.float64)
    x = (x - x.mean(0)) / x.std(0, correction=0) * torch.tensor([1.0, 0.1, 9.0, 1.0])
    x += torch.tensor([9.0, 998.0, 3.0, 9.0])
    r, d = corrections(layer, x)
    assert r.tolist()[:3] == [2, 0.5, 2] and 1 < r[3] < 2
    assert d.tolist()[:2] == [1, -1] and 0 < d[2] < 1
    torch.testing.assert_close(layer(x), by_definition(layer, x, r, d))


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_finite_differences_with_constant_corrections_confirm_the_gradient(limits, make, hard):
    layer, x = make(*limits), hard(9, 4)
    r, d = corrections(layer, x)
    weights = torch.randn(9, 4, dtype=torch.float64)
    inputs = [x, *layer.parameters()]
    found = torch.autograd.grad((layer(x) * weights).sum(), inputs)
    for tensor, gradient in zip(inputs, found, strict=True):
        # The first channel has a variance near eps: its step must be small beside that.
        direction = torch.randn_like(tensor) * (1e-3 if tensor is x else 1)
        step, values = 1e-4, []
        with torch.no_grad():
            for sign in (1, -1):
                tensor += sign * step * direction
                values.append((by_definition(layer, x, r, d) * weights).sum())
                tensor -= sign * step * direction
        slope = (values[0] - values[1]) / (2 * step)
        torch.testing.assert_close((gradient * direction).sum(), slope, rtol=1e-5, atol=1e-6)


def test_a_gradient_through_the_corrections_would_be_another(make, hard):
    layer, x = make(100.0, 50.0), hard(9, 4)
    weights = torch.linspace(-1, 2, 36, dtype=torch.float64).view(9, 4)
    (found,) = torch.autograd.grad((layer(x) * weights).sum(), x)
    layer = make(100.0, 50.0).eval()
    (through,) = torch.autograd.grad((layer(x) * weights).sum(), x)
    assert (found - through).abs().max() > 0.1 * through.abs().max()


def test_keras_computes_the_same(make):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    layer = make(1.5, 0.5, dtype=torch.float32, eps=1e-3, momentum=0.1)
    clipping = {"rmax": 1.5, "rmin": 1 / 1.5, "dmax": 0.5}
    theirs = keras.layers.BatchNormalization(renorm=True, renorm_clipping=clipping)
    theirs.build((None, 4))
    with torch.no_grad():
        layer.running_mean[1] = 8.0
        theirs.gamma.assign(layer.weight)
        theirs.beta.assign(layer.bias)
        theirs.renorm_mean.assign(layer.running_mean)
        theirs.renorm_stddev.assign((layer.running_var + layer.eps).sqrt())
    x = (5 + 3 * torch.randn(16, 4)).requires_grad_()
    weights = torch.linspace(-1, 2, 64).view(16, 4)
    results = []
    for y in (layer(x), theirs(x, training=True)):
        results.append([y, *torch.autograd.grad((y * weights).sum(), x)])
    torch.testing.assert_close(*results, rtol=1e-4, atol=1e-4)


def test_limits_can_be_moved_while_training(make, hard):
    layer, x = make(1, 0), hard(9, 4)
    start = copy.deepcopy(layer)
    layer.r_max, layer.d_max = 1.5, 0.5
    expected = by_definition(start, x, *corrections(layer, x))
    assert not torch.allclose(start(x), expected)
    torch.testing.assert_close(layer(x), expected)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_sixteen_bits_are_computed_in_thirty_two(dtype, make):
    layer = make(1.5, 0.5, dtype=torch.float32)
    layer.running_mean[1] = 4.0
    x = (3 + 2 * torch.randn(9, 4)).to(dtype)
    exact = copy.deepcopy(layer)(x.float())
    y = layer(x)
    assert y.dtype == dtype
    torch.testing.assert_close(y, exact.to(dtype), rtol=torch.finfo(dtype).eps, atol=0)


def test_an_empty_batch_leaves_everything_as_it_was(make):
    layer = make()
    before = copy.deepcopy(layer.state_dict())
    assert layer(torch.ones(0, 4, dtype=torch.float64)).shape == (0, 4)
    before["num_batches_tracked"] += 1  # as in batch norm
    torch.testing.assert_close(layer.state_dict(), before, rtol=0, atol=0)


REFUSED = [
    (lambda: BatchRenorm(4, 0.5), "r_max must be at least 1, got 0.5.*r_max=1 and d_max=0"),
    (lambda: BatchRenorm(4, 3, -1), "d_max must be at least 0, got -1"),
    (lambda: BatchRenorm(4, math.nan), "r_max must be at least 1, got nan"),
    (lambda: BatchRenorm(4, "3"), "r_max must be a real number, got '3'"),
    (lambda: BatchRenorm(4)(torch.ones(3, 5)), "should contain 5 elements.*not 4"),
    (lambda: BatchRenorm(4)(torch.ones(1, 4)), "more than 1 value per channel"),
    (lambda: BatchRenorm(4)(torch.ones(3)), "expected 2D or 3D or 4D or 5D input"),
    (lambda: BatchRenorm(4)(torch.ones(3, 4).double()), "float64, but running_mean .*float32"),
    (lambda: BatchRenorm(4)(torch.ones(3, 4).long()), "input must be floating point"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


def test_the_state_of_batch_norm_fits_and_the_arguments_are_shown():
    layer = BatchRenorm(4, 2.0)
    layer.load_state_dict(torch.nn.BatchNorm1d(4).state_dict())
    shown = "BatchRenorm(4, r_max=2.0, d_max=5.0, eps=1e-05, momentum=0.01, affine=True, bias=True)"
    assert repr(layer) == shown
