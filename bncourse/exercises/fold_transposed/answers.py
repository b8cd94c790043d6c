"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def group_by_group(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / np.sqrt(var + eps)
    parts = zip(np.split(weight, groups), np.split(scale, groups), strict=True)
    new = np.concatenate([w * s[None, :, None, None] for w, s in parts])
    return new, scale * (bias - mean) + beta


def with_an_axis_for_groups(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma * (var + eps) ** -0.5
    blocks = weight.reshape(groups, -1, *weight.shape[1:])
    new = blocks * scale.reshape(groups, 1, -1, 1, 1)
    return new.reshape(weight.shape), bias * scale + (beta - mean * scale)


def by_einsum(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / np.sqrt(var + eps)
    blocks = weight.reshape(groups, -1, *weight.shape[1:])
    new = np.einsum("giokl,go->giokl", blocks, scale.reshape(groups, -1))
    return {"new_weight": new.reshape(weight.shape), "new_bias": (bias - mean) * scale + beta}


def by_loops(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    new, new_bias = np.zeros_like(weight), np.zeros_like(bias)
    inputs, outputs = len(weight) // groups, weight.shape[1]
    for i in range(len(weight)):
        for j in range(outputs):
            c = (i // inputs) * outputs + j
            new[i, j] = weight[i, j] * gamma[c] / np.sqrt(var[c] + eps)
    for c in range(len(bias)):
        new_bias[c] = gamma[c] * (bias[c] - mean[c]) / np.sqrt(var[c] + eps) + beta[c]
    return new, new_bias


def by_index(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    std = np.sqrt(var + eps)
    first = np.arange(len(weight)) // (len(weight) // groups) * weight.shape[1]
    channel = first[:, None] + np.arange(weight.shape[1])
    return [weight * (gamma / std)[channel][..., None, None], gamma * (bias - mean) / std + beta]


RIGHT = [group_by_group, with_an_axis_for_groups, by_einsum, by_loops, by_index]


def as_for_a_convolution(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / np.sqrt(var + eps)
    return scale.reshape(-1, 1, 1, 1) * weight, scale * (bias - mean) + beta


def without_groups(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[None, :, None, None], scale * (bias - mean) + beta


def slopes_of_the_first_group(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / np.sqrt(var + eps)
    return weight * scale[None, : weight.shape[1], None, None], scale * (bias - mean) + beta


def inputs_in_turn(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = (gamma / np.sqrt(var + eps)).reshape(groups, -1)
    new = np.stack([w * scale[i % groups][:, None, None] for i, w in enumerate(weight)])
    return new, (bias - mean) * scale.ravel() + beta


def outputs_in_turn(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    scale = gamma / np.sqrt(var + eps)
    parts = np.split(weight, groups)
    new = np.concatenate([w * scale[g::groups][None, :, None, None] for g, w in enumerate(parts)])
    return new, (bias - mean) * scale + beta


def bias_as_it_was(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    new, _ = group_by_group(weight, bias, groups, gamma, beta, mean, var, eps)
    return new, bias


def bias_lost(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    new, _ = group_by_group(weight, bias, groups, gamma, beta, mean, var, eps)
    return new, beta - mean * gamma / np.sqrt(var + eps)


def no_root(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    return group_by_group(weight, bias, groups, gamma, beta, mean, (var + eps) ** 2, 0)


def eps_forgotten(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    with np.errstate(divide="ignore"):
        return group_by_group(weight, bias, groups, gamma, beta, mean, var, 0)


def bias_added_last(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    new, shift = group_by_group(weight, 0, groups, gamma, beta, mean, var, eps)
    return new, bias + shift


WRONG = [
    (as_for_a_convolution, {"transposed-outputs-first"}),
    (without_groups, {"transposed-groups-unknown"}),
    (slopes_of_the_first_group, {"transposed-first-group-only"}),
    (inputs_in_turn, {"transposed-inputs-in-turn"}),
    (outputs_in_turn, {"transposed-outputs-in-turn"}),
    (bias_as_it_was, {"transposed-bias-unchanged"}),
    (bias_lost, {"transposed-bias-dropped"}),
    (no_root, {"transposed-divided-by-variance"}),
    (eps_forgotten, {"transposed-eps-missing"}),
    (bias_added_last, {"transposed-bias-not-scaled"}),
]
