"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

from copy import deepcopy

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_linear_bn_eval


def layer(weight, bias):
    new = nn.Linear(weight.shape[1], weight.shape[0])
    new.weight.data, new.bias.data = weight.detach().clone(), bias.detach().clone()
    return new


def library(linear, norm):
    return fuse_linear_bn_eval(deepcopy(linear).eval(), deepcopy(norm).eval())


def by_unit_vectors(linear, norm):
    copy = deepcopy(norm).eval()
    with torch.no_grad():
        offset = copy(linear(torch.zeros(1, linear.in_features)))
        columns = copy(linear(torch.eye(linear.in_features))) - offset
    return layer(columns.T, offset[0])


def by_a_diagonal_matrix(linear, norm):
    scale = torch.diag(norm.weight * (norm.running_var + norm.eps).rsqrt())
    bias = linear.bias if linear.bias is not None else torch.zeros(linear.out_features)
    return layer(scale @ linear.weight, scale @ (bias - norm.running_mean) + norm.bias)


def by_loops(linear, norm):
    weight, bias = linear.weight.detach().clone(), torch.zeros(linear.out_features)
    for c in range(linear.out_features):
        s = float(norm.weight[c]) / (float(norm.running_var[c]) + norm.eps) ** 0.5
        old = 0.0 if linear.bias is None else float(linear.bias[c])
        weight[c] *= s
        bias[c] = (old - float(norm.running_mean[c])) * s + float(norm.bias[c])
    return layer(weight, bias)


def on_a_copy(linear, norm):
    new = deepcopy(linear)
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    with torch.no_grad():
        new.weight.mul_(slope.unsqueeze(1))
        start = norm.bias - norm.running_mean * slope
        if new.bias is None:
            new.bias = nn.Parameter(start)
        else:
            new.bias.mul_(slope).add_(start)
    return new


def transposed(linear, norm):
    slope = norm.weight / (norm.running_var + norm.eps) ** 0.5
    start = norm.bias - slope * norm.running_mean
    if linear.bias is not None:
        start = start + slope * linear.bias
    return layer((linear.weight.T * slope).T, start)


RIGHT = [library, by_unit_vectors, by_a_diagonal_matrix, by_loops, on_a_copy, transposed]


def old_bias(linear):
    return torch.zeros(linear.out_features) if linear.bias is None else linear.bias


def sent_through(linear, norm):
    with torch.no_grad():
        rows = torch.cat([torch.zeros(1, linear.in_features), torch.eye(linear.in_features)])
        y = norm(linear(rows))
    return layer((y[1:] - y[0]).T, y[0])


def sent_through_and_left(linear, norm):
    norm.eval()
    return by_unit_vectors(linear, norm)


def sent_through_and_train(linear, norm):
    new = by_unit_vectors(linear, norm)
    norm.train()
    return new


def put_back(linear, norm):
    kept = deepcopy(norm.state_dict())
    new = sent_through(linear, norm)
    norm.load_state_dict(kept)
    return new


def mode_of_one_for_both(linear, norm):
    was = linear.training
    new = by_unit_vectors(linear, norm)
    linear.train(was)
    norm.train(was)
    return new


def both_in_evaluation(linear, norm):
    return library(linear.eval(), norm.eval())


def eps_outside(linear, norm):
    slope = norm.weight / (norm.running_var.sqrt() + norm.eps)
    bias = (old_bias(linear) - norm.running_mean) * slope + norm.bias
    return layer(slope[:, None] * linear.weight, bias)


def beta_inside(linear, norm):
    slope = norm.weight / (norm.running_var + norm.eps).sqrt()
    bias = (old_bias(linear) - norm.running_mean + norm.bias) * slope
    return layer(slope[:, None] * linear.weight, bias)


def offset_not_subtracted(linear, norm):
    copy = deepcopy(norm).eval()
    with torch.no_grad():
        offset = copy(linear(torch.zeros(1, linear.in_features)))[0]
        return layer(copy(linear(torch.eye(linear.in_features))).T, offset)


def bias_only_if_there_was_one(linear, norm):
    right = by_loops(linear, norm)
    if linear.bias is None:
        right.bias = None
    return right


def transposed_weights(linear, norm):
    right = by_loops(linear, norm)
    return layer(right.weight.T, right.bias)


def no_bias_inside(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return layer(slope[:, None] * linear.weight, norm.bias - norm.running_mean * slope)


def bias_beside(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = old_bias(linear) + norm.bias - norm.running_mean * slope
    return layer(slope[:, None] * linear.weight, bias)


def no_eps(linear, norm):
    slope = norm.weight / norm.running_var.sqrt()
    bias = (old_bias(linear) - norm.running_mean) * slope + norm.bias
    return layer(slope[:, None] * linear.weight, bias)


def usual_eps(linear, norm, eps=1e-5):
    slope = norm.weight / torch.sqrt(norm.running_var + eps)
    bias = (old_bias(linear) - norm.running_mean) * slope + norm.bias
    return layer(slope[:, None] * linear.weight, bias)


def wrong_way_round(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = (old_bias(linear) - norm.running_mean) * slope + norm.bias
    return layer(slope * linear.weight, bias)


def forgets_beta(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = (old_bias(linear) - norm.running_mean) * slope
    return layer(slope[:, None] * linear.weight, bias)


def in_place(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = (old_bias(linear) - norm.running_mean) * slope + norm.bias
    linear.weight.data *= slope.detach()[:, None]
    linear.bias = nn.Parameter(bias.detach())
    return linear


def not_folded(linear, norm):
    return nn.Sequential(linear, deepcopy(norm).eval())


def two_numbers(linear, norm):
    new = by_loops(linear, norm)
    return new.weight, new.bias


def returns_the_linear_layer(linear, norm):
    return linear


def no_bias_is_none(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = (linear.bias - norm.running_mean) * slope + norm.bias
    return layer(slope[:, None] * linear.weight, bias)


def forgets_return(linear, norm):
    by_loops(linear, norm)


def adds_the_mean(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = (old_bias(linear) + norm.running_mean) * slope + norm.bias
    return layer(slope[:, None] * linear.weight, bias)


def forgets_beta_and_a_slope(linear, norm):
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return layer(slope[:, None] * linear.weight, old_bias(linear) * slope - norm.running_mean)


def keeps_what_the_new_layer_has(linear, norm):
    new = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        new.weight.copy_(linear.weight)
        if linear.bias is not None:
            new.bias.copy_(linear.bias)
        s = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        new.weight.mul_(s[:, None])
        new.bias.sub_(norm.running_mean).mul_(s).add_(norm.bias)
    return new


WRONG = [
    (forgets_beta_and_a_slope, {"folded-beta-ignored", "folded-mean-unscaled"}),
    (keeps_what_the_new_layer_has, {"folded-bias-random"}),
    (sent_through, {"folded-with-batch-statistics"}),
    (sent_through_and_left, {"folded-mode-left-changed"}),
    (sent_through_and_train, {"folded-norm-left-in-training"}),
    (put_back, {"folded-with-batch-statistics-put-back"}),
    (mode_of_one_for_both, {"folded-one-mode-for-both"}),
    (both_in_evaluation, {"folded-both-left-in-evaluation"}),
    (eps_outside, {"folded-eps-outside-root"}),
    (beta_inside, {"folded-beta-scaled"}),
    (offset_not_subtracted, {"folded-offset-in-the-weights"}),
    (bias_only_if_there_was_one, {"folded-bias-left-out"}),
    (transposed_weights, {"wrong-kind"}),
    (no_bias_inside, {"folded-bias-dropped"}),
    (bias_beside, {"folded-bias-unscaled"}),
    (no_eps, {"folded-eps-missing"}),
    (usual_eps, {"folded-eps-fixed"}),
    (wrong_way_round, {"folded-inputs-scaled"}),
    (forgets_beta, {"folded-beta-ignored"}),
    (in_place, {"folded-into-the-given-layer"}),
    (not_folded, {"wrong-kind"}),
    (two_numbers, {"wrong-kind"}),
    (returns_the_linear_layer, None),
    (no_bias_is_none, {"folded-bias-is-none"}),
    (forgets_return, {"returns-none"}),
    (adds_the_mean, {"folded-mean-added"}),
]
