"""Standardize with the batch, then go towards evaluation: r changes the unit from σ to σ_run, and
d brings back how far the batch lies from the running mean. A factor is limited from 1/r_max to
r_max, a difference from −d_max to d_max. Where no limit is reached, y is (x − μ_run)/σ_run. NumPy
keeps no gradient; in PyTorch r and d count as constants, by `detach`.
"""

import numpy as np


def my_batch_renorm(x, running_mean, running_var, r_max, d_max, eps=1e-5):
    mean, std = x.mean(0), np.sqrt(x.var(0) + eps)
    running_std = np.sqrt(running_var + eps)
    r = np.clip(std / running_std, 1 / r_max, r_max)
    d = np.clip((mean - running_mean) / running_std, -d_max, d_max)
    return (x - mean) / std * r + d, r, d
