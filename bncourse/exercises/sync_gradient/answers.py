"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_g(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    inv = (var + eps) ** -0.5
    x_hat = (x - mean) * inv
    own = grad.sum(0), (grad * x_hat).sum(0)
    total, total_x_hat = own[0] + others, own[1] + others_x_hat
    dx = gamma * inv / count * (count * grad - total - x_hat * total_x_hat)
    return dx, own[1], own[0]


def by_the_chain_rule(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    dgamma, dbeta = np.einsum("nc,nc->c", grad, x_hat), np.einsum("nc->c", grad)
    dvar = -gamma * (dgamma + others_x_hat) / (2 * std**2)
    dmean = -gamma * (dbeta + others) / std
    dx = gamma * grad / std + dvar * 2 * (x - mean) / count + dmean / count
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def by_loops(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    dx, dgamma, dbeta = np.zeros(x.shape), np.zeros(len(mean)), np.zeros(len(mean))
    for c in range(x.shape[1]):
        std = (var[c] + eps) ** 0.5
        for n in range(len(x)):
            dbeta[c] += grad[n, c]
            dgamma[c] += grad[n, c] * (x[n, c] - mean[c]) / std
        for n in range(len(x)):
            x_hat = (x[n, c] - mean[c]) / std
            removed = dbeta[c] + others[c] + x_hat * (dgamma[c] + others_x_hat[c])
            dx[n, c] = gamma[c] * (grad[n, c] - removed / count) / std
    return dx, dgamma, dbeta


def with_a_row_for_the_others(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    x_hat = (x - mean) / np.sqrt(var + eps)
    sums = np.vstack([grad, others]).sum(0), np.vstack([grad * x_hat, others_x_hat]).sum(0)
    dx = grad - sums[0] / count - x_hat * sums[1] / count
    dx *= gamma / np.sqrt(var + eps)
    return dx, sums[1] - others_x_hat, sums[0] - others


def with_g_scaled_first(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    x_hat, g = (x - mean) / std, gamma * grad
    ones = (g.sum(0) + gamma * others) / count
    along = ((g * x_hat).sum(0) + gamma * others_x_hat) / count
    return (g - ones - along * x_hat) / std, (grad * x_hat).sum(0), grad.sum(0)


RIGHT = [by_g, by_the_chain_rule, by_loops, with_a_row_for_the_others, with_g_scaled_first]


def with_means(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    dx = gamma / std * (grad - grad.mean(0) - x_hat * (grad * x_hat).mean(0))
    return dx, (grad * x_hat).sum(0), grad.sum(0)


def own_sums_over_the_whole_count(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    dgamma, dbeta = (grad * x_hat).sum(0), grad.sum(0)
    return gamma / std / count * (count * grad - dbeta - x_hat * dgamma), dgamma, dbeta


def all_of_everything(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    dx, dgamma, dbeta = by_g(grad, x, mean, var, count, others, others_x_hat, gamma, eps)
    return dx, others_x_hat + dgamma, others + dbeta


def over_own_samples(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, mean, var, x.shape[0], others, others_x_hat, gamma, eps)


def the_wrong_way_round(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, mean, var, count, others_x_hat, others, gamma, eps)


def with_own_statistics(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, x.mean(0), x.var(0), count, others, others_x_hat, gamma, eps)


def as_in_evaluation(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    inv = 1 / np.sqrt(var + eps)
    return grad * gamma * inv, (grad * (x - mean) * inv).sum(0), grad.sum(0)


def without_eps(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, mean, var, count, others, others_x_hat, gamma, 0)


def without_the_variance(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    dx = gamma / std * (grad - (grad.sum(0) + others) / count)
    return dx, (grad * (x - mean) / std).sum(0), grad.sum(0)


def only_the_first_sum_shared(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, mean, var, count, others, 0, gamma, eps)


def gamma_forgotten(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, mean, var, count, others, others_x_hat, 1, eps)


def beta_first(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    dx, dgamma, dbeta = by_g(grad, x, mean, var, count, others, others_x_hat, gamma, eps)
    return dx, dbeta, dgamma


def dx_alone(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    return by_g(grad, x, mean, var, count, others, others_x_hat, gamma, eps)[0]


def only_what_was_sent(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    xh = (x - mean) / std
    dx = gamma / std * (grad - others / count - xh * others_x_hat / count)
    return dx, (grad * xh).sum(0), grad.sum(0)


def second_sign(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    inv = 1 / np.sqrt(var + eps)
    xh = (x - mean) * inv
    db, dg = grad.sum(0), (grad * xh).sum(0)
    return gamma * inv * (grad - (db + others) / count + xh * (dg + others_x_hat) / count), dg, db


def first_sign(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    inv = 1 / np.sqrt(var + eps)
    xh = (x - mean) * inv
    db, dg = grad.sum(0), (grad * xh).sum(0)
    return gamma * inv * (grad + (db + others) / count - xh * (dg + others_x_hat) / count), dg, db


def from_the_gradient_of_x_hat(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    std = np.sqrt(var + eps)
    xh = (x - mean) / std
    h = grad * gamma
    removed = (h.sum(0) + others) / count + xh * ((h * xh).sum(0) + others_x_hat) / count
    return (h - removed) / std, (grad * xh).sum(0), grad.sum(0)


def with_the_deviation(grad, x, mean, var, count, others, others_x_hat, gamma, eps):
    inv, d = 1 / np.sqrt(var + eps), x - mean
    products = ((grad * d).sum(0) + others_x_hat) / count
    dx = gamma * inv * (grad - (grad.sum(0) + others) / count - d * inv**2 * products)
    return dx, (grad * d).sum(0) * inv, grad.sum(0)


WRONG = [
    (with_means, {"not-synchronized"}),
    (own_sums_over_the_whole_count, {"others-left-out"}),
    (all_of_everything, {"parameters-of-all"}),
    (over_own_samples, {"divided-by-own-count"}),
    (the_wrong_way_round, {"others-swapped"}),
    (with_own_statistics, {"own-statistics"}),
    (as_in_evaluation, {"both-held-constant"}),
    (without_eps, {"eps-forgotten"}),
    (without_the_variance, {"variance-held-constant"}),
    (only_the_first_sum_shared, {"other-products-left-out"}),
    (gamma_forgotten, {"gradient-without-gamma"}),
    (beta_first, {"parameters-swapped"}),
    (dx_alone, {"wrong-count"}),
    (only_what_was_sent, {"own-sums-left-out"}),
    (second_sign, {"product-added"}),
    (first_sign, {"mean-added"}),
    (from_the_gradient_of_x_hat, {"gamma-in-own-sums-alone"}),
    (with_the_deviation, {"own-product-with-deviation"}),
]
