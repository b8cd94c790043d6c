"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def with_five_axes(x, groups, gamma, beta, eps=1e-5):
    n, c, h, w = x.shape
    g = x.reshape(n, groups, c // groups, h, w)
    m = g.mean(axis=(2, 3, 4), keepdims=True)
    v = g.var(axis=(2, 3, 4), keepdims=True)
    g = (g - m) / np.sqrt(v + eps)
    return g.reshape(n, c, h, w) * gamma[None, :, None, None] + beta[None, :, None, None]


def by_loops(x, groups, gamma, beta, eps=1e-5):
    y, size = np.empty_like(x), x.shape[1] // groups
    for i in range(len(x)):
        for g in range(groups):
            part = slice(g * size, (g + 1) * size)
            pool = x[i, part]
            y[i, part] = (pool - pool.mean()) / (pool.var() + eps) ** 0.5
    for c in range(x.shape[1]):
        y[:, c] = gamma[c] * y[:, c] + beta[c]
    return y


def by_splitting(x, groups, gamma, beta, eps=1e-5):
    parts = np.split(x, groups, axis=1)
    hats = [
        (p - p.mean((1, 2, 3), keepdims=True)) / np.sqrt(p.var((1, 2, 3), keepdims=True) + eps)
        for p in parts
    ]
    y = np.concatenate(hats, axis=1)
    return (y.transpose(0, 2, 3, 1) * gamma + beta).transpose(0, 3, 1, 2)


def affine_inside(x, groups, gamma, beta, eps=1e-5):
    n, c, h, w = x.shape
    g = x.reshape(n, groups, c // groups, h * w)
    d = g - g.mean((2, 3), keepdims=True)
    y = d / np.sqrt((d * d).mean((2, 3), keepdims=True) + eps)
    shape = (1, groups, c // groups, 1)
    return (y * gamma.reshape(shape) + beta.reshape(shape)).reshape(x.shape)


def with_the_package(x, groups, gamma, beta, eps=1e-5):
    from bncourse.scratch import group_norm

    return group_norm(x, groups, gamma, beta, eps=eps)[0]


RIGHT = [with_five_axes, by_loops, by_splitting, affine_inside, with_the_package]


def hats(x, groups, eps):
    ones = np.ones(x.shape[1], x.dtype)
    return with_five_axes(x, groups, ones, 0 * ones, eps)


def one_gamma_a_group(x, groups, gamma, beta, eps=1e-5):
    n, c, h, w = x.shape
    y = hats(x, groups, eps).reshape(n, groups, c // groups, h, w)
    shape = (1, groups, 1, 1, 1)
    y = gamma[:groups].reshape(shape) * y + beta[:groups].reshape(shape)
    return y.reshape(x.shape)


def broadcast_along_the_width(x, groups, gamma, beta, eps=1e-5):
    return gamma * hats(x, groups, eps) + beta


def interleaved(x, groups, gamma, beta, eps=1e-5):
    y = np.empty_like(x)
    for g in range(groups):
        part = x[:, g::groups]
        mean, var = part.mean((1, 2, 3), keepdims=True), part.var((1, 2, 3), keepdims=True)
        y[:, g::groups] = (part - mean) / np.sqrt(var + eps)
    return gamma[:, None, None] * y + beta[:, None, None]


def channels_per_group(x, channels, gamma, beta, eps=1e-5):
    return with_five_axes(x, x.shape[1] // channels, gamma, beta, eps)


def instance(x, groups, gamma, beta, eps=1e-5):
    m, v = x.mean((2, 3), keepdims=True), x.var((2, 3), keepdims=True)
    return gamma[:, None, None] * (x - m) / np.sqrt(v + eps) + beta[:, None, None]


def layer(x, groups, gamma, beta, eps=1e-5):
    m, v = x.mean((1, 2, 3), keepdims=True), x.var((1, 2, 3), keepdims=True)
    return gamma[:, None, None] * (x - m) / np.sqrt(v + eps) + beta[:, None, None]


def over_the_batch(x, groups, gamma, beta, eps=1e-5):
    n, c, h, w = x.shape
    g = x.reshape(n, groups, c // groups, h, w)
    m, v = g.mean((0, 2, 3, 4), keepdims=True), g.var((0, 2, 3, 4), keepdims=True)
    y = ((g - m) / np.sqrt(v + eps)).reshape(x.shape)
    return gamma[:, None, None] * y + beta[:, None, None]


def torch_std(x, groups, gamma, beta, eps=1e-5):
    g = x.reshape(x.shape[0], groups, -1)
    y = (g - g.mean(-1, keepdims=True)) / (g.std(-1, keepdims=True, ddof=1) + eps)
    return gamma.reshape(1, -1, 1, 1) * y.reshape(x.shape) + beta.reshape(1, -1, 1, 1)


def only_normalised(x, groups, gamma, beta, eps=1e-5):
    return hats(x, groups, eps)


def fixed_eps(x, groups, gamma, beta, eps=1e-5):
    return with_five_axes(x, groups, gamma, beta)


def gamma_about_zero(x, groups, gamma, beta, eps=1e-5):
    rows = x.reshape(len(x) * groups, -1)
    rows = (rows - rows.mean(1, keepdims=True)) / np.sqrt(rows.var(1, keepdims=True) + eps)
    return rows.reshape(x.shape) * (1 + gamma[:, None, None]) + beta[:, None, None]


WRONG = [
    (one_gamma_a_group, {"gamma-of-the-group"}),
    (broadcast_along_the_width, {"gamma-along-width"}),
    (interleaved, {"groups-by-turns"}),
    (channels_per_group, {"channels-of-a-group-for-groups"}),
    (instance, {"a-group-for-each-channel"}),
    (layer, {"one-group-for-all"}),
    (over_the_batch, {"pooled-over-images"}),
    (torch_std, {"unbiased-variance", "eps-outside-root"}),
    (only_normalised, {"gamma-and-beta-ignored"}),
    (fixed_eps, {"eps-ignored"}),
    (gamma_about_zero, {"one-added-to-gamma"}),
]
