"""What is trained is a parameter, and what is only remembered is a buffer: both are saved and moved
with the module, and an optimizer sees the parameters alone. The mode is `self.training` and nothing
else. The batch's statistics carry the gradient; the running ones are updated from detached values.
"""

import torch
from torch import nn


class MyBatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, correction=0)
            self.update(x.detach())
        return (
            self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta
        )

    def update(self, x):
        self.running_mean.lerp_(x.mean(0), self.momentum)
        self.running_var.lerp_(x.var(0), self.momentum)
        self.num_batches_tracked += 1
