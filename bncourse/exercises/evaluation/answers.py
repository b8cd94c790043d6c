"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_one_line(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (x - running_mean) * gamma / np.sqrt(running_var + eps) + beta


def as_a_slope_and_an_offset(x, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return x * slope + (beta - running_mean * slope)


def by_loops(x, gamma, beta, running_mean, running_var, eps=1e-5):
    y = np.zeros_like(x)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            x_hat = (x[n, c] - running_mean[c]) / (running_var[c] + eps) ** 0.5
            y[n, c] = gamma[c] * x_hat + beta[c]
    return y


def with_a_diagonal_matrix(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (x - running_mean) @ np.diag(gamma * (running_var + eps) ** -0.5) + beta


def in_place_on_a_copy(x, gamma, beta, running_mean, running_var, eps=1e-5):
    y = np.array(x)
    y -= running_mean
    y /= np.sqrt(running_var + eps)
    y *= gamma
    y += beta
    return y


def transposed(x, gamma, beta, running_mean, running_var, eps=1e-5):
    columns = [
        g * (column - m) / np.sqrt(v + eps) + b
        for column, g, b, m, v in zip(x.T, gamma, beta, running_mean, running_var, strict=True)
    ]
    return np.array(columns).T


RIGHT = [
    in_one_line,
    as_a_slope_and_an_offset,
    by_loops,
    with_a_diagonal_matrix,
    in_place_on_a_copy,
    transposed,
]


def as_in_training(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta


def the_batch_if_there_is_one(x, gamma, beta, running_mean, running_var, eps=1e-5):
    if len(x) == 1:
        return in_one_line(x, gamma, beta, running_mean, running_var, eps)
    return as_in_training(x, gamma, beta, running_mean, running_var, eps)


def variance_for_deviation(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / (running_var + eps) + beta


def eps_outside(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta


def default_eps(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return in_one_line(x, gamma, beta, running_mean, running_var)


def bare(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (x - running_mean) / np.sqrt(running_var)


def arguments_in_another_order(x, running_mean, running_var, gamma, beta, eps=1e-5):
    return in_one_line(x, gamma, beta, running_mean, running_var, eps)


def in_place(x, gamma, beta, running_mean, running_var, eps=1e-5):
    x -= running_mean
    return gamma * x / np.sqrt(running_var + eps) + beta


def all_three(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return in_one_line(x, gamma, beta, running_mean, running_var, eps), running_mean, running_var


def bessel(x, gamma, beta, running_mean, running_var, eps=1e-5):
    running_var = running_var * len(x) / (len(x) - 1)
    return in_one_line(x, gamma, beta, running_mean, running_var, eps)


def bessels_factor(x, gamma, beta, running_mean, running_var, eps=1e-5):
    factor = len(x) / (len(x) - 1)
    return in_one_line(x, gamma, beta, running_mean, factor * running_var, eps)


def bessel_with_care(x, gamma, beta, running_mean, running_var, eps=1e-5):
    if len(x) > 1:
        running_var = running_var * len(x) / (len(x) - 1)
    return in_one_line(x, gamma, beta, running_mean, running_var, eps)


def folded(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return x * (gamma / np.sqrt(running_var + eps)) + (beta - running_mean)


def one_quotient(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (gamma * (x - running_mean) + beta) / np.sqrt(running_var + eps)


def stored_as_deviation(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / running_var + beta


def deviation_clamped_at_eps(x, gamma, beta, running_mean, running_var, eps=1e-5):
    sd = np.maximum(np.sqrt(running_var), eps)
    return np.array([gamma * (row - running_mean) / sd + beta for row in x])


def layer_norm_in_evaluation(x, gamma, beta, running_mean, running_var, eps=1e-5):
    mu = x.mean(axis=1, keepdims=True)
    sd = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * (x - mu) / sd + beta


def one_plus_gamma_and_no_eps(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return (1 + gamma) * (x - running_mean) / np.sqrt(running_var) + beta


def mean_of_the_running_statistics(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - np.mean(running_mean)) / np.sqrt(np.mean(running_var) + eps) + beta


def scaling_undone_by_precedence(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * x - running_mean / np.sqrt(running_var + eps) + beta


def squares_of_this_batch(x, gamma, beta, running_mean, running_var, eps=1e-5):
    d = x - running_mean
    return d / np.sqrt((d * d).mean(0) + eps) * gamma + beta


def beta_in_the_bracket(x, gamma, beta, running_mean, running_var, eps=1e-5):
    inv = gamma / np.sqrt(running_var + eps)
    return (x - running_mean + beta) * inv


WRONG = [
    (bessel, {"bessel-again-in-evaluation"}),
    (bessels_factor, {"bessel-again-or-raised"}),
    (bessel_with_care, {"bessel-again-for-many"}),
    (folded, {"mean-subtracted-last"}),
    (one_quotient, {"beta-divided-too"}),
    (stored_as_deviation, {"divided-by-running-variance-alone"}),
    (as_in_training, {"batch-statistics-in-evaluation"}),
    (the_batch_if_there_is_one, {"batch-of-many-in-evaluation"}),
    (variance_for_deviation, {"divided-by-variance"}),
    (eps_outside, {"eps-outside-root"}),
    (default_eps, {"eps-ignored"}),
    (bare, {"gamma-and-beta-ignored", "eps-missing"}),
    (arguments_in_another_order, {"pytorch-order-of-arguments"}),
    (all_three, None),
    (deviation_clamped_at_eps, {"eps-as-floor"}),
    (layer_norm_in_evaluation, {"layer-norm-in-evaluation"}),
    (one_plus_gamma_and_no_eps, {"one-added-to-gamma", "eps-missing"}),
    (mean_of_the_running_statistics, {"running-statistics-averaged"}),
    (scaling_undone_by_precedence, {"only-mean-divided"}),
    (squares_of_this_batch, {"batch-variance-about-running-mean"}),
    (beta_in_the_bracket, {"beta-scaled"}),
]

# Right, and earning a remark.
UNWISE = [in_place]
