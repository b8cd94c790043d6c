"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math

import numpy as np


def exactly(learning_rate, weight_decay):
    left = 1 - learning_rate * weight_decay
    return 1 - left, math.log(0.5) / math.log(left)


def nearly(learning_rate, weight_decay):
    share = learning_rate * weight_decay
    return share, 0.693 / share


def in_whole_steps(learning_rate, weight_decay):
    share = learning_rate * weight_decay
    return share, math.ceil(math.log(2) / share)


def by_counting(learning_rate, weight_decay):
    length, steps = 1.0, 0
    while length > 0.5:
        length -= learning_rate * weight_decay * length
        steps += 1
    return learning_rate * weight_decay, steps


def from_the_formula(learning_rate, weight_decay):
    square = (1 - learning_rate * weight_decay) ** 2
    return 1 - np.sqrt(square), np.log(1 / 4) / np.log(square)


def with_logarithms_to_base_two(learning_rate, weight_decay):
    share = learning_rate * weight_decay
    return [np.float32(share), -1 / np.log2(1 - share)]


RIGHT = [
    exactly,
    nearly,
    in_whole_steps,
    by_counting,
    from_the_formula,
    with_logarithms_to_base_two,
]


def equilibrium_time(learning_rate, weight_decay):
    return learning_rate * weight_decay, 1 / (2 * learning_rate * weight_decay)


def from_the_square_to_the_length(learning_rate, weight_decay):
    x = learning_rate * weight_decay
    return x / 2, 2 * math.log(2) / x


WRONG = [
    (lambda r, d: (math.sqrt(2 * r * d), math.log(2) / (r * d)), {"angle-for-share"}),
    (lambda r, d: (math.log(2) / (r * d), r * d), {"share-and-steps-swapped"}),
    (lambda r, d: (r, math.log(2) / r), {"rate-for-product"}),
    (lambda r, d: (r / d, math.log(2) * d / r), {"rate-divided-by-decay"}),
    (lambda r, d: (1 - r * d, math.log(2) / (r * d)), {"share-left-for-lost"}),
    (lambda r, d: (2 * r * d, math.log(2) / (2 * r * d)), {"share-and-steps-of-square"}),
    (lambda r, d: (1 - (1 - r * d) ** 2, math.log(2) / (r * d)), {"share-of-square"}),
    (lambda r, d: (r * d, 1 / (r * d)), {"steps-to-one-third"}),
    (lambda r, d: (r * d, 0.5 / (r * d)), {"steps-at-constant-loss"}),
    (lambda r, d: (r * d, math.log(0.5) / (r * d)), {"steps-negative"}),
    (lambda r, d: (d, math.log(2) / d), {"decay-without-rate"}),
    (lambda r, d: (r * d, math.log(0.5) / math.log((1 - r * d) ** 2)), {"steps-of-square"}),
    (
        lambda r, d: (math.sqrt(2 * r * d), math.log(2) / math.sqrt(2 * r * d)),
        {"angle-in-both-results"},
    ),
    (lambda r, d: (1 - r * d, 1 / (r * d)), {"share-left-for-lost", "steps-to-one-third"}),
    (lambda r, d: r * d, {"wrong-count"}),
    (lambda r, d: (math.log(2) / (r * d), r * d), None),
    (lambda r, d: (0.005, 138), None),
    (lambda r, d: (d / r, math.log(2) * r / d), {"decay-divided-by-rate"}),
    (lambda r, d: (d, math.log(2) / (r * d)), {"decay-without-rate"}),
    (equilibrium_time, {"steps-at-constant-loss"}),
    (lambda r, d: (round(r * d, 4), math.log(2) / (r * d)), {"share-rounded"}),
    (from_the_square_to_the_length, {"share-halved"}),
]
