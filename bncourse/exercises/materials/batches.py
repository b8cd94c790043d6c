"""Small batches on which mistakes show: not centred, not of unit scale, every feature different."""

import numpy as np


def batch(*shape, seed, scale=3.0, mean=2.0):
    """Return x, (N, C, *S), and gamma and beta, (C,): gamma is negative for every other feature."""
    rng = np.random.default_rng(seed)
    columns = np.arange(1, shape[1] + 1)
    spreads = scale * columns.reshape(-1, *(1 for _ in shape[2:]))
    x = mean + spreads * rng.normal(size=shape)
    return x, rng.uniform(0.5, 2, shape[1]) * (-1) ** columns, rng.normal(size=shape[1])


def nearly_constant(*shape, seed, eps=1e-3):
    """Return a batch whose first feature is constant and whose second hardly varies, and an eps."""
    x, gamma, beta = batch(*shape, seed=seed)
    x[:, 0] = 7.0
    x[:, 1] = 1e-2 * x[:, 1]
    return x, gamma, beta, eps


def in_32_bits(arrays):
    """Return the arrays as 32-bit numbers."""
    return tuple(array.astype(np.float32) for array in arrays)


def given(x, gamma, beta, eps=1e-5):
    """Return what a backward pass is given: grad, x, gamma, eps."""
    rng = np.random.default_rng(x.size)
    return (0.5 + rng.normal(size=x.shape)).astype(x.dtype), x, gamma, eps
