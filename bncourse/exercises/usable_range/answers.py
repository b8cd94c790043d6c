"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math

import numpy as np


def by_a_loop(rates, losses, limit):
    width, step = 0.0, math.log10(rates[-1] / rates[-2])
    for loss in losses:
        if loss <= limit:
            width += step
    return width


def from_logarithms(rates, losses, limit):
    return (losses <= limit).sum() * np.diff(np.log10(rates)).mean()


def by_a_sum_of_steps(rates, losses, limit):
    return np.where(losses <= limit, np.gradient(np.log10(rates)), 0).sum()


def from_edges_halfway(rates, losses, limit):
    half = np.log10(rates[1] / rates[0]) / 2
    usable = [math.log10(r) for r, loss in zip(rates, losses, strict=True) if loss <= limit]
    return float(sum((place + half) - (place - half) for place in usable))


def with_fewer_rates_than_nan(rates, losses, limit):
    losses = np.nan_to_num(losses, nan=np.inf)
    step = (np.log(rates[-1]) - np.log(rates[0])) / np.log(10) / (len(rates) - 1)
    return np.array(step * np.count_nonzero(~(losses > limit)))


RIGHT = [
    by_a_loop,
    from_logarithms,
    by_a_sum_of_steps,
    from_edges_halfway,
    with_fewer_rates_than_nan,
]


def decades_between_the_edges(rates, losses, limit):
    usable = rates[losses <= limit]
    return np.log10(usable.max() / usable.min())


def between_the_edges_or_zero(rates, losses, limit):
    usable = rates[losses <= limit]
    return np.log10(usable.max() / usable.min()) if len(usable) else 0.0


def number_of_rates(rates, losses, limit):
    return (losses <= limit).sum()


def as_the_chapter_has_it(rates, losses, limit):
    return (losses <= limit).sum() / 4


def difference_of_rates(rates, losses, limit):
    usable = rates[losses <= limit]
    return usable.max() - usable.min()


def natural(rates, losses, limit):
    return np.log(rates[1] / rates[0]) * (losses <= limit).sum()


def failures_left_out(rates, losses, limit):
    return np.log10(rates[1] / rates[0]) * (len(losses) - (losses > limit).sum())


def larger_is_better(rates, losses, limit):
    return np.log10(rates[1] / rates[0]) * (losses >= limit).sum()


def up_to_the_largest(rates, losses, limit):
    usable = np.log10(rates[losses <= limit])
    return usable.max() if len(usable) else 0


def percent(rates, losses, limit):
    return 100 * (losses <= limit).mean()


def edges_natural(rates, losses, limit):
    good = rates[losses <= limit]
    return np.log(good.max() / good.min()) if good.size else 0.0


def step_from_the_usable_ones(rates, losses, limit):
    good = np.log10(rates[losses <= limit])
    if len(good) < 2:
        return 0.0
    step = good[1] - good[0]
    return len(good) * step


def stops_at_the_first_bad_one(rates, losses, limit):
    n = 0
    for loss in losses:
        if not loss <= limit:
            break
        n += 1
    return n * np.log10(rates[1] / rates[0])


def sum_of_gradients(rates, losses, limit):
    usable = (losses <= limit).astype(float)
    return np.sum((usable[1:] + usable[:-1]) / 2 * np.diff(np.log10(rates)))


def both_ends_usable(rates, losses, limit):
    ok = losses <= limit
    return np.sum(np.diff(np.log10(rates))[ok[1:] & ok[:-1]])


def rounded_to_whole(rates, losses, limit):
    return round(np.sum(losses <= limit) * np.log10(rates[1] / rates[0]))


WRONG = [
    (decades_between_the_edges, {"range-from-edge-to-edge-raises"}),
    (between_the_edges_or_zero, {"range-from-edge-to-edge"}),
    (number_of_rates, {"range-as-count"}),
    (as_the_chapter_has_it, {"range-in-quarters"}),
    (difference_of_rates, {"range-as-difference-raises"}),
    (natural, {"range-with-natural-logarithm"}),
    (failures_left_out, {"range-counts-nan"}),
    (larger_is_better, {"range-of-failures-and-limit"}),
    (up_to_the_largest, None),
    (percent, None),
    (lambda rates, losses, limit: rates[losses <= limit], None),
    (lambda rates, losses, limit: [1.0], None),
    (edges_natural, {"range-from-edge-to-edge", "range-with-natural-logarithm"}),
    (step_from_the_usable_ones, {"range-step-between-usable"}),
    (stops_at_the_first_bad_one, {"range-until-first-failure"}),
    (sum_of_gradients, {"range-by-trapezoid"}),
    (both_ends_usable, {"range-of-whole-steps"}),
    (rounded_to_whole, {"range-rounded"}),
]
