"""What is trained is a parameter, and what is only remembered is a buffer: both are saved and moved
with the module, and an optimizer sees the parameters alone. (`nn.Buffer` is what `register_buffer`
makes of a tensor.) The mode is `self.training` and nothing else. The batch's statistics carry the
gradient; the running ones are updated under `no_grad`.
"""

import torch
from torch import nn


class MyBatchNorm(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.running_mean = nn.Buffer(torch.zeros(num_features))
        self.running_var = nn.Buffer(torch.ones(num_features))
        self.num_batches_tracked = nn.Buffer(torch.tensor(0))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean = x.mean(0)
            var = x.var(0, correction=0)
            self.update(x)
        self.num_batches_tracked.add_(self.training)
        std = torch.sqrt(var + self.eps)
        x_hat = (x - mean) / std
        return self.gamma * x_hat + self.beta

    @torch.no_grad()
    def update(self, x):
        rate = self.momentum
        batch_mean = x.mean(0)
        batch_var = x.var(0)
        self.running_mean += rate * (batch_mean - self.running_mean)
        self.running_var += rate * (batch_var - self.running_var)
