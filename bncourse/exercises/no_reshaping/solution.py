"""Each channel has one mean and one variance, over the pictures and all their pixels: the axes 0,
2 and 3. With `keepdims=True` they have the shape (1, C, 1, 1) and stretch over `x` by themselves.
γ and β have the shape (C,), which NumPy would lay along the last axis, the width, so they are
given the same shape first. Where C = W, forgetting it raises no error.
"""

import numpy as np


def my_batch_norm_images(x, gamma, beta, eps=1e-5):
    axes = (0, 2, 3)
    mean = x.mean(axes, keepdims=True)
    var = x.var(axes, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    shape = (1, -1, 1, 1)
    gamma = gamma.reshape(shape)
    beta = beta.reshape(shape)
    return gamma * x_hat + beta
