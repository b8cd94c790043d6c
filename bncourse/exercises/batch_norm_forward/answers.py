"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def in_one_line(x, gamma, beta, eps=1e-5):
    return (x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + eps) * gamma + beta


def by_loops(x, gamma, beta, eps=1e-5):
    y = np.empty(x.shape)
    for c in range(x.shape[1]):
        column = [float(v) for v in x[:, c]]
        mean = sum(column) / len(column)
        var = sum((v - mean) ** 2 for v in column) / len(column)
        for n, v in enumerate(column):
            y[n, c] = gamma[c] * (v - mean) / (var + eps) ** 0.5 + beta[c]
    return y


def by_einsum(x, gamma, beta, eps=1e-5):
    d = x - np.einsum("nc->c", x) / len(x)
    return (
        np.einsum("nc,c->nc", d, gamma / np.sqrt(np.einsum("nc,nc->c", d, d) / len(x) + eps)) + beta
    )


def in_place_on_a_copy(x, gamma, beta, eps=1e-5):
    y = x.copy()
    y -= y.mean(axis=0)
    y /= np.sqrt((y * y).mean(axis=0) + eps)
    y *= gamma
    y += beta
    return y


def transposed(x, gamma, beta, eps=1e-5):
    rows = x.T
    centred = rows - rows.mean(1, keepdims=True)
    rows = centred * (rows.var(1, keepdims=True) + eps) ** -0.5
    return (rows * gamma[:, None] + beta[:, None]).T


def as_a_slope_and_an_offset(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(0), x.var(0)
    slope = gamma / np.sqrt(var + eps)
    return (x - mean) * slope + beta


def in_a_tuple(x, gamma, beta, eps=1e-5):
    return (in_one_line(x, gamma, beta, eps),)


def welford(x, gamma, beta, eps=1e-5):
    mean, squares = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for count, row in enumerate(x, 1):
        step = row - mean
        mean = mean + step / count
        squares = squares + step * (row - mean)
    return gamma * (x - mean) / np.sqrt(squares / len(x) + eps) + beta


RIGHT = [
    in_one_line,
    by_loops,
    by_einsum,
    in_place_on_a_copy,
    transposed,
    as_a_slope_and_an_offset,
    in_a_tuple,
    welford,
]


def textbook_variance(x, gamma, beta, eps=1e-5):
    var = (x**2).mean(axis=0) - x.mean(axis=0) ** 2
    return gamma * (x - x.mean(axis=0)) / np.sqrt(var + eps) + beta


def numpy_std_of_a_sample(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / np.sqrt(np.std(x, 0, ddof=1) ** 2 + eps) + beta


def ignores_everything(x, gamma, beta, eps=1e-5):
    return x


def only_the_mean_divided(x, gamma, beta, eps=1e-5):
    x_hat = x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + eps)
    return gamma * x_hat + beta


def as_in_evaluation(x, gamma, beta, eps=1e-5):
    running_mean, running_var = np.zeros(x.shape[1]), np.ones(x.shape[1])
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def floor_for_eps(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / np.sqrt(np.maximum(x.var(0), eps)) + beta


def as_some_preprocessing_does(x, gamma, beta, eps=1e-5):
    std = x.std(0)
    std[std == 0] = 1
    return gamma * (x - x.mean(0)) / std + beta


def clipped(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
    return gamma * np.clip(x_hat, -5, 5) + beta


class BatchNormLayer:
    def __init__(self, gamma, beta, eps, momentum=0.9):
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros_like(gamma, dtype=float)
        self.running_var = np.ones_like(gamma, dtype=float)

    def update(self, x):
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * x.mean(0)
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * x.var(0)

    def forward(self, x):
        self.update(x)
        x_hat = (x - self.running_mean) / np.sqrt(self.running_var + self.eps)
        return self.gamma * x_hat + self.beta


def running_statistics_in_training(x, gamma, beta, eps=1e-5):
    return BatchNormLayer(gamma, beta, eps).forward(x)


def along_the_rows(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps) + beta


def scaled_and_shifted(x, gamma, beta, eps=1e-5):
    return gamma * x + beta


def eps_in_the_wrong_root(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / np.sqrt(x.std(0) + eps) + beta


def eps_after_the_quotient(x, gamma, beta, eps=1e-5):
    return gamma * ((x - x.mean(0)) / x.std(0) + eps) + beta


def centred_twice(x, gamma, beta, eps=1e-5):
    d = x - x.mean(axis=0)
    return gamma * (d - x.mean(axis=0)) / np.sqrt((d**2).mean(axis=0) + eps) + beta


def multiplied_out(x, gamma, beta, eps=1e-5):
    mean, inv = x.mean(0), 1 / np.sqrt(x.var(0) + eps)
    return x * inv * gamma + (beta - mean * inv)


WRONG = [
    (running_statistics_in_training, {"running-statistics"}),
    (along_the_rows, {"statistics-along-samples"}),
    (scaled_and_shifted, {"not-normalized"}),
    (eps_in_the_wrong_root, {"root-of-deviation"}),
    (eps_after_the_quotient, {"eps-added-to-x-hat"}),
    (centred_twice, {"mean-subtracted-twice"}),
    (only_the_mean_divided, {"only-mean-divided"}),
    (as_in_evaluation, {"statistics-not-used"}),
    (floor_for_eps, {"eps-as-floor"}),
    (as_some_preprocessing_does, {"one-for-zero-deviation"}),
    (clipped, None),
    (textbook_variance, {"one-pass-variance"}),
    (numpy_std_of_a_sample, {"unbiased-variance"}),
    (ignores_everything, None),  # rejected, whatever is said of it
    (multiplied_out, {"mean-without-gamma"}),
]
