"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def with_norm(w, grad, learning_rate, c):
    return grad / c, learning_rate / np.linalg.norm(c * w) ** 2


def by_loops(w, grad, learning_rate, c):
    return np.array([g / c for g in grad]), learning_rate / sum((c * v) ** 2 for v in w)


def as_a_dict(w, grad, learning_rate, c):
    return {"gradient": grad * (1 / c), "effective rate": learning_rate * c**-2.0 / np.dot(w, w)}


def in_place_on_copies(w, grad, learning_rate, c):
    longer, smaller = np.array(w, dtype=float), np.array(grad, dtype=float)
    longer *= c
    smaller /= c
    return smaller, np.float64(learning_rate) / np.einsum("i,i->", longer, longer)


def as_a_list(w, grad, learning_rate, c):
    return [np.divide(grad, c), learning_rate / (c * c * np.square(w).sum())]


def one_after_the_other(w, grad, learning_rate, c):
    effective = learning_rate / (w**2).sum()
    return np.multiply(grad, np.reciprocal(float(c))), np.array(effective / c / c)


RIGHT = [with_norm, by_loops, as_a_dict, in_place_on_copies, as_a_list, one_after_the_other]


def works_in_place(w, grad, learning_rate, c):
    w *= c
    return grad / c, learning_rate / (w @ w)


def step_and_not_gradient(w, grad, learning_rate, c):
    effective = learning_rate / np.sum((c * w) ** 2)
    return effective * grad / c, effective


def gradient_of_normalised_weights(w, grad, learning_rate, c):
    new_w = c * w
    n = np.sqrt((new_w**2).sum())
    return grad / n, learning_rate / n**2


WRONG = [
    (lambda w, g, r, c: (g / c, r / np.abs(c * w).sum() ** 2), {"sum-of-weights-squared"}),
    (lambda w, g, r, c: (g / c, r / (g / c @ g / c)), {"gradient-for-weights"}),
    (lambda w, g, r, c: (g / c, r / (c * w) ** 2), {"rate-for-each-weight"}),
    (lambda w, g, r, c: (g, r / (c * w @ (c * w))), {"gradient-unchanged"}),
    (lambda w, g, r, c: (c * g, r / (c * w @ (c * w))), {"gradient-grows"}),
    (lambda w, g, r, c: (g / c**2, r / (c * w @ (c * w))), {"gradient-by-square"}),
    (lambda w, g, r, c: (g / c, r / (w @ w)), {"weights-not-rescaled"}),
    (lambda w, g, r, c: (g, r / (w @ w)), {"gradient-unchanged", "weights-not-rescaled"}),
    (lambda w, g, r, c: (g / c, r / (w @ w) * c**2), {"weights-rescaled-the-other-way"}),
    (lambda w, g, r, c: (g / c, r / (w @ w) / c), {"effective-rate-by-c"}),
    (lambda w, g, r, c: (g / c, r / np.linalg.norm(c * w)), {"length-not-squared"}),
    (lambda w, g, r, c: (g / c, r / c**2), {"length-forgotten"}),
    (lambda w, g, r, c: (g / c, r * c**2 / (w @ w)), {"weights-rescaled-the-other-way"}),
    (lambda w, g, r, c: (g / c, r), {"rate-by-itself"}),
    (lambda w, g, r, c: (r / (c * w @ (c * w)), g / c), {"gradient-and-rate-swapped"}),
    (
        lambda w, g, r, c: (g / c, r * np.linalg.norm(g / c) / np.linalg.norm(c * w)),
        {"angle-for-effective-rate"},
    ),
    (lambda w, g, r, c: g / c, {"wrong-count"}),
    (step_and_not_gradient, {"step-for-gradient"}),
    (gradient_of_normalised_weights, {"gradient-by-length"}),
    (lambda w, g, r, c: (c * w, r / (c * w @ (c * w))), {"weights-for-gradient"}),
]

# Right, and earning a remark.
UNWISE = [works_in_place, lambda w, g, r, c: (list(g / c), r / (c * w @ (c * w)))]
