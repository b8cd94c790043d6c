"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def transposed(g, x_hat, std):
    g, x_hat = g.T, x_hat.T
    return ((g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std).T


def row_by_row(g, x_hat, std):
    dx = np.zeros(g.shape)
    for n in range(len(g)):
        dx[n] = (g[n] - g[n].mean() - x_hat[n] * np.mean(g[n] * x_hat[n])) / std[n]
    return dx


def by_sums(g, x_hat, std):
    c = g.shape[1]
    inner = np.sum(g * x_hat, -1, keepdims=True)
    return (c * g - np.sum(g, -1, keepdims=True) - x_hat * inner) / c / std.reshape(-1, 1)


def by_einsum(g, x_hat, std):
    c = g.shape[-1]
    parallel = np.einsum("nc,nk,nk->nc", x_hat, g, x_hat) / c
    return np.einsum("nc,n->nc", g - g.mean(-1)[:, None] - parallel, 1 / std)


def by_atoms(g, x_hat, std):
    s = std[:, np.newaxis]
    d, c = x_hat * s, g.shape[1]
    g_std = -(g * d).sum(1, keepdims=True) / s**2
    g_d = g / s + 2 * d * g_std / (2 * s) / c
    return g_d - g_d.sum(1, keepdims=True) / c


def by_jacobians(g, x_hat, std):
    c = g.shape[1]
    rows = []
    for n, row in enumerate(x_hat):
        rows.append((np.eye(c) - 1 / c - np.outer(row, row) / c) @ g[n] / std[n])
    return np.stack(rows)


RIGHT = [transposed, row_by_row, by_sums, by_einsum, by_atoms, by_jacobians]


def chapter_line(g, x_hat, std):
    return (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std


def chapter_line_with_std_beside(g, x_hat, std):
    return (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)) / std[:, None]


def keepdims_forgotten(g, x_hat, std):
    return (g - g.mean(axis=1) - x_hat * (g * x_hat).mean(axis=1)) / std[:, None]


def keepdims_forgotten_throughout(g, x_hat, std):
    return (g - g.mean(axis=1) - x_hat * (g * x_hat).mean(axis=1)) / std


def std_left_as_it_is(g, x_hat, std):
    parallel = x_hat * (g * x_hat).mean(1, keepdims=True)
    return (g - g.mean(1, keepdims=True) - parallel) / std


def length_of_the_batch(g, x_hat, std):
    parallel = x_hat * (g * x_hat).sum(1, keepdims=True)
    return (g - (g.sum(1, keepdims=True) + parallel) / len(g)) / std[:, None]


def axis_forgotten(g, x_hat, std):
    return (g - g.mean() - x_hat * (g * x_hat).mean()) / std[:, None]


def only_the_scale(g, x_hat, std):
    return g / std[:, None]


def only_the_mean(g, x_hat, std):
    return (g - g.mean(1, keepdims=True)) / std[:, None]


def divided_by_one_less(g, x_hat, std):
    product = (g * x_hat).sum(1, keepdims=True) / (g.shape[1] - 1)
    return (g - g.mean(1, keepdims=True) - x_hat * product) / std[:, None]


def sums_of_rows(g, x_hat, std):
    rest = g - g.sum(1)[:, None] - x_hat * (g * x_hat).sum(1)[:, None]
    return rest / std[:, None]


def std_of_what_is_there(g, x_hat, std):
    rest = g - g.mean(1, keepdims=True) - x_hat * (g * x_hat).mean(1, keepdims=True)
    return rest / x_hat.std(1, keepdims=True)


def only_the_last_term_divided(g, x_hat, std):
    part = x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return g - g.mean(axis=1, keepdims=True) - part / std[:, None]


def plus_sign_and_ddof(g, x_hat, std):
    C = g.shape[1]
    gm = g.mean(axis=1, keepdims=True)
    proj = np.sum(g * x_hat, axis=1, keepdims=True) / (C - 1)
    return (g - gm + x_hat * proj) / std[:, None]


def std_from_x_hat_and_eps(g, x_hat, std):
    sd = np.sqrt(x_hat.var(axis=1, keepdims=True) + 1e-5)
    return (g - g.mean(1, keepdims=True) - x_hat * (g * x_hat).mean(1, keepdims=True)) / sd


def std_as_a_variance(g, x_hat, std):
    rest = g - g.mean(1, keepdims=True) - x_hat * (g * x_hat).mean(1, keepdims=True)
    return rest / np.sqrt(std + 1e-5)[:, None]


def own_derivative(g, x_hat, std):
    c = g.shape[1]
    return g / std[:, None] * (1 - 1 / c - x_hat**2 / c)


WRONG = [
    (only_the_last_term_divided, {"brackets-missing"}),
    (plus_sign_and_ddof, {"x-hat-part-added", "row-product-over-one-less"}),
    (std_from_x_hat_and_eps, {"std-of-x-hat"}),
    (std_as_a_variance, {"root-of-std"}),
    (own_derivative, {"own-derivative-alone"}),
    (divided_by_one_less, {"row-product-over-one-less"}),
    (sums_of_rows, {"row-sums-for-means"}),
    (std_of_what_is_there, {"std-of-x-hat"}),
    (chapter_line, {"batch-backward-for-layer", "row-std-along-columns"}),
    (chapter_line_with_std_beside, {"batch-backward-for-layer"}),
    (keepdims_forgotten, {"row-means-along-columns"}),
    (keepdims_forgotten_throughout, {"row-means-along-columns", "row-std-along-columns"}),
    (std_left_as_it_is, {"row-std-along-columns"}),
    (length_of_the_batch, {"layer-divided-by-batch"}),
    (axis_forgotten, {"means-over-everything"}),
    (only_the_scale, {"row-statistics-constant"}),
    (only_the_mean, {"variance-constant"}),
    (lambda g, x_hat, std: transposed(g, x_hat, std).T, None),
]

# Right, and earning a remark.
UNWISE = [lambda g, x_hat, std: list(transposed(g, x_hat, std))]
