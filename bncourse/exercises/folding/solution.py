"""In evaluation batch norm is s · z + (β − s · mean), with the constant s = γ/√(var + ε), and z =
xW + b comes out of the linear layer. Together: x(sW) + s(b − mean) + β. Each column of W belongs
to one output and gets its s. The bias has to be scaled as well, and a test with b = 0 would not
notice if it were not.
"""

import numpy as np


def my_fold(weight, bias, gamma, beta, running_mean, running_var, eps=1e-5):
    std = np.sqrt(running_var + eps)
    slope = gamma / std
    new_weight = weight * slope
    new_bias = (bias - running_mean) * slope + beta
    return new_weight, new_bias
