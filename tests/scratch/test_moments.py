"""Moments in two passes, and the moments of shards merged."""

import numpy as np
import pytest

from bncourse.scratch import Moments, merge_moments, moments_of


def shards_of(x, sizes):
    return [moments_of(part, 0) for part in np.split(x, np.cumsum(sizes)[:-1])]


@pytest.mark.parametrize("sizes", [[10], [1, 9], [3, 3, 4], [1] * 10, [7, 1, 2]])
def test_merged_shards_are_the_whole_batch(sizes, hard):
    x = hard((10, 4))
    merged = merge_moments(shards_of(x, sizes))
    assert merged.count == 10
    np.testing.assert_allclose(merged.mean, x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(merged.var, x.var(0), rtol=1e-9)


def test_shards_far_apart_merge_without_cancellation(rng):
    x = 1e4 + rng.standard_normal((999, 3)).astype(np.float32)
    x[:300] += np.float32(5)
    merged = merge_moments(shards_of(x, [300, 650, 49]))
    exact = x.astype(np.float64)
    # A float32 mean near 1e4 is known to 5e-4; E[x**2] - E[x]**2 would be off by more than 1.
    np.testing.assert_allclose(merged.var, exact.var(0), rtol=5e-4)
    np.testing.assert_allclose(merged.mean, exact.mean(0), rtol=1e-7)
    assert merged.mean.dtype == merged.var.dtype == np.float32


def test_the_mean_of_many_float32_shards_is_known_to_its_last_digit(rng):
    x = (1e4 + rng.standard_normal((4096, 3))).astype(np.float32)
    merged = merge_moments(shards_of(x, [8] * 512))
    exact = x.astype(np.float64).mean(0)
    np.testing.assert_array_less(abs(merged.mean - exact), np.spacing(np.float32(1e4)))


def test_the_order_of_the_shards_does_not_matter(hard):
    shards = shards_of(hard((10, 4)), [2, 3, 5])
    for ours, other in zip(merge_moments(shards), merge_moments(shards[::-1]), strict=True):
        np.testing.assert_allclose(ours, other, rtol=1e-12)


def test_merging_in_steps_equals_merging_at_once(hard):
    a, b, c = shards_of(hard((10, 4)), [2, 3, 5])
    for ours, other in zip(
        merge_moments([merge_moments([a, b]), c]), merge_moments([a, b, c]), strict=True
    ):
        np.testing.assert_allclose(ours, other, rtol=1e-12)


def test_float32_variance_survives_a_large_mean(rng):
    x = (1e4 + rng.standard_normal((5000, 2))).astype(np.float32)
    exact = x.astype(np.float64)
    np.testing.assert_allclose(moments_of(x, 0).var, exact.var(0), rtol=1e-5)
    np.testing.assert_allclose(moments_of(x, 0).mean, exact.mean(0), rtol=6e-8)


@pytest.mark.parametrize("shape", [(10**6, 3), (10**6,)])
def test_a_million_rows_keep_their_digits_in_float32(shape, rng):
    x = 3 + rng.standard_normal(shape, np.float32)
    mean, var = x.mean(0, dtype=np.float64), x.var(0, dtype=np.float64)
    np.testing.assert_allclose(moments_of(x, 0).mean, mean, rtol=1e-7)
    np.testing.assert_allclose(moments_of(x, 0).var, var, rtol=1e-5)


def test_the_unbiased_variance_divides_by_count_minus_one(hard):
    x = hard((5, 3))
    np.testing.assert_allclose(moments_of(x, 0).unbiased_var, x.var(0, ddof=1), rtol=1e-9)


def test_the_unbiased_variance_of_one_value_is_refused():
    with pytest.raises(ValueError, match="count - 1, got count 1.*at least 2 values"):
        _ = moments_of(np.ones((1, 3)), 0).unbiased_var


@pytest.mark.parametrize(
    ("shards", "message"),
    [
        ([], "shards is empty"),
        ([Moments(2, np.ones(3), np.ones(3)), Moments(2, np.ones(1), np.ones(1))], r"shards\[1\]"),
        ([Moments(0, np.ones(3), np.ones(3))], r"shards\[0\] has count 0"),
    ],
)
def test_shards_that_do_not_merge_are_named(shards, message):
    with pytest.raises(ValueError, match=message):
        merge_moments(shards)
