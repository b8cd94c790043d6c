"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def as_rows(grad, x, gamma, eps):
    n, c, h, w = x.shape
    rows, upstream = (a.transpose(0, 2, 3, 1).reshape(-1, c) for a in (x, grad))
    d = rows - rows.mean(0)
    inv = 1 / np.sqrt((d**2).mean(0) + eps)
    hat = d * inv
    dhat = upstream * gamma
    dx = inv / len(rows) * (len(rows) * dhat - dhat.sum(0) - hat * (dhat * hat).sum(0))
    dx = dx.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    return dx, (upstream * hat).sum(0), upstream.sum(0)


def channel_by_channel(grad, x, gamma, eps):
    dx, dgamma, dbeta = np.zeros_like(x), np.zeros_like(gamma), np.zeros_like(gamma)
    for c in range(x.shape[1]):
        values, up = x[:, c], grad[:, c]
        std = (values.var() + eps) ** 0.5
        hat = (values - values.mean()) / std
        dgamma[c], dbeta[c] = (up * hat).sum(), up.sum()
        dx[:, c] = gamma[c] / std * (up - up.mean() - hat * (up * hat).mean())
    return dx, dgamma, dbeta


def staged(dout, x, gamma, eps):
    m = x.size // x.shape[1]
    g4 = gamma[None, :, None, None]
    mu = np.einsum("nchw->c", x)[None, :, None, None] / m
    xmu = x - mu
    var = np.einsum("nchw,nchw->c", xmu, xmu)[None, :, None, None] / m
    ivar = (var + eps) ** -0.5
    dxhat = dout * g4
    dvar = (dxhat * xmu * -0.5 * ivar**3).sum((0, 2, 3), keepdims=True)
    dmu = -(dxhat * ivar).sum((0, 2, 3), keepdims=True)
    dmu = dmu + dvar * (-2 * xmu).mean((0, 2, 3), keepdims=True)
    dx = dxhat * ivar + dvar * 2 * xmu / m + dmu / m
    return dx, (dout * xmu * ivar).sum((0, 2, 3)), dout.sum((0, 2, 3))


def by_flattening(grad, x, gamma, eps):
    flat, up = x.swapaxes(0, 1).reshape(len(gamma), -1), grad.swapaxes(0, 1)
    up = up.reshape(len(gamma), -1)
    std = np.sqrt(flat.var(1, keepdims=True) + eps)
    hat = (flat - flat.mean(1, keepdims=True)) / std
    inner = up - up.mean(1, keepdims=True) - hat * (up * hat).mean(1, keepdims=True)
    dx = (gamma[:, None] / std * inner).reshape(x.swapaxes(0, 1).shape).swapaxes(0, 1)
    return {"dx": dx, "dgamma": (up * hat).sum(1), "dbeta": up.sum(1)}


def with_the_package(grad, x, gamma, eps):
    from bncourse.scratch import batch_norm, batch_norm_backward

    _, cache = batch_norm(x, gamma, np.zeros_like(gamma), eps=eps)
    return batch_norm_backward(grad, cache)


RIGHT = [as_rows, channel_by_channel, staged, by_flattening, with_the_package]


def reusing_the_dense_version(grad, x, gamma, eps):
    d = x - x.mean(0)
    std = np.sqrt((d**2).mean(0) + eps)
    hat = d / std
    g = gamma[:, None, None] * grad
    dx = (g - g.mean(0) - hat * (g * hat).mean(0)) / std
    return dx, (grad * hat).sum(0), grad.sum(0)


def divided_by_n(grad, x, gamma, eps):
    n = x.shape[0]
    mean, var = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    hat = (x - mean) * inv
    dhat = grad * gamma.reshape(1, -1, 1, 1)
    sums = dhat.sum((0, 2, 3), keepdims=True), (dhat * hat).sum((0, 2, 3), keepdims=True)
    dx = inv / n * (n * dhat - sums[0] - hat * sums[1])
    return dx, (grad * hat).sum((0, 2, 3)), grad.sum((0, 2, 3))


def parameters_over_the_batch(grad, x, gamma, eps):
    dx, *_ = channel_by_channel(grad, x, gamma, eps)
    hat = (x - x.mean((0, 2, 3), keepdims=True)) / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps)
    return dx, (grad * hat).sum(0), grad.sum(0)


def parameters_averaged(grad, x, gamma, eps):
    dx, dgamma, dbeta = as_rows(grad, x, gamma, eps)
    count = x.size / x.shape[1]
    return dx, dgamma / count, dbeta / count


def like_instance_norm(grad, x, gamma, eps):
    out = [
        channel_by_channel(g[None], image[None], gamma, eps)
        for g, image in zip(grad, x, strict=True)
    ]
    dx, dgamma, dbeta = zip(*out, strict=True)
    return np.concatenate(dx), sum(dgamma), sum(dbeta)


def in_evaluation(grad, x, gamma, eps):
    _, dgamma, dbeta = as_rows(grad, x, gamma, eps)
    std = np.sqrt(x.var(axis=(0, 2, 3)) + eps).reshape(-1, 1, 1)
    return grad * gamma.reshape(-1, 1, 1) / std, dgamma, dbeta


def torch_habits(grad, x, gamma, eps):
    mean = x.mean((0, 2, 3), keepdims=True)
    std = x.std((0, 2, 3), keepdims=True, ddof=1) + eps
    hat = (x - mean) / std
    g = grad * gamma[:, None, None]
    m1, m2 = g.mean((0, 2, 3), keepdims=True), (g * hat).mean((0, 2, 3), keepdims=True)
    return (g - m1 - hat * m2) / std, (grad * hat).sum((0, 2, 3)), grad.sum((0, 2, 3))


def gamma_forgotten(grad, x, gamma, eps):
    return as_rows(grad, x, np.ones_like(gamma), eps)


def beta_before_gamma(grad, x, gamma, eps):
    dx, dgamma, dbeta = staged(grad, x, gamma, eps)
    return dx, dbeta, dgamma


def without_the_variance(grad, x, gamma, eps):
    _, dgamma, dbeta = as_rows(grad, x, gamma, eps)
    inv = (x.var((0, 2, 3), keepdims=True) + eps) ** -0.5
    dhat = grad * gamma[:, None, None] * inv
    return dhat - dhat.mean((0, 2, 3), keepdims=True), dgamma, dbeta


def over_the_batch_alone(grad, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    xh = (x - x.mean(0)) / s
    g = grad * gamma[:, None, None]
    dx = (g - g.mean(0) - xh * (g * xh).mean(0)) / s
    return dx, (grad * xh).sum((0, 2, 3)), grad.sum((0, 2, 3))


def wrong_sign(grad, x, gamma, eps):
    k = {"axis": (0, 2, 3), "keepdims": True}
    s = np.sqrt(x.var(**k) + eps)
    xh = (x - x.mean(**k)) / s
    g = grad * gamma[None, :, None, None]
    dx = (g - g.mean(**k) + xh * (g * xh).mean(**k)) / s
    return dx, (grad * xh).sum((0, 2, 3)), grad.sum((0, 2, 3))


WRONG = [
    (reusing_the_dense_version, {"statistics-of-a-position"}),
    (divided_by_n, {"means-divided-by-images"}),
    (parameters_over_the_batch, {"dgamma-over-images-alone", "dbeta-over-images-alone"}),
    (parameters_averaged, {"dgamma-averaged", "dbeta-averaged"}),
    (like_instance_norm, {"statistics-of-an-image"}),
    (in_evaluation, {"statistics-constant"}),
    (torch_habits, {"unbiased-variance", "eps-outside-root"}),
    (gamma_forgotten, {"gamma-missing-in-dx"}),
    (beta_before_gamma, {"dgamma-and-dbeta-swapped"}),
    (without_the_variance, {"variance-constant"}),
    (over_the_batch_alone, {"positions-by-themselves"}),
    (wrong_sign, {"product-added"}),
]
