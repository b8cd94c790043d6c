"""The weights are good; only the averages lag. After a reset, `momentum = None` gives every batch
of one pass in training mode the same weight, which is precise batch norm. No labels are needed, no
gradients, and no step of the optimizer. Sending all images through as one batch would do as well.
"""

import torch
from torch import nn


def my_refresh(network, batches):
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm1d)]
    rates = [norm.momentum for norm in norms]
    network.train()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    with torch.no_grad():
        for x in batches:
            network(x)
    for norm, rate in zip(norms, rates, strict=True):
        norm.momentum = rate
    network.eval()
