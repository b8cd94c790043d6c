"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np

NAMES = ("std", "var", "square", "d", "mean", "x")


def by_x_hat(g, d, var, std):
    x_hat = d / std
    g_std = -np.sum(g * x_hat, axis=0) / std
    g_var = 0.5 * g_std / std
    g_square = np.tile(g_var / d.shape[0], (d.shape[0], 1))
    g_d = g / std + 2 * d * g_square
    g_mean = np.sum(-g_d, axis=0)
    return g_std, g_var, g_square, g_d, g_mean, g_d - g_d.mean(axis=0)


def as_a_dict(g, d, var, std):
    return dict(zip(NAMES, by_x_hat(g, d, var, std), strict=True)) | {"note": "all of them"}


def as_a_list(g, d, var, std):
    return list(by_x_hat(g, d, var, std))


def by_loops(g, d, var, std):
    n, c = d.shape
    g_std, g_var, g_mean = np.zeros(c), np.zeros(c), np.zeros(c)
    g_square, g_d, g_x = np.zeros((n, c)), np.zeros((n, c)), np.zeros((n, c))
    for k in range(c):
        for i in range(n):
            g_std[k] -= g[i, k] * d[i, k] / std[k] ** 2
        g_var[k] = g_std[k] / (2 * std[k])
        for i in range(n):
            g_square[i, k] = g_var[k] / n
            g_d[i, k] = g[i, k] / std[k] + 2 * d[i, k] * g_square[i, k]
            g_mean[k] -= g_d[i, k]
        for i in range(n):
            g_x[i, k] = g_d[i, k] + g_mean[k] / n
    return g_std, g_var, g_square, g_d, g_mean, g_x


def mean_by_the_straight_road_alone(g, d, var, std):
    """Right: the deviations sum to 0, so the other road adds nothing."""
    g_std, g_var, g_square, g_d, _, _ = by_x_hat(g, d, var, std)
    g_mean = -(g / std).sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + np.full_like(d, g_mean / len(d))


def by_powers_and_einsum(g, d, var, std):
    g_std = -np.einsum("nc,nc,c->c", g, d, std**-2.0)
    g_var = -0.5 * np.einsum("nc,nc->c", g, d) * std**-3.0
    g_square = np.broadcast_to(g_var / len(d), d.shape)
    g_d = np.zeros_like(d)
    g_d += g * std**-1.0
    g_d += 2 * d * g_square
    return g_std, g_var, g_square, g_d, -g_d.sum(0), g_d - np.einsum("nc->c", g_d) / len(d)


RIGHT = [
    by_x_hat,
    as_a_dict,
    as_a_list,
    by_loops,
    mean_by_the_straight_road_alone,
    by_powers_and_einsum,
]


def with_eps_lost(g, d, var, std):
    return by_x_hat(g, d, var, np.sqrt(var))


def forgets_the_second_road_to_d(g, d, var, std):
    g_std = -(g * d).sum(0) / std**2
    g_var = g_std / 2 / std
    g_square = np.ones(d.shape) * g_var / len(d)
    g_d = g / std
    g_mean = -g_d.sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / len(d)


def overwrites_in_place_of_adding(g, d, var, std):
    g_std = -(g * d).sum(0) / std**2
    g_var = g_std / (2 * std)
    g_square = np.ones_like(d) / len(d) * g_var
    g_d = g / std
    g_d = 2 * d * g_square
    g_mean = -g_d.sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / len(d)


def square_left_as_a_row(g, d, var, std):
    g_std = (-g * d / std**2).sum(0)
    g_var = 0.5 / std * g_std
    g_square = g_var / len(d)
    g_d = g / std + 2 * d * g_square
    g_mean = -g_d.sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / len(d)


def sums_for_means(g, d, var, std):
    g_std = -(g * d).mean(0) / std**2
    g_var = g_std / (2 * std)
    g_square = np.ones_like(d) * g_var / len(d)
    g_d = g / std + 2 * d * g_square
    g_mean = -g_d.mean(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / len(d)


def only_x(g, d, var, std):
    return by_x_hat(g, d, var, std)[-1]


def in_the_other_order(g, d, var, std):
    return by_x_hat(g, d, var, std)[::-1]


def in_place(g, d, var, std):
    out = by_x_hat(g, d, var, std)
    g /= std
    return out


def two_names_for_one_array(g, d, var, std):
    g_std = -(g * d).sum(0) / std**2
    g_var = g_std / (2 * std)
    g_square = np.zeros_like(d) + g_var / len(d)
    g_d = g / std + 2 * d * g_square
    g_mean = -g_d.sum(0)
    g_x = g_d
    g_x += g_mean / len(d)
    return g_std, g_var, g_square, g_d, g_mean, g_x


def counts_the_columns(g, d, var, std):
    n = d.shape[1]
    g_std = -(g * d).sum(0) / std**2
    g_var = g_std / (2 * std)
    g_square = np.ones_like(d) * g_var / n
    g_d = g / std + 2 * d * g_square
    g_mean = -g_d.sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / n


def mean_from_the_first_road_and_n_minus_one(g, d, var, std):
    N = d.shape[0]
    g_std = -(g * d).sum(0) / std**2
    g_var = g_std / (2 * std)
    g_square = np.ones_like(d) * g_var / (N - 1)
    g_d = g / std + 2 * d * g_square
    g_mean = -(g / std).sum(0)
    g_x = g_d + g_mean / (N - 1)
    return g_std, g_var, g_square, g_d, g_mean, g_x


def x_hat_for_d_in_std(g, d, var, std):
    N = d.shape[0]
    x_hat = d / std
    g_std = -(g * x_hat).sum(0) / std**2
    g_var = -0.5 * g_std * (var + 1e-5) ** -1.5
    g_square = g_var / N * np.ones_like(d)
    g_d = g / std + 2 * d * g_square
    g_mean = -g_d.sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / N


def axes_left_out(g, d, var, std):
    g_std = -(g * d / std**2).sum()
    g_var = g_std / (2 * std)
    g_square = np.ones_like(d) * g_var / len(d)
    g_d = g / std + 2 * d * g_square
    g_mean = -g_d.sum()
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / len(d)


def straight_road_undivided(g, d, var, std):
    g_std = -(g * d).sum(0) / std**2
    g_var = g_std / (2 * std)
    g_square = np.ones_like(d) * g_var / len(d)
    g_d = g + 2 * d * g_square
    g_mean = -g_d.sum(0)
    return g_std, g_var, g_square, g_d, g_mean, g_d + g_mean / len(d)


def inverse_for_deviation(g, d, var, std):
    n = d.shape[0]
    dstd = (g * d).sum(0)
    dvar = 0.5 / std * dstd
    dsquare = np.ones_like(d) / n * dvar
    dd = g / std + 2 * d * dsquare
    dmean = -dd.sum(0)
    return dstd, dvar, dsquare, dd, dmean, dd + np.ones_like(d) / n * dmean


WRONG = [
    (mean_from_the_first_road_and_n_minus_one, {"count-one-less"}),
    (x_hat_for_d_in_std, {"std-with-x-hat", "inverse-root-for-root"}),
    (axes_left_out, {"std-over-everything", "mean-over-everything"}),
    (straight_road_undivided, {"straight-not-divided"}),
    (two_names_for_one_array, {"x-gradient-for-d"}),
    (counts_the_columns, {"count-of-columns"}),
    (with_eps_lost, {"eps-lost"}),
    (forgets_the_second_road_to_d, {"variance-constant"}),
    (overwrites_in_place_of_adding, {"straight-road-forgotten"}),
    (square_left_as_a_row, {"gradient-not-spread"}),
    (sums_for_means, {"std-averaged", "mean-averaged"}),
    (only_x, {"wrong-count"}),
    (in_the_other_order, {"gradients-reversed"}),
    (inverse_for_deviation, {"slope-of-the-inverse-kept"}),
]

# Right, and earning a remark.
UNWISE = [in_place]
