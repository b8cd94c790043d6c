"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np

from bncourse import scratch


def by_the_parameters(grad, x, gamma, eps):
    n, inv_std = len(x), 1 / np.sqrt(x.var(0) + eps)
    x_hat = (x - x.mean(0)) * inv_std
    dbeta = grad.sum(0)
    dgamma = np.sum(grad * x_hat, 0)
    return gamma * inv_std / n * (n * grad - dbeta - x_hat * dgamma), dgamma, dbeta


def by_the_article(grad, x, gamma, eps):
    """The six derivatives of section 3 of the article."""
    m, mean, var = x.shape[0], x.mean(0), x.var(0)
    dx_hat = grad * gamma
    dvar = np.sum(dx_hat * (x - mean) * -0.5 * (var + eps) ** -1.5, axis=0)
    dmean = np.sum(dx_hat * -1 / np.sqrt(var + eps), axis=0) + dvar * np.mean(-2 * (x - mean), 0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mean) / m + dmean / m
    return dx, np.sum(grad * (x - mean) / np.sqrt(var + eps), axis=0), np.sum(grad, axis=0)


def by_projections(grad, x, gamma, eps):
    dx, dgamma, dbeta = np.zeros_like(x), np.zeros_like(gamma), np.zeros_like(gamma)
    for c in range(x.shape[1]):
        s = np.sqrt(x[:, c].var() + eps)
        x_hat = (x[:, c] - x[:, c].mean()) / s
        dgamma[c] = grad[:, c] @ x_hat
        dbeta[c] = grad[:, c].sum()
        jacobian = (np.eye(len(x)) - 1 / len(x) - np.outer(x_hat, x_hat) / len(x)) / s
        dx[:, c] = gamma[c] * jacobian @ grad[:, c]
    return dx, dgamma, dbeta


def by_einsum(grad, x, gamma, eps):
    d = x - np.einsum("nc->c", x) / len(x)
    var = np.einsum("nc,nc->c", d, d) / len(x)
    x_hat = d / np.sqrt(var + eps)
    dgamma, dbeta = np.einsum("nc,nc->c", grad, x_hat), np.einsum("nc->c", grad)
    dx = grad - (dbeta + x_hat * dgamma) / len(x)
    return {"dx": dx * gamma / np.sqrt(var + eps), "dgamma": dgamma, "dbeta": dbeta}


def by_the_package(grad, x, gamma, eps):
    _, cache = scratch.batch_norm(x, gamma, np.zeros_like(gamma), eps=eps)
    return scratch.batch_norm_backward(grad, cache)


def in_place_on_copies(grad, x, gamma, eps):
    x_hat = x - x.mean(0)
    std = np.sqrt((x_hat**2).mean(0) + eps)
    x_hat /= std
    dx = grad * gamma
    dx -= dx.mean(0) + x_hat * (dx * x_hat).mean(0)
    dx /= std
    return [dx, (grad * x_hat).sum(0), grad.sum(0)]


RIGHT = [
    by_the_parameters,
    by_the_article,
    by_projections,
    by_einsum,
    by_the_package,
    in_place_on_copies,
]


def _forward(x, eps):
    std = np.sqrt(x.var(0) + eps)
    return (x - x.mean(0)) / std, std


def like_an_affine_map(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    return grad * gamma / std, (grad * x_hat).sum(0), grad.sum(0)


def article_without_variance(grad, x, gamma, eps):
    _, dgamma, dbeta = by_the_article(grad, x, gamma, eps)
    dx_hat, std = grad * gamma, np.sqrt(x.var(0) + eps)
    return dx_hat / std - dx_hat.sum(0) / std / len(x), dgamma, dbeta


def article_without_mean(grad, x, gamma, eps):
    _, dgamma, dbeta = by_the_article(grad, x, gamma, eps)
    dx_hat, var, d = grad * gamma, x.var(0), x - x.mean(0)
    dvar = (dx_hat * d).sum(0) * -0.5 * (var + eps) ** -1.5
    return dx_hat / np.sqrt(var + eps) + dvar * 2 * d / len(x), dgamma, dbeta


def torch_like_variance(grad, x, gamma, eps):
    std = np.sqrt(x.var(0, ddof=1) + eps)
    x_hat = (x - x.mean(0)) / std
    g = grad * gamma
    dx = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def batch_in_the_loss_twice(grad, x, gamma, eps):
    dx, dgamma, dbeta = by_the_parameters(grad, x, gamma, eps)
    return dx, dgamma / len(x), dbeta / len(x)


def forgets_the_count(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    dgamma, dbeta = (grad * x_hat).sum(0), grad.sum(0)
    return gamma / std * (grad - dbeta - x_hat * dgamma), dgamma, dbeta


def forgets_the_count_in_front(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    dgamma, dbeta = (grad * x_hat).sum(0), grad.sum(0)
    return gamma / std * (len(x) * grad - dbeta - x_hat * dgamma), dgamma, dbeta


def forgets_the_count_inside(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    dgamma, dbeta = (grad * x_hat).sum(0), grad.sum(0)
    return gamma / std / len(x) * (grad - dbeta - x_hat * dgamma), dgamma, dbeta


def of_layer_norm(grad, x, gamma, eps):
    std = np.sqrt(x.var(1, keepdims=True) + eps)
    x_hat = (x - x.mean(1, keepdims=True)) / std
    g = grad * gamma
    dx = g - g.mean(1, keepdims=True) - x_hat * (g * x_hat).mean(1, keepdims=True)
    return dx / std, (grad * x_hat).sum(0), grad.sum(0)


def chapter_line_without_gamma(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    dx = (grad - grad.mean(0) - x_hat * (grad * x_hat).mean(0)) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def names_shadowed(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    grad = grad * gamma
    dx = (grad - grad.mean(0) - x_hat * (grad * x_hat).mean(0)) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def exponent_of_the_root(grad, x, gamma, eps):
    _, dgamma, dbeta = by_the_article(grad, x, gamma, eps)
    g, d, var = grad * gamma, x - x.mean(0), x.var(0)
    dvar = (g * d).sum(0) * -0.5 * (var + eps) ** -1
    dx = g / np.sqrt(var + eps) + dvar * 2 * d / len(x)
    return dx - dx.mean(0), dgamma, dbeta


def parts_of_the_parameters(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    dgamma, dbeta = (grad * x_hat).sum(0), grad.sum(0)
    return (gamma * grad - dbeta / len(x) - x_hat * dgamma / len(x)) / std, dgamma, dbeta


def only_dx(grad, x, gamma, eps):
    return by_the_article(grad, x, gamma, eps)[0]


def keeps_dims(grad, x, gamma, eps):
    dx, dgamma, dbeta = by_the_article(grad, x, gamma, eps)
    return dx, dgamma[None], dbeta[None]


def in_place(grad, x, gamma, eps):
    out = by_the_article(grad, x, gamma, eps)
    grad *= gamma
    return out


def whole_projection(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    g = gamma * grad
    parallel = x_hat * (g * x_hat).sum(0) / (x_hat * x_hat).sum(0)
    return (g - g.mean(0) - parallel) / std, (grad * x_hat).sum(0), grad.sum(0)


def counts_the_features(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    g, n = gamma * grad, x.shape[1]
    dx = (g - g.sum(0) / n - x_hat * (g * x_hat).sum(0) / n) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def parameters_first(grad, x, gamma, eps):
    dx, dgamma, dbeta = by_the_article(grad, x, gamma, eps)
    return dgamma, dbeta, dx


def staged_without_the_half(dout, x, gamma, eps):
    _, dgamma, dbeta = by_the_article(dout, x, gamma, eps)
    xmu, var = x - x.mean(axis=0), x.var(axis=0)
    dxhat = dout * gamma
    dvar = -np.sum(dxhat * xmu, axis=0) * (var + eps) ** -1.5
    dmean = -np.sum(dxhat / np.sqrt(var + eps), axis=0)
    dx = dxhat / np.sqrt(var + eps) + dvar * 2 * xmu / len(x) + dmean / len(x)
    return dx, dgamma, dbeta


def own_derivative(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    n = len(x)
    dx = gamma * grad / std * (1 - 1 / n - x_hat**2 / n)
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def axes_left_out(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    n = len(x)
    dgamma, dbeta = (grad * x_hat).sum(), grad.sum()
    return gamma / std * (grad - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def means_for_all_sums(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    n = len(x)
    dgamma, dbeta = (grad * x_hat).mean(0), grad.mean(0)
    return gamma / std * (grad - dbeta / n - x_hat * dgamma / n), dgamma, dbeta


def gamma_in_two_of_three(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    g = gamma * grad
    dx = (g - grad.mean(0) - x_hat * (g * x_hat).mean(0)) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def mean_twice(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    g = gamma * grad
    g = g - g.mean(0)
    dx = (g - (gamma * grad).mean(0) - x_hat * (g * x_hat).mean(0)) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def added_and_over_one_less(grad, x, gamma, eps):
    x_hat, std = _forward(x, eps)
    g = gamma * grad
    dx = (g - g.mean(0) + x_hat * (g * x_hat).sum(0) / (len(x) - 1)) / std
    return dx, (grad * x_hat).sum(0), grad.sum(0)


WRONG = [
    (staged_without_the_half, {"x-hat-part-doubled"}),
    (own_derivative, {"own-derivative-alone"}),
    (axes_left_out, {"means-over-everything", "sums-over-everything"}),
    (means_for_all_sums, {"means-divided-again", "parameters-averaged"}),
    (gamma_in_two_of_three, {"gamma-missing-in-mean-of-g"}),
    (mean_twice, {"mean-of-g-twice"}),
    (added_and_over_one_less, {"x-hat-part-added", "product-over-one-less"}),
    (whole_projection, {"projection-exact"}),
    (counts_the_features, {"means-over-columns-count"}),
    (parameters_first, {"dx-returned-last"}),
    (like_an_affine_map, {"statistics-constant"}),
    (article_without_variance, {"variance-constant"}),
    (article_without_mean, {"mean-constant"}),
    (torch_like_variance, {"unbiased-variance"}),
    (batch_in_the_loss_twice, {"parameters-averaged"}),
    (forgets_the_count, {"sums-for-means"}),
    (forgets_the_count_in_front, {"count-too-much"}),
    (forgets_the_count_inside, {"count-of-g-missing"}),
    (of_layer_norm, {"per-sample-statistics"}),
    (chapter_line_without_gamma, {"gamma-missing-in-dx"}),
    (names_shadowed, {"dgamma-with-gamma", "dbeta-with-gamma"}),
    (exponent_of_the_root, {"deviation-for-x-hat"}),
    (parts_of_the_parameters, {"gamma-missing-in-means"}),
    (only_dx, {"wrong-count"}),
    (keeps_dims, {"axes-of-one"}),
    (lambda grad, x, gamma, eps: (grad.tolist(), gamma, gamma), None),
]

# Right, and earning a remark.
UNWISE = [in_place]
