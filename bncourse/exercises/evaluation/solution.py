"""The formula of training, with the running statistics in place of those of the batch. No axis is
pooled any more: γ, β and both statistics are constants, and each example is treated by itself.
"""

import numpy as np


def my_evaluate(x, gamma, beta, running_mean, running_var, eps=1e-5):
    std = np.sqrt(running_var + eps)
    x_hat = (x - running_mean) / std
    return gamma * x_hat + beta
