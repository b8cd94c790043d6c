"""A channel of a batch of images is one pool of N·H·W values, and all that was summed or averaged
over the batch is now summed or averaged over these three axes. γ and β belong to a channel, so they
stand along the second axis, and collect what comes back from every image and every position.
"""

import numpy as np


def my_image_backward(grad, x, gamma, eps):
    axes = (0, 2, 3)
    mean = x.mean(axis=axes, keepdims=True)
    var = x.var(axis=axes, keepdims=True)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    g = grad * gamma.reshape(-1, 1, 1)
    dgamma = (grad * x_hat).sum(axis=axes)
    dbeta = grad.sum(axis=axes)
    along_ones = g.mean(axis=axes, keepdims=True)
    along_x_hat = x_hat * (g * x_hat).mean(axis=axes, keepdims=True)
    dx = (g - along_ones - along_x_hat) / std
    return dx, dgamma, dbeta
