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


WRONG = [
    (divided_before_adding, {"part-of-what-came-in"}),
    (stream_doubles, {"part-without-a-norm"}),
    (branch_stays_stream_doubles, {"part-halving"}),
    (of_all, {"part-of-the-last-stream"}),
    (what_stays, {"part-of-what-it-finds"}),
    (standard_deviations, {"part-of-deviations"}),
    (last_first, None),
    (two_early, None),
    (one_number, None),
    (lambda blocks: np.ones(blocks), None),
]
