"""The moments that summed messages stand for, against exact arithmetic."""

from fractions import Fraction

import pytest
import torch

from bncourse.distributed.moments import coarse, message, moments

DATA = {  # mean, std, dtype: relative error of the variance, which is sent in float64
    "ordinary": (3, 2, torch.float32, 1e-7),
    "mean of 1e4 std": (1e4, 1, torch.float32, 1e-7),
    "mean of 1e6 std": (1e6, 1, torch.float32, 1e-7),
    "float64, mean of 1e4 std": (1e4, 1, torch.float64, 2e-12),
    "float64, mean of 100 std": (100, 1, torch.float64, 1e-14),
    "constant": (1e4 / 3, 0, torch.float32, 0),
    "constant in float64": (100 / 3, 0, torch.float64, 1e-17),
}


def of_shard(x):
    """Return the message of a shard (N,) with a mean that is rounded to the dtype of x."""
    mean = x.mean() if len(x) else x.new_zeros(())
    deviation = x - mean
    sums = mean, deviation.sum(), deviation.square().sum()
    return message(len(x), *(each.double().reshape(1) for each in sums))


def exact(x):
    values = [Fraction(value) for value in x.tolist()]
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / len(values)


@pytest.mark.parametrize("sizes", [(300, 300), (1, 599), (0, 7, 93, 500), (600,)], ids=str)
@pytest.mark.parametrize("name", DATA)
def test_moments_are_those_of_two_passes(name, sizes):
    centre, std, dtype, tolerance = DATA[name]
    torch.manual_seed(0)
    x = (centre + std * torch.randn(600, dtype=torch.float64)).to(dtype)
    count, origin, offset, var = moments(sum(of_shard(shard) for shard in x.split(sizes)))
    mean, right = exact(x)
    assert count == 600
    assert abs(Fraction(origin.item()) + Fraction(offset.item()) - mean) <= 1e-8 * max(std, 1e-6)
    assert abs(var.item() - right) <= tolerance * (right or 1)


def test_shards_with_distant_means_lose_nothing():
    torch.manual_seed(0)
    shards = [torch.randn(50).double(), 1e9 + torch.randn(3).double(), -7 * torch.ones(9).double()]
    _, origin, offset, var = moments(sum(of_shard(shard) for shard in shards))
    mean, right = exact(torch.cat(shards))
    assert (origin + offset).item() == pytest.approx(float(mean), rel=1e-14)
    assert var.item() == pytest.approx(float(right), rel=1e-14)


def test_coarse_keeps_twelve_binary_digits():
    x = torch.tensor([1 + 2**-12, 4095.0, -4097.0, 3e-30, 0.0]).double()
    rounded = coarse(x)
    digits, _ = torch.frexp(rounded)
    assert ((digits * 2**12) % 1 == 0).all()
    assert ((rounded - x).abs() <= x.abs() * 2**-12).all()


def test_no_values_have_moments_zero():
    count, *rest = moments(of_shard(torch.ones(0)))
    assert count == 0 and not torch.stack(rest).any()


def test_numbers_that_are_not_finite_are_not_hidden():
    for bad in (float("nan"), float("inf")):
        *_, var = moments(of_shard(torch.tensor([1.0, bad])) + of_shard(torch.ones(3)))
        assert var.isnan().all()
