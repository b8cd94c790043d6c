"""Moments of batches, merged: those of all values at once."""

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from bncourse import scratch
from bncourse.population import Moments


def merged(parts):
    total, *rest = (Moments.of(part) for part in parts)
    for part in rest:
        total = total.merged(part)
    return total


@pytest.mark.parametrize("shape", [(33, 3), (33, 3, 5), (33, 3, 2, 4), (33, 3, 2, 2, 3)], ids=str)
@pytest.mark.parametrize("sizes", [[33], [1, 31, 1], [11, 11, 11], [0, 20, 0, 13]], ids=str)
def test_of_parts_of_any_size_they_are_those_of_the_whole(shape, sizes):
    x = 1000 + torch.randn(shape).cumsum(0)
    found = merged(x.split(sizes))
    axes = [0, *range(2, x.dim())]
    var, mean = torch.var_mean(x.double(), axes, correction=0)
    assert found.count == x.numel() // 3
    assert_close(found.mean, mean, rtol=1e-14, atol=0)
    assert_close(found.var, var, rtol=1e-12, atol=0)
    assert_close(found.unbiased_var, x.double().var(axes), rtol=1e-12, atol=0)


def test_numpy_merges_to_the_same():
    parts = [torch.randn(n, 3, 4, dtype=torch.float64) + n for n in (2, 7, 1)]
    ours = merged(parts)
    theirs = scratch.merge_moments(scratch.moments_of(part.numpy(), (0, 2)) for part in parts)
    assert ours.count == theirs.count
    np.testing.assert_allclose(ours.mean.numpy(), theirs.mean, rtol=1e-14)
    np.testing.assert_allclose(ours.var.numpy(), theirs.var, rtol=1e-14)


def test_merging_does_not_cancel_far_from_zero():
    x = 1e8 + torch.arange(8.0, dtype=torch.float64)[:, None]
    assert_close(
        merged(x.split(1)).var, torch.tensor([5.25], dtype=torch.float64), rtol=1e-6, atol=0
    )


def test_constant_values_have_no_variance():
    assert merged(torch.full((9, 2), 0.1).split(2)).var.tolist() == [0, 0]


def test_sixteen_bits_do_not_overflow():
    x = torch.full((4000, 1), 60000.0, dtype=torch.float16)
    x[::2] = -60000
    found = Moments.of(x)
    assert found.mean.item() == pytest.approx(0, abs=1e-6)
    assert found.var.item() == pytest.approx(60000.0**2)


def test_no_gradient_is_kept():
    x = torch.randn(4, 2, requires_grad=True)
    assert not Moments.of(x).mean.requires_grad


def test_a_single_value_has_no_unbiased_variance():
    with pytest.raises(ValueError, match="divides by count - 1, got count 1.*at least 2 values"):
        _ = Moments.of(torch.ones(1, 3)).unbiased_var
