"""Answers to the lab as people write them: right ones in many styles, and wrong ones."""

import torch

from bncourse.nn.functional import batch_norm as ours


def by_var_mean(x, gamma, beta, eps=1e-5):
    var, mean = torch.var_mean(x, dim=0, correction=0, keepdim=True)
    return (x - mean) * (var + eps).rsqrt() * gamma + beta


def library(x, gamma, beta, eps=1e-5):
    return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


def package(x, gamma, beta, eps=1e-5):
    return ours(x, None, None, gamma, beta, training=True, eps=eps)


def by_einsum(x, gamma, beta, eps=1e-5):
    d = x - torch.einsum("nc->c", x) / len(x)
    var = torch.einsum("nc,nc->c", d, d) / len(x)
    return torch.einsum("nc,c->nc", d, gamma / (var + eps) ** 0.5) + beta


def by_loops(x, gamma, beta, eps=1e-5):
    columns = []
    for c in range(x.shape[1]):
        mean = sum(x[:, c]) / len(x)
        var = sum((v - mean) ** 2 for v in x[:, c]) / len(x)
        columns.append(gamma[c] * (x[:, c] - mean) / torch.sqrt(var + eps) + beta[c])
    return torch.stack(columns, dim=1)


def mean_detached_where_it_does_not_matter(x, gamma, beta, eps=1e-5):
    var = ((x - x.mean(0).detach()) ** 2).mean(0)  # its derivative by the mean is 0
    return gamma * (x - x.mean(0)) / torch.sqrt(var + eps) + beta


def with_running_statistics(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(0), x.var(0, unbiased=False)
    with torch.no_grad():
        running_mean = torch.zeros_like(mean)
        running_mean.lerp_(mean, 0.1)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


RIGHT = [
    by_var_mean,
    library,
    package,
    by_einsum,
    by_loops,
    mean_detached_where_it_does_not_matter,
    with_running_statistics,
]


def as_given(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        mean, var = x.mean(0), x.var(0, unbiased=False)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


def by_data(x, gamma, beta, eps=1e-5):
    mean, var = x.data.mean(0), x.data.var(0, unbiased=False)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


def half_mended(x, gamma, beta, eps=1e-5):
    mean = x.mean(0)
    with torch.no_grad():
        var = x.var(0, unbiased=False)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


def other_half_mended(x, gamma, beta, eps=1e-5):
    mean = x.mean(0).detach()
    var = x.var(0, unbiased=False)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


def all_under_no_grad(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        return by_var_mean(x, gamma, beta, eps)


def x_hat_under_no_grad(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        x_hat = (x - x.mean(0)) / torch.sqrt(x.var(0, correction=0) + eps)
    return gamma * x_hat + beta


def requires_grad_set_afterwards(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        y = by_var_mean(x, gamma, beta, eps)
    return y.requires_grad_()


def default_variance(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / torch.sqrt(x.var(0) + eps) + beta


def default_variance_under_no_grad(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        mean, var = x.mean(0), x.var(0)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


def own_eps(x, gamma, beta, eps=1e-5):
    return by_var_mean(x, gamma, beta)


def std_plus_eps(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(0)) / (x.std(0, unbiased=False) + eps) + beta


def layer_norm(x, gamma, beta, eps=1e-5):
    return torch.nn.functional.layer_norm(x, x.shape[1:], gamma, beta, eps)


def in_numpy(x, gamma, beta, eps=1e-5):
    x = x.detach().numpy()
    y = (x - x.mean(0)) / (x.var(0) + eps) ** 0.5
    return y * gamma.detach().numpy() + beta.detach().numpy()


def eval_style(x, gamma, beta, eps=1e-5):
    mean, var = torch.zeros_like(gamma), torch.ones_like(gamma)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


def in_place(x, gamma, beta, eps=1e-5):
    x -= x.mean(0)
    return gamma * x / torch.sqrt((x**2).mean(0) + eps) + beta


def in_place_under_no_grad(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        x -= x.mean(0)
    return gamma * x / torch.sqrt((x**2).mean(0) + eps) + beta


def with_statistics(x, gamma, beta, eps=1e-5):
    return by_var_mean(x, gamma, beta, eps), x.mean(0), x.var(0)


def by_moments(x, gamma, beta, eps=1e-5):
    var = (x * x).mean(0) - x.mean(0) ** 2
    return gamma * (x - x.mean(0)) / torch.sqrt(var + eps) + beta


def gamma_by_data(x, gamma, beta, eps=1e-5):
    return by_var_mean(x, gamma.data, beta, eps)


def numerator_detached(x, gamma, beta, eps=1e-5):
    d = x.detach() - x.mean(0)
    return gamma * d / torch.sqrt(x.var(0, unbiased=False) + eps) + beta


def beta_in_brackets(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps)
    return gamma * (x_hat + beta)


def nothing(x, gamma, beta, eps=1e-5):
    by_var_mean(x, gamma, beta, eps)


class Staged(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        xmu = x - x.mean(0)
        var = (xmu**2).mean(0)
        ivar = 1 / torch.sqrt(var + eps)
        ctx.save_for_backward(xmu, ivar, gamma)
        return gamma * xmu * ivar + beta

    @staticmethod
    def backward(ctx, dout):
        xmu, ivar, gamma = ctx.saved_tensors
        dxhat = dout * gamma
        dvar = -0.5 * ivar**3 * (dxhat * xmu).sum(0)
        dx1 = dxhat * ivar + 2 * xmu * dvar / len(dout)
        return dx1 - dx1.sum(0), (dout * xmu).sum(0), dout.sum(0), None


def straight_through(x, gamma, beta, eps=1e-5):
    with torch.no_grad():
        z = (x - x.mean(0)) / torch.sqrt(x.var(0, unbiased=False) + eps)
    x_hat = x + (z - x).detach()
    return gamma * x_hat + beta


class WithX(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        std = torch.sqrt(x.var(0, correction=0) + eps)
        x_hat = (x - x.mean(0)) / std
        ctx.save_for_backward(x, x_hat, std, gamma)
        return gamma * x_hat + beta

    @staticmethod
    def backward(ctx, grad):
        x, x_hat, std, gamma = ctx.saved_tensors
        g = gamma * grad
        dx = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std
        return dx, (grad * x).sum(0), grad.sum(0), None


def with_a_backward_of_its_own(x, gamma, beta, eps=1e-5):
    return WithX.apply(x, gamma, beta, eps)


WRONG = [
    (
        lambda x, gamma, beta, eps=1e-5: Staged.apply(x, gamma, beta, eps),
        {"mean-with-gradient-summed", "dgamma-with-deviation"},
    ),
    (straight_through, {"x-hat-taken-for-x"}),
    (as_given, {"statistics-without-gradient"}),
    (by_data, {"statistics-without-gradient"}),
    (half_mended, {"variance-without-gradient"}),
    (other_half_mended, {"mean-without-gradient"}),
    (all_under_no_grad, {"output-without-gradient"}),
    (x_hat_under_no_grad, {"x-hat-without-gradient"}),
    (requires_grad_set_afterwards, {"output-without-gradient"}),
    (default_variance, {"unbiased-variance"}),
    (default_variance_under_no_grad, {"unbiased-variance", "statistics-without-gradient"}),
    (own_eps, {"eps-ignored"}),
    (std_plus_eps, {"eps-outside-root"}),
    (layer_norm, {"per-sample-statistics"}),
    (in_numpy, {"returns-array"}),
    (eval_style, {"start-in-place-of-statistics"}),
    (in_place, {"raises-at"}),
    (in_place_under_no_grad, {"x-centred-in-place"}),
    (with_statistics, {"wrong-kind"}),
    (by_moments, {"one-pass-variance"}),
    (gamma_by_data, {"gamma-without-gradient"}),
    (numerator_detached, {"x-without-gradient"}),
    (beta_in_brackets, {"beta-scaled"}),
    (nothing, {"returns-none"}),
    (with_a_backward_of_its_own, {"dgamma-with-x"}),
]
