"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

from fractions import Fraction

import numpy as np


def one_after_the_other(blocks):
    stream, found = 1.0, []
    for _ in range(blocks):
        stream += 1
        found.append(1 / stream)
    return np.array(found)


def by_cumulating(blocks):
    added = np.ones(blocks)
    return added / (1 + np.cumsum(added))


def as_fractions(blocks):
    return np.array([float(Fraction(1, n)) for n in range(2, blocks + 2)])


def by_linspace(blocks):
    return 1 / np.linspace(2, blocks + 1, blocks)


def one_minus_what_it_finds(blocks):
    n = np.arange(1, blocks + 1)
    return 1 - n / (n + 1)


def with_variances_of_two(blocks):
    stream = 2 * np.arange(2, blocks + 2)
    return 2 / stream


RIGHT = [
    one_after_the_other,
    by_cumulating,
    as_fractions,
    by_linspace,
    one_minus_what_it_finds,
    with_variances_of_two,
]


def divided_before_adding(blocks):
    stream, found = 1.0, []
    for _ in range(blocks):
        found.append(1 / stream)
        stream += 1
    return np.array(found)


def stream_doubles(blocks):
    stream, found = 1.0, []
    for _ in range(blocks):
        branch = stream
        stream += branch
        found.append(branch / stream)
    return np.array(found)


def branch_stays_stream_doubles(blocks):
    return np.array([1 / 2**n for n in range(1, blocks + 1)])


def of_all(blocks):
    return np.ones(blocks) / (1 + blocks)


def what_stays(blocks):
    return 1 - by_cumulating(blocks)


def standard_deviations(blocks):
    return 1 / np.sqrt(np.arange(2, blocks + 2))


def last_first(blocks):
    return by_cumulating(blocks)[::-1]


def two_early(blocks):
    return 1 / np.arange(3, blocks + 3)


def one_number(blocks):
    return 1 / (blocks + 1)


def one_too_late(blocks):
    return np.array([1 / (k + 2) for k in range(1, blocks + 1)])


def equal_shares(blocks):
    return np.ones(blocks) / blocks


def last_to_first(blocks):
    return np.array([1 / (1 + k) for k in range(blocks, 0, -1)])


def with_the_first_layer(blocks):
    return 1 / np.arange(1, blocks + 2)


def all_blocks_together(blocks):
    k = np.arange(blocks)
    return np.cumsum(np.ones(blocks)) / (k + 2)


def one_missing_at_the_end(blocks):
    return 1 / np.arange(2, blocks + 1)


def deviations_added(blocks):
    k = np.arange(1, blocks + 1)
    return 1 / (1 + k) ** 2


def percent_rounded(blocks):
    return np.round(100 / np.arange(2, blocks + 2), 1)


def stream_variance(blocks):
    return np.arange(2, blocks + 2) * 1.0


def root_and_off_by_one(blocks):
    return np.arange(1, blocks + 1) ** -0.5


def late_and_summed(blocks):
    return np.cumsum(1 / np.arange(3, blocks + 3))


WRONG = [
    (divided_before_adding, {"part-of-what-came-in"}),
    (stream_doubles, {"part-without-a-norm"}),
    (branch_stays_stream_doubles, {"part-halving"}),
    (of_all, {"part-of-the-last-stream"}),
    (what_stays, {"part-of-what-it-finds"}),
    (standard_deviations, {"part-of-deviations"}),
    (last_first, {"last-block-first"}),
    (two_early, {"part-one-block-late"}),
    (one_number, {"part-of-the-last-block-alone"}),
    (one_too_late, {"part-one-block-late"}),
    (equal_shares, {"part-equal-shares"}),
    (last_to_first, {"last-block-first"}),
    (with_the_first_layer, {"first-layer-listed"}),
    (all_blocks_together, {"part-of-what-it-finds"}),
    (one_missing_at_the_end, {"one-block-missing"}),
    (deviations_added, {"part-of-deviations-added"}),
    (percent_rounded, {"part-in-percent"}),
    (stream_variance, {"stream-for-part"}),
    (root_and_off_by_one, {"part-of-what-came-in", "part-of-deviations"}),
    (late_and_summed, {"part-one-block-late", "parts-cumulated"}),
    (lambda blocks: np.ones(blocks), {"addition-for-part"}),
    (lambda blocks: np.zeros(blocks), None),
]
