"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np

from bncourse import scratch


def by_the_formula_in_x(g, x, eps=1e-5):
    square = np.mean(x * x, -1, keepdims=True) + eps
    return g * square**-0.5 - x * square**-1.5 * np.mean(g * x, -1, keepdims=True)


def row_by_row(g, x, eps=1e-5):
    dx = np.empty(x.shape)
    for n, (row, g_row) in enumerate(zip(x, g, strict=True)):
        rms = (sum(v * v for v in row) / len(row) + eps) ** 0.5
        inner = sum(a * b for a, b in zip(g_row, row, strict=True)) / len(row)
        for k in range(len(row)):
            dx[n, k] = g_row[k] / rms - row[k] * inner / rms**3
    return dx


def by_atoms(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1) + eps)[:, None]
    g_rms = -(g * x).sum(1, keepdims=True) / rms**2
    g_square = g_rms / (2 * rms) / x.shape[1]
    return g / rms + 2 * x * g_square


def transposed(g, x, eps=1e-5):
    rms = np.sqrt((x.T**2).mean(0) + eps)
    x_hat = x.T / rms
    return ((g.T - x_hat * (g.T * x_hat).mean(0)) / rms).T


def by_einsum(g, x, eps=1e-5):
    rms = np.sqrt(np.einsum("nc,nc->n", x, x) / x.shape[1] + eps)
    x_hat = np.einsum("nc,n->nc", x, 1 / rms)
    inner = np.einsum("nc,nc->n", g, x_hat) / x.shape[1]
    return np.einsum("nc,n->nc", g, 1 / rms) - np.einsum("nc,n,n->nc", x_hat, inner, 1 / rms)


def by_the_package(g, x, eps=1e-5):
    _, cache = scratch.rms_norm(x, eps=eps)
    return scratch.rms_norm_backward(g, cache)[0]


RIGHT = [by_the_formula_in_x, row_by_row, by_atoms, transposed, by_einsum, by_the_package]


def as_layer_norm(g, x, eps=1e-5):
    s = np.sqrt(x.var(1, keepdims=True) + eps)
    h = (x - x.mean(1, keepdims=True)) / s
    return (g - g.mean(1, keepdims=True) - h * (g * h).mean(1, keepdims=True)) / s


def layer_line_with_rms(g, x, eps=1e-5):
    s = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    h = x / s
    return (g - g.mean(1, keepdims=True) - h * (g * h).mean(1, keepdims=True)) / s


def over_the_batch(g, x, eps=1e-5):
    s = np.sqrt((x**2).mean(0) + eps)
    return (g - x / s * (g * x / s).mean(0)) / s


def scale_only(g, x, eps=1e-5):
    return g / np.sqrt((x**2).mean(1, keepdims=True) + eps)


def standard_deviation(g, x, eps=1e-5):
    s = np.sqrt(x.var(1, keepdims=True) + eps)
    h = x / s
    return (g - h * (g * h).mean(1, keepdims=True)) / s


def norm_of_the_row(g, x, eps=1e-5):
    s = np.sqrt((x**2).sum(1, keepdims=True) + eps)
    h = x / s
    return (g - h * (g * h).mean(1, keepdims=True)) / s


def true_backward_of_the_norm_of_the_row(g, x, eps=1e-5):
    s = np.sqrt((x**2).sum(1, keepdims=True) + eps)
    h = x / s
    return (g - h * (g * h).sum(1, keepdims=True)) / s


def fixed_eps(g, x, eps=1e-5):
    return by_atoms(g, x)


def two_forgotten(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    g_rms = -(g * x).sum(1, keepdims=True) / rms**2
    return g / rms + x * g_rms / (2 * rms) / x.shape[1]


def in_place(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    x /= rms
    return (g - x * (g * x).mean(1, keepdims=True)) / rms


def projected(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    along = (g * x).sum(1, keepdims=True) / (x * x).sum(1, keepdims=True)
    return (g - x * along) / rms


def x_in_the_bracket(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    return (g - x * (g * x).mean(1, keepdims=True)) / rms


def batch_size_and_no_last_division(g, x, eps=1e-5):
    N = x.shape[0]
    r = np.sqrt((x**2).sum(axis=1, keepdims=True) / N + eps)
    xh = x / r
    return g - xh * (g * xh).sum(axis=1, keepdims=True) / N


def power_two_instead_of_three(g, x, eps=1e-5):
    out = np.zeros_like(x, dtype=float)
    n, c = x.shape
    for i in range(n):
        r = np.sqrt(np.sum(x[i] ** 2) / c + eps)
        out[i] = g[i] / r - x[i] * np.dot(g[i], x[i]) / (c * r**2)
    return out


def own_derivative(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    return g / rms * (1 - (x / rms) ** 2 / x.shape[1])


def added_and_summed(g, x, eps=1e-5):
    rms = np.sqrt((x**2).mean(1, keepdims=True) + eps)
    x_hat = x / rms
    return (g + x_hat * (g * x_hat).sum(1, keepdims=True)) / rms


WRONG = [
    (batch_size_and_no_last_division, {"layer-divided-by-batch", "rms-not-divided"}),
    (power_two_instead_of_three, {"rms-x-for-one-x-hat"}),
    (own_derivative, {"own-derivative-alone"}),
    (added_and_summed, {"rms-part-added", "rms-sum-for-mean"}),
    (projected, {"rms-projection-exact"}),
    (x_in_the_bracket, {"rms-x-for-x-hat"}),
    (
        lambda g, x, eps=1e-5: g * x / np.sqrt((x**2).mean(1, keepdims=True) + eps),
        {"product-for-gradient"},
    ),
    (as_layer_norm, {"rms-input-centred", "rms-gradient-centred"}),
    (layer_line_with_rms, {"rms-gradient-centred"}),
    (over_the_batch, {"rms-over-batch"}),
    (scale_only, {"rms-constant"}),
    (standard_deviation, {"rms-by-deviation"}),
    (norm_of_the_row, {"rms-without-count"}),
    (true_backward_of_the_norm_of_the_row, {"rms-without-count", "rms-sum-for-mean"}),
    (fixed_eps, {"eps-ignored"}),
    (two_forgotten, {"x-hat-part-halved"}),
]

# Right, and earning a remark.
UNWISE = [in_place]
