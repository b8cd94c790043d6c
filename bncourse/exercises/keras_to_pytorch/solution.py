"""γ and β are the same in both libraries, and so is the mean. Keras stores the variance with which
it normalizes, the biased one; PyTorch stores N/(N − 1) times as much. Keras's momentum is what is
kept, PyTorch's the weight of the batch. ε has another default, so it is taken along. Keras can do
without γ (`scale=False`): then it is 1.
"""

import numpy as np


def my_to_pytorch(gamma, beta, mean, var, momentum, epsilon, count):
    weight = np.ones(len(mean)) if gamma is None else gamma
    bias = beta
    running_mean = mean
    running_var = var * (count / (count - 1))
    update_rate = 1 - momentum
    eps = epsilon
    return weight, bias, running_mean, running_var, update_rate, eps
