"""Estimates against closed forms and simulation; errors say what to do."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from bncourse.statistics import (
    Estimate,
    estimate,
    median,
    paired_difference,
    paired_ratio,
    proportion,
)

RNG = np.random.default_rng(0)
SAMPLES = RNG.gamma(2, 3, 12) - 20  # skewed, not centred
T_OF_9 = 2.2621571628  # 97.5% quantile of Student's t with 9 degrees of freedom, from a table


def covered(make, draw, truth, repeats=400):
    """Return how often the interval of ``make`` holds the truth."""
    estimates = [make(draw(np.random.default_rng(seed))) for seed in range(repeats)]
    return np.mean([e.low <= truth <= e.high for e in estimates])


def test_mean_has_the_t_interval_of_a_table():
    samples = np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3])
    half = T_OF_9 * np.sqrt(((samples - 3.9) ** 2).sum() / 9 / 10)
    made = estimate(samples, "s")
    assert (made.value, made.low, made.high) == pytest.approx((3.9, 3.9 - half, 3.9 + half))
    assert (made.seeds, made.unit, made.confidence) == (10, "s", 0.95)


def test_median_interval_is_second_to_ninth_of_ten():
    made = median(10.0 ** np.arange(10)[::-1])
    assert (made.low, made.high) == (10, 1e8)
    assert made.value == (1e4 + 1e5) / 2


# 400 repeats: two standard errors at 0.95 are 0.02.
@pytest.mark.parametrize("seeds", [10, 20])
def test_mean_of_normal_samples_is_covered(seeds):
    assert covered(estimate, lambda rng: rng.normal(5, 3, seeds), 5) == pytest.approx(
        0.95, abs=0.03
    )


@pytest.mark.parametrize("seeds", [10, 20])
def test_median_of_skewed_samples_is_covered(seeds):
    assert covered(median, lambda rng: rng.lognormal(0, 2, seeds), 1) > 0.93


def test_ratio_of_log_normal_samples_is_covered():
    def ratio(pairs):
        return paired_ratio(*pairs)

    def draw(rng):
        b = rng.lognormal(3, 2, 10)
        return b * rng.lognormal(np.log(4), 1, 10), b

    assert covered(ratio, draw, 4) == pytest.approx(0.95, abs=0.03)


def test_pairing_removes_what_a_seed_does_to_both_arms():
    seed_effect = RNG.normal(0, 100, 12)
    made = paired_difference(seed_effect + SAMPLES, seed_effect, "points")
    assert made.value == pytest.approx(SAMPLES.mean())
    assert (made.low, made.high) == pytest.approx((estimate(SAMPLES).low, estimate(SAMPLES).high))


def test_ratio_is_the_geometric_mean():
    b = RNG.lognormal(0, 1, 10)
    made = paired_ratio(b * np.tile([2.0, 8.0], 5), b)
    assert made.value == pytest.approx(4)
    assert made.unit == "times"


def test_swapping_the_arms_inverts_the_ratio():
    a, b = RNG.lognormal(0, 1, (2, 15))
    there, back = paired_ratio(a, b), paired_ratio(b, a)
    assert (there.value, there.low) == pytest.approx((1 / back.value, 1 / back.high))


def test_proportion_has_wilsons_interval():
    z, p, n = 1.959963985, 0.3, 20  # Wilson (1927)
    centre, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    made = proportion(np.int64(6), np.int64(20))
    expected = np.array([centre - half, centre + half]) / (1 + z**2 / n)
    assert (made.low, made.high) == pytest.approx(tuple(expected))
    assert made.value == 0.3


@pytest.mark.parametrize("make", [estimate, median])
def test_equal_samples_give_an_interval_of_no_width(make):
    made = make(np.full(10, 0.1))
    assert (made.value, made.low, made.high) == (0.1, 0.1, 0.1)


def test_estimates_are_plain_data():
    assert json.loads(json.dumps(asdict(estimate(np.arange(12, dtype=np.float32)))))["seeds"] == 12


class Labelled:
    """What numpy needs of a labelled array."""

    def __array__(self, dtype=None, copy=None):
        return SAMPLES


def test_labelled_arrays_are_accepted():
    assert estimate(Labelled()) == estimate(SAMPLES)


def test_unsigned_arms_do_not_wrap_around():
    a, b = np.full((2, 10), 3, np.uint8) + np.array([[0], [1]], np.uint8)
    assert paired_difference(a, b).value == -1


def test_above_below_and_within_ask_for_the_whole_interval():
    made = Estimate(2.0, 1.0, 3.0, 10)
    assert (made.above(0.9), made.above(1.0), made.above(2.0)) == (True, False, False)
    assert (made.below(3.1), made.below(3.0)) == (True, False)
    assert (made.within(0.9, 3.1), made.within(1.5, 3.1), made.within(0.9, 2.5)) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((1.6234, 1.4789, 1.7702), "1.62 decades (95% interval 1.48 to 1.77, 10 seeds)"),
        ((-452.7, -577.0, -328.0), "−450 decades (95% interval −580 to −330, 10 seeds)"),
        ((50.1, 3.2, 912.3), "50 decades (95% interval 3 to 912, 10 seeds)"),
        ((0.0, 0.0, 0.2775), "0.00 decades (95% interval 0.00 to 0.28, 10 seeds)"),
        ((-0.001, -0.3, 0.3), "0.00 decades (95% interval −0.30 to 0.30, 10 seeds)"),
        ((0.5, 0.5, 0.5), "0.5 decades (95% interval 0.5 to 0.5, 10 seeds)"),
        (
            (6.85e-17, 5.90e-17, 7.97e-17),
            "6.85 × 10⁻¹⁷ decades (95% interval 5.90 × 10⁻¹⁷ to 7.97 × 10⁻¹⁷, 10 seeds)",
        ),
    ],
)
def test_as_many_digits_are_shown_as_the_interval_leaves_meaning_in(numbers, text):
    assert str(Estimate(*numbers, 10, "decades")) == text


def test_without_a_unit_no_space_is_left():
    assert str(Estimate(1.5, 1.0, 2.0, 10)).startswith("1.50 (95%")


@pytest.mark.parametrize("make", [estimate, median, lambda s: paired_difference(s, s)])
def test_fewer_than_ten_seeds_are_refused(make):
    with pytest.raises(ValueError, match=r"9 seeds; the course reports no result with fewer"):
        make(SAMPLES[:9])


def test_fewer_than_ten_trials_are_refused():
    with pytest.raises(ValueError, match=r"trials: 9 seeds"):
        proportion(3, 9)


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_diverged_run_must_be_given_a_value(lost):
    with pytest.raises(ValueError, match=r"1 of 13 seeds not finite.*accuracy, which is chance"):
        estimate(np.append(SAMPLES, lost))


def test_arms_of_different_length_are_refused():
    with pytest.raises(ValueError, match=r"a holds 12 seeds and b 11"):
        paired_difference(SAMPLES, SAMPLES[1:])


def test_a_table_is_refused():
    with pytest.raises(ValueError, match=r"one dimension, the seeds, got shape \(2, 12\)"):
        estimate(np.stack([SAMPLES, SAMPLES]))


def test_booleans_are_sent_to_proportion():
    with pytest.raises(TypeError, match=r"use proportion\(successes, trials\)"):
        estimate(SAMPLES > -15)


def test_a_ratio_of_what_is_not_positive_is_refused():
    with pytest.raises(ValueError, match=r"b holds -2.*take paired_difference"):
        paired_ratio(np.ones(10), np.full(10, -2.0))


def test_more_successes_than_trials_are_refused():
    with pytest.raises(ValueError, match=r"from 0 to trials = 10, got 11"):
        proportion(11, 10)
