"""Estimates and judgements against closed forms and simulation; errors say what to do."""

import json
import math
from dataclasses import asdict
from itertools import product

import numpy as np
import pytest

from bncourse.statistics import (
    STANDARD_ERRORS,
    WORTHWHILE,
    Estimate,
    Judgement,
    error_ratio,
    estimate,
    every,
    exactly,
    median,
    paired_difference,
    paired_ratio,
    proportion,
    some,
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


def test_a_judgement_is_true_where_the_whole_interval_fits():
    made = Estimate(2.0, 1.0, 3.0, 10)
    assert made.above(0.9) and not made.above(1.0) and not made.above(2.0)
    assert made.below(3.1) and not made.below(3.0)
    assert made.within(0.9, 3.1) and not made.within(1.5, 3.1) and not made.within(0.9, 2.5)
    assert made.outside(0.0, 0.9) and made.outside(3.1, 4.0) and not made.outside(0.0, 1.5)


def test_the_opposite_of_what_cannot_be_told_is_not_true_either():
    made = Estimate(2.0, 1.0, 3.0, 10)
    assert not made.above(1.5) and not ~made.above(1.5)
    assert ~made.above(3.5) and ~made.below(0.5)


def test_distance_is_students_t_of_the_samples():
    standard_error = SAMPLES.std(ddof=1) / math.sqrt(12)
    made = estimate(SAMPLES)
    margin = made.value - 2 * standard_error
    assert made.above(margin).distance == pytest.approx(2)
    assert made.below(margin).distance == pytest.approx(-2)


@pytest.mark.parametrize(("away", "verdict"), [(3.01, True), (2.99, None), (-2.99, None)])
def test_three_standard_errors_decide(away, verdict):
    made = estimate(SAMPLES)
    standard_error = SAMPLES.std(ddof=1) / math.sqrt(12)
    assert made.above(made.value - away * standard_error).verdict is verdict
    assert made.below(made.value + away * standard_error).verdict is verdict
    refuted = None if verdict is None else False
    assert made.below(made.value - away * standard_error).verdict is refuted


def test_a_ratio_is_judged_by_its_logarithm():
    made = Estimate(2.0, 1.0, 4.0, 20, "times")
    quantile = 2.0930240544  # 97.5% of Student's t with 19 degrees of freedom, from a table
    assert made.above(0.5).distance == pytest.approx(2 * quantile)
    assert made.below(8.0).distance == pytest.approx(2 * quantile)


def test_the_end_on_the_side_of_the_margin_decides():
    made = Estimate(1.0, 0.5, 3.0, 10)  # as of a median
    assert made.above(0.0).distance == pytest.approx(2 * T_OF_9)
    assert made.below(5.0).distance == pytest.approx(2 * T_OF_9)
    assert Estimate(0.0, 0.0, 1.0, 10).above(-2.0).distance == pytest.approx(2 * T_OF_9)


@pytest.mark.parametrize(("value", "above", "below"), [(1.0, True, False), (0.5, False, False)])
def test_what_has_no_interval_is_decided_by_its_value(value, above, below):
    fact = Estimate(value, value, value, 10)
    assert (fact.above(0.5).verdict, fact.below(0.5).verdict) == (above, below)
    assert math.isinf(fact.above(0.5).distance)


# 300 repeats at the margin: luck passes on one side in 1 of 100, of which 4 standard errors are 7.
@pytest.mark.parametrize(
    ("make", "draw", "truth"),
    [
        (estimate, lambda rng: rng.normal(5, 3, 10), 5),
        (median, lambda rng: rng.lognormal(0, 2, 10), 1),
        (lambda hits: proportion(hits.sum(), hits.size), lambda rng: rng.random(20) < 0.3, 0.3),
    ],
    ids=["mean", "median", "proportion"],
)
def test_a_truth_at_the_margin_is_seldom_decided(make, draw, truth):
    estimates = [make(draw(np.random.default_rng(seed))) for seed in range(300)]
    verdicts = [made.above(truth).verdict for made in estimates]
    assert verdicts.count(True) < 10
    assert verdicts.count(False) < 10


JUDGEMENTS = {True: exactly(True), None: Judgement(0.5, 0), False: exactly(False)}
ORDER = [False, None, True]  # Kleene (1938): and is the smaller one, or the larger


@pytest.mark.parametrize(("a", "b"), list(product(ORDER, ORDER)))
def test_judgements_combine_as_three_values_do(a, b):
    left, right = JUDGEMENTS[a], JUDGEMENTS[b]
    both, either = left & right, left | right
    assert both.verdict is every([left, right]).verdict is min(a, b, key=ORDER.index)
    assert either.verdict is some([left, right]).verdict is max(a, b, key=ORDER.index)
    assert bool(both) == (bool(left) and bool(right))
    assert (~left).verdict is ORDER[2 - ORDER.index(a)]


@pytest.mark.parametrize("fact", [True, False, np.True_, np.False_])
def test_exact_facts_combine_with_judgements(fact):
    unclear = JUDGEMENTS[None]
    expected = None if fact else False
    assert (fact & unclear).verdict is (unclear & fact).verdict is expected
    assert (fact | unclear).verdict is (unclear | fact).verdict is (True if fact else None)


def test_numbers_are_no_judgements():
    with pytest.raises(TypeError, match="unsupported operand"):
        exactly(True) & 1.5


def test_a_judgement_is_printed_as_its_verdict_and_distance():
    assert str(JUDGEMENTS[None]) == "open (0.5 standard errors beyond its margin)"
    assert (str(exactly(True)), str(exactly(np.False_))) == ("holds", "does not hold")


def test_nothing_to_judge_is_judged_as_python_does():
    assert every([]).verdict is True and some([]).verdict is False


def test_judgements_remember_what_was_compared():
    a, b = Estimate(2.0, 1.0, 3.0, 10), Estimate(5.0, 4.0, 6.0, 10)
    judged = a.within(0, 4) & ~b.above(np.float32(1.5))
    assert judged.margins == ((a, 0.0), (a, 4.0), (b, 1.5))
    assert all(type(margin) is float for _, margin in judged.margins)


def drawn_accuracies(rng, seeds, rate, ratio):
    """Return accuracies on 360 images, of seeds whose difficulty is shared by both arms."""
    difficulty = rng.lognormal(-0.045, 0.3, (1, seeds)) * rng.lognormal(-0.045, 0.3, (2, seeds))
    return 1 - rng.binomial(360, rate * np.array([[ratio], [1]]) * difficulty) / 360


@pytest.mark.parametrize(("seeds", "rate"), [(10, 0.02), (20, 0.02), (20, 0.005)])
def test_ratio_of_errors_is_covered(seeds, rate):
    def draw(rng):
        return drawn_accuracies(rng, seeds, rate, 0.6)

    assert covered(lambda arms: error_ratio(*arms), draw, 0.6) == pytest.approx(0.95, abs=0.03)


def test_ratio_of_errors_is_the_ratio_of_means_and_needs_no_error_in_each_seed():
    a, b = 1 - np.tile([0.0, 0.02], 5), 1 - np.tile([0.05, 0.03], 5)
    made = error_ratio(a, b)
    assert made.value == pytest.approx(0.01 / 0.04)
    assert made.unit == "times"
    assert made.low < made.value < made.high
    swapped = error_ratio(b, a)
    assert (swapped.value, swapped.low) == pytest.approx((1 / made.value, 1 / made.high))


def test_arms_that_fail_alike_have_the_same_errors_exactly():
    arm = 1 - RNG.integers(0, 9, 10) / 360
    made = error_ratio(arm, arm)
    assert (made.value, made.low, made.high) == (1, 1, 1)


def test_the_margin_of_ratios_is_a_fifth_of_the_errors():
    assert pytest.approx(1 / WORTHWHILE) == 0.8
    assert STANDARD_ERRORS == 3


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        (np.linspace(90, 99, 10), "accuracy_b is from 90 to 99: .* no percent"),
        (np.ones(10), "accuracy_b is 1 in all seeds: .* a harder task"),
        (np.full(11, 0.9), "accuracy_a holds 10 seeds and accuracy_b 11"),
    ],
)
def test_what_has_no_ratio_of_errors_is_refused(arm, message):
    with pytest.raises(ValueError, match=message):
        error_ratio(np.linspace(0.8, 0.9, 10), arm)


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
