"""Batch norm in training whose gradient has to be right, too."""

from functools import partial

import numpy as np
import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import kind_of, normal
from bncourse.exercises.materials.stopping_gradients import AFFINE, CONSTANT, SPREADS
from bncourse.exercises.returned import UnfitError


def batch_norm(
    x,
    gamma,
    beta,
    eps=1e-5,
    *,
    constant="nothing",
    axis=0,
    ddof=0,
    spread="root",
    fixed_eps=None,
    affine="both",
    taken_from="batch",
    centred="copy",
):
    """Return batch norm of `x`, (N, C); the switches make it or its gradient wrong."""
    eps = eps if fixed_eps is None else fixed_eps

    def passed(name, value):
        return value.detach() if name in CONSTANT[constant] else value

    mean = passed("mean", x.mean(axis, keepdim=True))
    # Around its own mean, whatever is passed on: the variance does not feel the mean.
    var = passed("var", x.var(axis, correction=ddof, keepdim=True))
    if taken_from == "start":
        mean, var = torch.zeros_like(mean), torch.ones_like(var)
    if centred == "in-place":
        x.data -= mean.data
        mean = torch.zeros_like(mean)
    x_hat = passed("x_hat", (passed("x", x) - mean) / SPREADS[spread](var, eps))
    return passed("y", AFFINE[affine](x_hat, gamma, beta))


def _batch(*shape, seed, scale=2.0, far=3.0):
    rng = np.random.default_rng(seed)
    gamma = np.array([1.5, -0.7, 0.4])[: shape[1]]
    return far + scale * rng.normal(size=shape), gamma, rng.normal(size=shape[1])


def observe(answer, x, gamma, beta, *eps):
    """Return the output, and the derivatives of a weighted sum of it."""
    given = [torch.tensor(part, requires_grad=True) for part in (x, gamma, beta)]
    y = answer(*given, *eps)
    if y is None:
        return None
    if isinstance(y, tuple | list):
        raise UnfitError("wrong-kind", output="y", kind=kind_of(y), wanted="one tensor")
    derivatives = _derivatives(y, given) if isinstance(y, torch.Tensor) else given
    changed = float(not np.array_equal(given[0].detach().numpy(), x))
    found = dict(zip(("dx", "dgamma", "dbeta"), derivatives, strict=True))
    return {"y": y, **found, "x changed (1: yes)": changed}


def _derivatives(y, given):
    """Return one derivative for each of what is given; 0 where the graph has no way to it."""
    if not y.requires_grad:
        return [torch.zeros_like(part) for part in given]
    grad = normal(*y.shape, seed=11).to(y)
    found = torch.autograd.grad(y, given, grad, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(given, found, strict=True)]


EXERCISE = Exercise(
    make=lambda **switches: partial(batch_norm, **switches),
    arguments=("x", "gamma", "beta", "eps"),
    probes=(
        Probe("four", _batch(4, 2, seed=12)),
        Probe("large-eps", (*_batch(5, 2, seed=13), 0.5)),
        Probe("square", _batch(3, 3, seed=14)),
        Probe("hardly-varies", (*_batch(6, 2, seed=15, scale=0.02), 1e-3)),
        Probe("far", _batch(5, 2, seed=16, far=1e6), rounding="one-pass-variance"),
    ),
    outputs=("y", "dx", "dgamma", "dbeta", "x changed (1: yes)"),
    observe=observe,
    wants="tensor",
    tolerance=1e-6,
    properties=(("dx-sums-to-zero", lambda out, given: abs(out["dx"].sum(0)).max() < 1e-6),),
)
