"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import statistics

import numpy as np


def as_a_step(x, running_mean, running_var, update_rate):
    mean, var = np.mean(x, 0), np.var(x, 0, ddof=1)
    return (
        running_mean + update_rate * (mean - running_mean),
        running_var + update_rate * (var - running_var),
    )


def with_bessels_factor(x, running_mean, running_var, update_rate):
    n = x.shape[0]
    keep = 1 - update_rate
    new_mean = keep * running_mean + update_rate * x.mean(0)
    new_var = keep * running_var + update_rate * x.var(0) * n / (n - 1)
    return {"new_var": new_var, "new_mean": new_mean}


def by_loops(x, running_mean, running_var, update_rate):
    means, variances = [], []
    for c in range(x.shape[1]):
        column = [float(v) for v in x[:, c]]
        mean, var = statistics.mean(column), statistics.variance(column)
        means.append((1 - update_rate) * running_mean[c] + update_rate * mean)
        variances.append((1 - update_rate) * running_var[c] + update_rate * var)
    return np.array(means), np.array(variances)


def in_place_on_copies(x, running_mean, running_var, update_rate):
    running_mean, running_var = running_mean.copy(), running_var.copy()
    d = x - x.mean(axis=0, keepdims=True)
    running_mean *= 1 - update_rate
    running_mean += update_rate * x.mean(axis=0)
    running_var *= 1 - update_rate
    running_var += update_rate * np.einsum("nc,nc->c", d, d) / (len(x) - 1)
    return [running_mean, running_var]


def by_the_covariance(x, running_mean, running_var, update_rate):
    var = np.diag(np.atleast_2d(np.cov(x, rowvar=False)))
    weights = np.array([1 - update_rate, update_rate])
    return (
        weights @ np.stack([running_mean, x.mean(0)]),
        weights @ np.stack([running_var, var]),
    )


RIGHT = [as_a_step, with_bessels_factor, by_loops, in_place_on_copies, by_the_covariance]


def like_keras(x, running_mean, running_var, update_rate):
    running_mean = running_mean * update_rate + x.mean(0) * (1 - update_rate)
    running_var = running_var * update_rate + x.var(0) * (1 - update_rate)
    return running_mean, running_var


def numpy_default(x, running_mean, running_var, update_rate):
    return as_a_step(x, running_mean, running_var, update_rate)[0], (
        running_var + update_rate * (x.var(axis=0) - running_var)
    )


def std_of_numpy(x, running_mean, running_var, update_rate):
    u = update_rate
    return (1 - u) * running_mean + u * x.mean(0), (1 - u) * running_var + u * x.std(0)


def textbook(x, running_mean, running_var, update_rate):
    n, u = len(x), update_rate
    var = (np.mean(x**2, 0) - np.mean(x, 0) ** 2) * n / (n - 1)
    return (1 - u) * running_mean + u * x.mean(0), (1 - u) * running_var + u * var


def in_place(x, running_mean, running_var, update_rate):
    running_mean += update_rate * (x.mean(0) - running_mean)
    running_var += update_rate * (x.var(0, ddof=1) - running_var)
    return running_mean, running_var


def the_mean_overwritten(x, running_mean, running_var, update_rate):
    running_mean = (1 - update_rate) * running_mean + update_rate * x.mean(0)
    var = ((x - running_mean) ** 2).sum(0) / (len(x) - 1)
    return running_mean, (1 - update_rate) * running_var + update_rate * var


def rows(x, running_mean, running_var, update_rate):
    u = update_rate
    return (1 - u) * running_mean + u * x.mean(1), (1 - u) * running_var + u * x.var(1, ddof=1)


def only_the_mean(x, running_mean, running_var, update_rate):
    return (1 - update_rate) * running_mean + update_rate * x.mean(0)


def lists(x, running_mean, running_var, update_rate):
    return tuple(list(a) for a in as_a_step(x, running_mean, running_var, update_rate))


def forgot_to_return(x, running_mean, running_var, update_rate):
    print("updating")
    running_mean = (1 - update_rate) * running_mean + update_rate * x.mean(0)


def like_keras_for_the_mean(x, running_mean, running_var, update_rate):
    new_mean = update_rate * running_mean + (1 - update_rate) * x.mean(0)
    return new_mean, as_a_step(x, running_mean, running_var, update_rate)[1]


def mean_over_one_less(x, running_mean, running_var, update_rate):
    mean = x.sum(0) / (len(x) - 1)
    new_mean = running_mean + update_rate * (mean - running_mean)
    return new_mean, as_a_step(x, running_mean, running_var, update_rate)[1]


def size_for_n(x, running_mean, running_var, update_rate):
    var = x.var(0) * x.size / (x.size - 1)
    new_var = (1 - update_rate) * running_var + update_rate * var
    return as_a_step(x, running_mean, running_var, update_rate)[0], new_var


def of_a_new_layer(x, running_mean, running_var, update_rate):
    return as_a_step(x, np.zeros(x.shape[1]), np.ones(x.shape[1]), update_rate)


def example_by_example(x, running_mean, running_var, update_rate):
    _, new_var = as_a_step(x, running_mean, running_var, update_rate)
    for row in x:
        running_mean = (1 - update_rate) * running_mean + update_rate * row
    return running_mean, new_var


def deviations_from_new_running_mean(x, running_mean, running_var, update_rate):
    running_mean = (1 - update_rate) * running_mean + update_rate * x.mean(axis=0)
    sq = np.square(x - running_mean)
    running_var = (1 - update_rate) * running_var + update_rate * sq.mean(axis=0)
    return running_mean, running_var


def centred_in_place_first(x, running_mean, running_var, update_rate):
    x -= x.mean(axis=0)
    var = (x**2).sum(axis=0) / (len(x) - 1)
    return (1 - update_rate) * running_mean + update_rate * x.mean(axis=0), (
        1 - update_rate
    ) * running_var + update_rate * var


def computed_and_not_used(x, running_mean, running_var, update_rate):
    as_a_step(x, running_mean, running_var, update_rate)
    return running_mean, running_var


def stored_with_eps(x, running_mean, running_var, update_rate):
    std = np.sqrt(x.var(0) + 1e-5)
    new_mean = (1 - update_rate) * running_mean + update_rate * x.mean(0)
    return new_mean, (1 - update_rate) * running_var + update_rate * std**2


WRONG = [
    (like_keras_for_the_mean, {"update-rate-reversed-for-mean"}),
    (mean_over_one_less, {"batch-mean-over-one-less"}),
    (size_for_n, {"bessel-of-all-numbers"}),
    (of_a_new_layer, {"given-statistics-ignored"}),
    (example_by_example, {"update-for-every-row"}),
    (like_keras, {"update-rate-reversed", "biased-variance-averaged"}),
    (numpy_default, {"biased-variance-averaged"}),
    (std_of_numpy, {"running-deviation", "biased-variance-averaged"}),
    (textbook, {"one-pass-variance"}),
    (the_mean_overwritten, {"variance-about-updated-mean"}),
    (rows, {"statistics-of-samples"}),
    (only_the_mean, {"wrong-count"}),
    (forgot_to_return, {"returns-none"}),
    (deviations_from_new_running_mean, {"variance-about-updated-mean"}),
    (centred_in_place_first, {"batch-mean-lost", "changes-input"}),
    (computed_and_not_used, {"nothing-updated"}),
    (stored_with_eps, {"eps-in-running-variance", "biased-variance-averaged"}),
]

# Right, and earning a remark.
UNWISE = [in_place, lists]
