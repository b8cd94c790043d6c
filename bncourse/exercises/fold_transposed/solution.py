"""The norm multiplies each output channel by s = γ/√(var + ε), so s goes to the axis of the outputs.
In a transposed convolution that is the second axis of the weight, and it counts within a group: the
inputs of group g lead to the outputs of group g, and to no others. So cut s into groups, and give
each block of inputs the slopes of its own outputs. The bias is as in any other layer.
"""

import numpy as np


def my_fold(weight, bias, groups, gamma, beta, mean, var, eps=1e-5):
    std = np.sqrt(var + eps)
    slope = gamma / std
    per_group = slope.reshape(groups, -1)
    per_input = np.repeat(per_group, len(weight) // groups, axis=0)
    new_weight = weight * per_input[:, :, None, None]
    new_bias = (bias - mean) * slope + beta
    return new_weight, new_bias
