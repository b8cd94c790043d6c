"""In evaluation, batch norm is one straight line for each feature, γ · (z − mean) / √(var + ε) + β
with z = Wx + b. Its slope s = γ / √(var + ε) scales the rows of W, and the rest is the new bias,
(b − mean) · s + β. All of it can be read off: nothing is sent through, so that no mode matters.
"""

import torch
from torch import nn


def my_fold(linear, norm):
    bias = 0 if linear.bias is None else linear.bias
    slope = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    folded = nn.Linear(linear.in_features, linear.out_features)
    with torch.no_grad():
        folded.weight.copy_(slope[:, None] * linear.weight)
        folded.bias.copy_((bias - norm.running_mean) * slope + norm.bias)
    return folded
