"""Without μ, one detour is left: the one by the mean of the squares. Its term is x̂ mean(g x̂),
as before; the term mean(g) has no road to come by. So one direction of each row goes, the one
along x̂, because stretching a row changes nothing. Adding a number to a row does change x̂ now.
"""

import numpy as np


def my_rms_backward(g, x, eps=1e-5):
    mean_square = (x**2).mean(axis=1, keepdims=True)
    rms = np.sqrt(mean_square + eps)
    x_hat = x / rms
    length = (g * x_hat).mean(axis=1, keepdims=True)
    along_x_hat = x_hat * length
    return (g - along_x_hat) / rms
