"""Batch norm in training whose gradient has to be right, too."""

import numpy as np
import torch

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import UnfitError
from bncourse.exercises.materials.networks import kind_of, normal


def batch(*shape, seed, scale=2.0, far=3.0):
    """Return x, γ and β; the second γ is negative."""
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
    changed = float(not np.array_equal(given[0].detach().numpy(), x))
    return y, *derivatives(y, given), changed


def derivatives(y, given):
    """Return one derivative for each of what is given; 0 where the graph has no way to it."""
    if not isinstance(y, torch.Tensor) or not y.requires_grad:
        return [torch.zeros_like(part) for part in given]
    grad = normal(*y.shape, seed=11).to(y)
    found = torch.autograd.grad(y, given, grad, allow_unused=True)
    return [torch.zeros_like(p) if g is None else g for p, g in zip(given, found, strict=True)]


TRIAL = Trial(
    outputs=("y", "dx", "dgamma", "dbeta", "x changed (1: yes)"),
    cases=(
        Case("four", batch(4, 2, seed=12)),
        Case("large-eps", (*batch(5, 2, seed=13), 0.5)),
        Case("square", batch(3, 3, seed=14)),
        Case("hardly-varies", (*batch(6, 2, seed=15, scale=0.02), 1e-3)),
        Case("far", batch(5, 2, seed=16, far=1e6)),
    ),
    observe=observe,
    arguments=("x", "gamma", "beta", "eps"),
    wants="tensor",
    tolerance=1e-6,
    properties=(("dx-sums-to-zero", lambda out, given: abs(out["dx"].sum(0)).max() < 1e-6),),
)
