"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_trying_inputs(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    def both(x):
        z = x @ weight + bias
        return gamma * (z - running_mean) / np.sqrt(running_var + eps) + beta

    n_in = weight.shape[0]
    at_zero = both(np.zeros((1, n_in), weight.dtype))
    return both(np.eye(n_in, dtype=weight.dtype)) - at_zero, at_zero[0]


def with_a_diagonal_matrix(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = np.diag(gamma / np.sqrt(running_var + eps))
    return weight @ scale, (bias - running_mean) @ scale + beta


def by_loops(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    new_weight, new_bias = np.zeros_like(weight), np.zeros_like(bias)
    for j in range(weight.shape[1]):
        std = (running_var[j] + eps) ** 0.5
        for i in range(weight.shape[0]):
            new_weight[i, j] = gamma[j] * weight[i, j] / std
        new_bias[j] = gamma[j] * (bias[j] - running_mean[j]) / std + beta[j]
    return new_weight, new_bias


def in_two_steps(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma * (running_var + eps) ** -0.5
    offset = beta - slope * running_mean
    return {"new_weight": np.einsum("ij,j->ij", weight, slope), "new_bias": slope * bias + offset}


def in_place_on_copies(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    weight, bias = weight.copy(), bias.copy()
    slope = gamma / np.sqrt(running_var + eps)
    weight *= slope
    bias -= running_mean
    bias *= slope
    bias += beta
    return [weight, bias]


def transposed(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = (gamma / np.sqrt(running_var + eps)).reshape(-1, 1)
    return (weight.T * slope).T, slope[:, 0] * (bias - running_mean) + beta


RIGHT = [
    by_trying_inputs,
    with_a_diagonal_matrix,
    by_loops,
    in_two_steps,
    in_place_on_copies,
    transposed,
]


def for_a_layer_without_bias(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return weight * slope, beta - running_mean * slope


def bias_added_at_the_end(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return weight * slope, bias + beta - running_mean * slope


def as_torch_lays_out_weights(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return weight * slope[:, None], (bias - running_mean) * slope + beta


def without_eps(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var)
    return weight * slope, (bias - running_mean) * slope + beta


def variance_for_deviation(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / (running_var + eps)
    return weight * slope, (bias - running_mean) * slope + beta


def only_the_bias(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return weight, (bias - running_mean) * slope + beta


def in_place(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    weight *= slope
    return weight, (bias - running_mean) * slope + beta


def bias_first(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    return with_a_diagonal_matrix(weight, bias, gamma, beta, running_mean, running_var, eps)[::-1]


def stored_transposed(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return (weight * slope).T, (bias - running_mean) * slope + beta


def for_a_layer_after_batch_norm(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return weight * slope[:, None], bias + (beta - running_mean * slope) @ weight


def weight_as_if_it_were_x(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return (weight - running_mean) * slope + beta, (bias - running_mean) * slope + beta


def root_in_the_weight_only(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    var = running_var + eps
    return weight * gamma / np.sqrt(var), (bias - running_mean) * gamma / var + beta


def bias_twice(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    slope = gamma / np.sqrt(running_var + eps)
    return weight * slope, bias + slope * (bias - running_mean) + beta


def mean_through_the_weight(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    weight = weight * gamma / np.sqrt(running_var + eps)
    slope = gamma / np.sqrt(running_var + eps)
    return weight, slope * bias + beta - weight.sum(0) * running_mean


def batch_norm_before_the_layer(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    # pushes the shift of batch norm through the weight, summing over the inputs
    s = gamma / np.sqrt(running_var + eps)
    t = beta - running_mean * s
    return weight * s, bias + (weight * t).sum(axis=0)


def beta_is_scaled_too(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    std = np.sqrt(running_var + eps)
    new_weight = gamma * weight / std
    new_bias = (gamma * (bias - running_mean) + beta) / std
    return new_weight, new_bias


def for_a_layer_without_bias_and_mean_as_it_is(
    weight, bias, gamma, beta, running_mean, running_var, eps=1e-5
):
    return weight * (gamma / np.sqrt(running_var + eps)), beta - running_mean


WRONG = [
    (for_a_layer_after_batch_norm, {"fold-norm-first"}),
    (weight_as_if_it_were_x, {"weight-through-batch-norm"}),
    (root_in_the_weight_only, {"fold-root-missing-in-bias"}),
    (bias_twice, {"fold-bias-twice"}),
    (mean_through_the_weight, {"fold-mean-through-weight"}),
    (for_a_layer_without_bias, {"fold-bias-dropped"}),
    (bias_added_at_the_end, {"fold-bias-not-scaled"}),
    (as_torch_lays_out_weights, {"weight-scaled-along-inputs"}),
    (without_eps, {"fold-eps-missing"}),
    (variance_for_deviation, {"fold-divided-by-variance"}),
    (only_the_bias, {"weight-not-scaled"}),
    (bias_first, {"weight-and-bias-swapped"}),
    (stored_transposed, {"weight-transposed"}),
    (batch_norm_before_the_layer, {"fold-offset-through-weight"}),
    (beta_is_scaled_too, {"fold-beta-scaled"}),
    (for_a_layer_without_bias_and_mean_as_it_is, {"fold-bias-dropped-mean-not-scaled"}),
]

# Right, and earning a remark.
UNWISE = [in_place]
