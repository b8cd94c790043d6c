"""The backward pass of batch norm over two shards, as one of them computes it."""

import numpy as np

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, given


def shard(size, *shape, seed, eps=1e-5):
    """Return what the first `size` samples of a batch are given, and eps."""
    x, gamma, beta = batch(*shape, seed=seed)
    grad, x, gamma, eps = given(x, gamma, beta, eps)
    mean, var = x.mean(axis=0), x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(var + eps)
    others = grad[size:].sum(axis=0), (grad * x_hat)[size:].sum(axis=0)
    return grad[:size], x[:size], mean, var, len(x), *others, gamma, eps


TRIAL = Trial(
    outputs=("dx", "dgamma", "dbeta"),
    cases=(
        Case("two-of-six", shard(2, 6, 2, seed=61)),
        Case("large-eps", shard(5, 8, 3, seed=62, eps=0.5)),
        Case("square", shard(3, 7, 3, seed=63)),
        Case("single", shard(1, 4, 2, seed=64)),
        Case("alone", shard(5, 5, 2, seed=65)),
    ),
)
