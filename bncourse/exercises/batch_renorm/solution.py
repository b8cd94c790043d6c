"""Standardize with the batch, then go towards evaluation: r changes the unit from σ to σ_run, and
d brings back how far the batch lies from the running mean. A factor is limited from 1/r_max to
r_max, a difference from −d_max to d_max. Where no limit is reached, y is (x − μ_run)/σ_run. NumPy
keeps no gradient; in PyTorch r and d count as constants, by `detach`.
"""

import numpy as np


def my_batch_renorm(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    std = np.sqrt(var + eps)
    running_std = np.sqrt(running_var + eps)
    ratio = std / running_std
    shift = (mean - running_mean) / running_std
    r = np.clip(ratio, 1 / r_max, r_max)
    d = np.clip(shift, -d_max, d_max)
    x_hat = (x - mean) / std
    y = x_hat * r + d
    return y, r, d
