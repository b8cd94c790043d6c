"""Estimates with intervals, and judgements on them: what ten or more seeds say, and how surely.

One number a seed goes in, an `Estimate` comes out. The interval of a mean is Student's t interval.
It was chosen by simulation: how often does a nominal 95% interval hold the true mean? (4000 samples
each; a bootstrap draws 999 resamples. "Two kinds": a fifth of the seeds near 0.5, the rest near
0.95, as when some runs fail.)

==================  ====  ==========  =====  ====  ===========
samples             t     percentile  basic  BCa   bootstrap-t
==================  ====  ==========  =====  ====  ===========
10, normal          0.95  0.90        0.90   0.90  0.95
10, exponential     0.89  0.86        0.83   0.87  0.94
10, log-normal      0.84  0.80        0.77   0.83  0.91
10, two kinds       0.89  0.88        0.83   0.88  0.90
20, normal          0.95  0.93        0.93   0.93  0.95
20, exponential     0.93  0.91        0.90   0.92  0.95
20, log-normal      0.86  0.85        0.82   0.87  0.91
20, two kinds       0.92  0.92        0.88   0.97  0.98
==================  ====  ==========  =====  ====  ===========

Plain bootstraps are too narrow at ten seeds. The bootstrap-t does better on skewed samples, but
with two kinds of seeds its interval at ten seeds is typically six times as wide, and it has no
bound when a resample holds one kind only. So: take the logarithm of what is skewed
(`paired_ratio` does), or ask for the `median`, whose interval holds for any distribution.

An estimate is judged against a *margin*, in standard errors: 3 beyond it decide, fewer leave the
question open. A standard error is the distance from the value to the end of its interval on the
side of the margin, over the quantile of Student's t that makes an interval of it; for ratios, of
logarithms. Taking the side of the margin is what makes this hold for medians and proportions,
whose intervals are longer on one side. How often does luck pass 3 standard errors on the wrong
side, where the truth lies exactly at the margin? (20,000 samples each; exact for proportions, at
the worst of all margins from 0.02 to 0.98.)

================================  ========  ========
estimate                          10 seeds  20 seeds
================================  ========  ========
mean, normal                      0.007     0.004
median, normal                    0.004     0.006
median, exponential               0.005     0.006
median, log-normal                0.007     0.009
median, with the mean half width  0.013     0.018
proportion, worst margin          0.010     0.005
================================  ========  ========
"""

from bncourse.extras import lacking

if error := lacking("bncourse.statistics", "scipy", extra="statistics"):
    raise error

import math
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

CONFIDENCE = 0.95
TIMES = "times"  # the unit of a ratio
FEWEST_SEEDS = 10
STANDARD_ERRORS = 3  # beyond a margin, or a verdict reads open
# Accuracies are judged by the ratio of errors, for near the ceiling a point may be a quarter of
# all errors. A difference is worth while if it takes away a fifth of them, or adds a quarter:
# above(WORTHWHILE), below(1 / WORTHWHILE). Other ratios have the same margin, unless a card says
# why not.
WORTHWHILE = 1.25
SENTENCE = "{value} ({confidence:.0%} interval {low} to {high}, {seeds} seeds)"
WORDS = {True: "holds", False: "does not hold", None: "open"}
BEYOND = "{verdict} ({distance:.1f} standard errors beyond its margin)"
SUPERSCRIPTS = str.maketrans("\N{MINUS SIGN}0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Estimate:
    """A number, the interval that it comes with, and the number of seeds that it rests on.

    Attributes
    ----------
    value, low, high : float
        the estimate and the ends of its interval, in ``unit``
    seeds : int
        how many seeds were run
    unit : str
        what follows the number in a sentence, or nothing
    confidence : float
        how often such an interval is meant to hold the true value
    """

    value: float
    low: float
    high: float
    seeds: int
    unit: str = ""
    confidence: float = CONFIDENCE

    def above(self, x: float) -> "Judgement":
        """Judge whether the true value is above ``x``."""
        return self._judged(x, 1, self.low > x, self.high <= x)

    def below(self, x: float) -> "Judgement":
        """Judge whether the true value is below ``x``."""
        return self._judged(x, -1, self.high < x, self.low >= x)

    def within(self, low: float, high: float) -> "Judgement":
        """Judge whether the true value is between ``low`` and ``high``."""
        return self.above(low) & self.below(high)

    def outside(self, low: float, high: float) -> "Judgement":
        """Judge whether the true value is below ``low`` or above ``high``."""
        return self.below(low) | self.above(high)

    def _judged(self, x, side, fits, contradicts):
        if self.low == self.high:
            distance = math.inf if fits else -math.inf
        else:
            distance = side * self._beyond(x)
        return Judgement(distance, int(fits) - int(contradicts), ((self, float(x)),))

    def _beyond(self, x):
        """Return how many standard errors the value is above ``x``."""
        value = self.value
        ends = (self.low, self.high) if value > x else (self.high, self.low)
        end = next(end for end in ends if end != value)  # the margin's side, where it has a width
        if self.unit == TIMES and min(x, self.low) > 0:
            value, end, x = math.log(value), math.log(end), math.log(x)
        quantile = stats.t.ppf((1 + self.confidence) / 2, self.seeds - 1)
        return float((value - x) / abs(end - value) * quantile)

    def __str__(self):
        """Return a phrase with as many digits as the interval leaves meaning in."""
        value, low, high = _rounded(self.value, self.low, self.high)
        return SENTENCE.format(
            value=f"{value} {self.unit}".rstrip(),
            low=low,
            high=high,
            seeds=self.seeds,
            confidence=self.confidence,
        )


@dataclass(frozen=True)
class Judgement:
    """What an estimate says about a statement: yes, no, or that it cannot tell.

    It is true where the whole interval fits the statement. `verdict` asks for more. Combine
    judgements with ``&``, ``|`` and ``~``, which keep an open question open (Kleene's logic of
    three values); ``and``, ``or`` and ``not`` know only two.

    Attributes
    ----------
    distance : float
        by how many standard errors the statement is true, below 0 where it is false; infinite for
        an exact fact. Of several margins it is the distance from the one that decides.
    whole : int
        1 where the whole interval fits the statement, -1 where the whole interval contradicts it,
        0 where it does both
    margins : tuple of (Estimate, float)
        each estimate that was judged, with a number that it was compared with
    """

    __array_ufunc__ = None  # a boolean of NumPy leaves `&` and `|` to this class

    distance: float
    whole: int
    margins: tuple[tuple[Estimate, float], ...] = ()

    @property
    def verdict(self) -> bool | None:
        """True or False where 3 standard errors decide, and None where the question is open."""
        if abs(self.distance) < STANDARD_ERRORS:
            return None
        return self.distance > 0

    def __str__(self):
        """Return the verdict in words, with the distance if there is one."""
        if math.isinf(self.distance):
            return WORDS[self.verdict]
        return BEYOND.format(verdict=WORDS[self.verdict], distance=self.distance)

    def __bool__(self):
        """Return whether the whole interval fits the statement."""
        return self.whole > 0

    def __and__(self, other: "Judgement | bool | np.bool_") -> "Judgement":
        """Judge whether both statements are true."""
        return self._with(other, min)

    def __or__(self, other: "Judgement | bool | np.bool_") -> "Judgement":
        """Judge whether at least one of the statements is true."""
        return self._with(other, max)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> "Judgement":
        """Judge whether the statement is false."""
        return Judgement(-self.distance, -self.whole, self.margins)

    def _with(self, other, choose):
        if isinstance(other, bool | np.bool_):
            other = exactly(other)
        if not isinstance(other, Judgement):
            return NotImplemented
        return Judgement(
            choose(self.distance, other.distance),
            choose(self.whole, other.whole),
            self.margins + other.margins,
        )


def exactly(fact: bool | np.bool_) -> Judgement:
    """Return the judgement on an exact fact, which no seed can change."""
    return Judgement(math.inf, 1) if fact else Judgement(-math.inf, -1)


def every(judgements: Iterable[Judgement | bool | np.bool_]) -> Judgement:
    """Judge whether all statements are true: ``&`` between all of them."""
    return reduce(operator.and_, judgements, exactly(True))


def some(judgements: Iterable[Judgement | bool | np.bool_]) -> Judgement:
    """Judge whether at least one statement is true: ``|`` between all of them."""
    return reduce(operator.or_, judgements, exactly(False))


def estimate(samples: ArrayLike, unit: str = "") -> Estimate:
    """Return the mean over seeds with Student's t interval.

    Parameters
    ----------
    samples : array_like, (S,)
        one number a seed, in ``unit``
    unit : str
        the unit, as it follows a number in a sentence

    Returns
    -------
    Estimate
        If all samples are equal, so are the ends of the interval.

    Raises
    ------
    TypeError
        ``samples`` are booleans: use `proportion`.
    ValueError
        fewer than ten seeds; a seed without a finite number; more than one dimension
    """
    samples = _one_number_a_seed("samples", samples)
    if np.ptp(samples) == 0:
        low = value = high = samples[0]
    else:
        value = samples.mean()
        low, high = stats.t.interval(CONFIDENCE, samples.size - 1, value, stats.sem(samples))
    return Estimate(float(value), float(low), float(high), samples.size, unit)


def median(samples: ArrayLike, unit: str = "") -> Estimate:
    """Return the median over seeds, with an interval that holds for any distribution.

    The ends of the interval are two of the samples: how many lie below the true median is a
    matter of tossing coins. With ten seeds they are the second and the ninth.

    Parameters
    ----------
    samples : array_like, (S,)
        one number a seed, in ``unit``
    unit : str
        the unit, as it follows a number in a sentence

    Returns
    -------
    Estimate
        the interval holds the true median at least as often as it says

    Raises
    ------
    TypeError, ValueError
        as in `estimate`
    """
    samples = _one_number_a_seed("samples", samples)
    low, high = stats.quantile_test(samples).confidence_interval(CONFIDENCE)
    return Estimate(float(np.median(samples)), float(low), float(high), samples.size, unit)


def paired_difference(a: ArrayLike, b: ArrayLike, unit: str = "") -> Estimate:
    """Return the mean of ``a - b``, seed by seed.

    What a seed does to both arms cancels, so the interval is narrower than that of two means.

    Parameters
    ----------
    a, b : array_like, (S,)
        one number a seed, the same seeds in the same order, in ``unit``
    unit : str
        the unit, as it follows a number in a sentence

    Returns
    -------
    Estimate
        above 0 where ``a`` is larger

    Raises
    ------
    TypeError, ValueError
        as in `estimate`; or the arms differ in length
    """
    a, b = _pairs(a, b)
    return estimate(a - b, unit)


def paired_ratio(a: ArrayLike, b: ArrayLike) -> Estimate:
    """Return the geometric mean of ``a / b``, seed by seed: ``exp(mean(log(a / b)))``.

    Parameters
    ----------
    a, b : array_like, (S,)
        one positive number a seed, the same seeds in the same order, in the same unit

    Returns
    -------
    Estimate
        above 1 where ``a`` is larger; unit: times

    Raises
    ------
    TypeError, ValueError
        as in `estimate`; or the arms differ in length, or a number is not positive
    """
    a, b = _pairs(a, b)
    for name, arm in (("a", a), ("b", b)):
        if arm.min() <= 0:
            raise ValueError(
                f"{name} holds {arm.min():g}: a ratio needs positive numbers, "
                "take paired_difference instead"
            )
    logs = estimate(np.log(a) - np.log(b))
    # pyrefly: ignore[bad-argument-count]
    return Estimate(*np.exp([logs.value, logs.low, logs.high]).tolist(), logs.seeds, TIMES)


def error_ratio(accuracy_a: ArrayLike, accuracy_b: ArrayLike) -> Estimate:
    """Return how many errors ``a`` makes for each error of ``b``: the ratio of the mean errors.

    ``r = mean(1 - accuracy_a) / mean(1 - accuracy_b)``, paired by seed. It is the ratio of means
    and not the mean of ratios, so a seed may be without error. The interval is Student's t
    interval of ``log r`` by the delta method: a seed counts with
    ``error_a / mean(error_a) - error_b / mean(error_b)``. Chosen by simulation: coverage, and
    median width in logarithms, of nominal 95% intervals (4000 samples of 360 images each; the
    difficulty of a seed, shared by both arms, varies by 30%, and by as much again in each arm;
    ratio 0.6; a bootstrap draws 999 resamples).

    ================  ===========  ===========  ===========  ==========
    seeds, errors     delta        jackknife    Fieller      percentile
    ================  ===========  ===========  ===========  ==========
    10, 2%            0.94, 1.02   0.95, 1.05   0.95, 1.13   0.90, 0.86
    10, 0.5%          0.95, 1.82   0.96, 1.92   0.95, 2.51   0.87, none
    20, 2%            0.95, 0.69   0.96, 0.70   0.96, 0.71   0.93, 0.63
    20, 0.5%          0.95, 1.20   0.96, 1.26   0.95, 1.33   0.93, 1.14
    ================  ===========  ===========  ===========  ==========

    Parameters
    ----------
    accuracy_a, accuracy_b : array_like, (S,)
        one accuracy a seed, from 0 to 1, the same seeds in the same order

    Returns
    -------
    Estimate
        below 1 where ``a`` makes fewer errors; unit: times

    Raises
    ------
    TypeError, ValueError
        as in `estimate`; or the arms differ in length, an accuracy is not from 0 to 1, or an arm
        is without error in all seeds
    """
    a, b = _pairs(accuracy_a, accuracy_b, ("accuracy_a", "accuracy_b"))
    a, b = _errors("accuracy_a", a), _errors("accuracy_b", b)
    log_ratio = math.log(a.mean() / b.mean())
    around = estimate(log_ratio + a / a.mean() - b / b.mean())
    # pyrefly: ignore[bad-argument-count]
    return Estimate(*np.exp([log_ratio, around.low, around.high]).tolist(), a.size, TIMES)


def proportion(successes: SupportsIndex, trials: SupportsIndex) -> Estimate:
    """Return in which part of the seeds something happened, with Wilson's interval.

    Parameters
    ----------
    successes, trials : int
        in how many seeds it happened, and how many there were

    Returns
    -------
    Estimate
        from 0 to 1

    Raises
    ------
    ValueError
        fewer than ten trials, or not from 0 to ``trials`` successes
    """
    successes, trials = operator.index(successes), operator.index(trials)
    _require_seeds("trials", trials)
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must be from 0 to trials = {trials}, got {successes}")
    low, high = stats.binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(successes / trials, float(low), float(high), trials)


def _require_seeds(name, seeds):
    if seeds < FEWEST_SEEDS:
        raise ValueError(
            f"{name}: {seeds} seeds; the course reports no result with fewer than "
            f"{FEWEST_SEEDS}: run more seeds"
        )


def _one_number_a_seed(name, samples):
    samples = np.asarray(samples)
    if samples.ndim != 1:
        raise ValueError(
            f"{name} must have one dimension, the seeds, got shape {samples.shape}: "
            "give one number a seed"
        )
    if samples.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} must be numbers, got {samples.dtype}: for what happens or does not, "
            "use proportion(successes, trials)"
        )
    _require_seeds(name, samples.size)
    lost = np.flatnonzero(~np.isfinite(samples))
    if lost.size:
        raise ValueError(
            f"{name} holds {samples[lost[0]]} ({lost.size} of {samples.size} seeds not finite): "
            "a diverged run is a result. Give it a value, such as its accuracy, which is chance; "
            "do not drop it"
        )
    return samples.astype(float)


def _pairs(a, b, names=("a", "b")):
    a, b = _one_number_a_seed(names[0], a), _one_number_a_seed(names[1], b)
    if a.shape != b.shape:
        raise ValueError(
            f"{names[0]} holds {a.size} seeds and {names[1]} {b.size}: a pair needs the same seeds "
            "in both arms"
        )
    return a, b


def _errors(name, accuracies):
    if accuracies.min() < 0 or accuracies.max() > 1:
        raise ValueError(
            f"{name} is from {accuracies.min():g} to {accuracies.max():g}: give the part of right "
            "answers, from 0 to 1, and no percent"
        )
    if accuracies.min() == 1:
        raise ValueError(
            f"{name} is 1 in all seeds: there is no error to compare with, take more images or a "
            "harder task"
        )
    return 1 - accuracies


def _rounded(value, low, high):
    """Round to two digits of the distance from the value to the nearer end of its interval."""
    sides = [side for side in (value - low, high - value) if side > 0]
    if not sides:
        return [typeset(f"{number:.4g}") for number in (value, low, high)]
    decimals = 1 - math.floor(math.log10(min(sides)))
    largest = max(abs(low), abs(high))
    return [typeset(_digits(number, decimals, largest)) for number in (value, low, high)]


def _digits(number, decimals, largest):
    if 1e-4 <= largest < 1e6:
        return f"{round(number, decimals) + 0.0:.{max(decimals, 0)}f}"
    return f"{number:.{max(0, math.floor(math.log10(largest)) + decimals)}e}"


def typeset(number: str) -> str:
    """Return a number that Python wrote as a reader writes it: 8.9 × 10⁻¹⁶ for ``8.9e-16``."""
    mantissa, e, exponent = number.replace("-", "\N{MINUS SIGN}").partition("e")
    if not e:
        return mantissa
    sign = exponent[0].strip("+")
    return f"{mantissa} × 10{(sign + exponent[1:].lstrip('0')).translate(SUPERSCRIPTS)}"
