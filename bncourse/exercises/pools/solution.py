"""Each pool is treated as a batch of its own. A slice that runs past the end stops at the end, so
the last pool is as large as what is left, without a special case. A sample that is alone in its
pool is its own mean: x̂ is 0, and β is all that comes out.

`np.array_split` would be shorter, but it makes pools of nearly equal size out of a rest, and
`x.reshape(-1, size, C)` knows no rest.
"""

import numpy as np


def my_pooled_norm(x, size, gamma, beta, eps=1e-5):
    starts = range(0, len(x), size)
    pools = [slice(start, start + size) for start in starts]
    y = np.empty_like(x)
    for rows in pools:
        pool = x[rows]
        mean = pool.mean(axis=0)
        var = pool.var(axis=0)
        std = np.sqrt(var + eps)
        x_hat = (pool - mean) / std
        y[rows] = gamma * x_hat + beta
    return y
