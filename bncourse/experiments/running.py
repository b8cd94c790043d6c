"""Running statistics of batch norm, computed anew while the weights are held.

Dropout and noise are off. Every module that is a ``layers.BatchNorm`` is treated, also inside of
what a factory made; networks without one stay as they are.
"""

from collections.abc import Iterable
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from bncourse.experiments.layers import BatchNorm


@torch.no_grad()
def fill_in_order(network: nn.Module, x: Tensor) -> None:
    """Set the statistics of each norm to those of its own input, for all of ``x`` at once.

    A norm is filled before it computes its output, with which it then evaluates ``x``: the norms
    above it see what they will see in evaluation.

    Parameters
    ----------
    network : Network
        of a stack
    x : Tensor, ``(N, E, C, *S)``
        inputs
    """
    hooks = [norm.register_forward_pre_hook(_fill) for norm in _norms(network)]
    network.eval()
    try:
        network(x)
    finally:
        network.train()
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def average(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Set the statistics of each norm to the mean over batches of those of each batch.

    In each batch, the norms use its statistics, as in training.

    Parameters
    ----------
    network : Network
        of a stack
    batches : sequence of Tensor, ``(N, E, C, *S)``
        inputs, at least one batch
    """
    norms = _norms(network)
    with _momentum_free(network, norms):
        found = []
        for x in batches:
            network(x)
            found.append([(norm.running_mean.clone(), norm.running_var.clone()) for norm in norms])
    for norm, each in zip(norms, zip(*found, strict=True), strict=True):
        means, variances = zip(*each, strict=True)
        norm.running_mean.copy_(torch.stack(means).mean(0))
        norm.running_var.copy_(torch.stack(variances).mean(0))


def _norms(network):
    return [module for module in network.modules() if isinstance(module, BatchNorm)]


def _fill(norm, inputs):
    var, mean = torch.var_mean(inputs[0].movedim(0, 2).flatten(2), 2)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(var)


@contextmanager
def _momentum_free(network, norms):
    """Let the norms keep the statistics of the batch that they see, and nothing older."""
    before = [norm.momentum for norm in norms]
    network.eval()
    for norm in norms:
        norm.momentum = 1.0
        norm.train()
    try:
        yield
    finally:
        network.train()
        for norm, momentum in zip(norms, before, strict=True):
            norm.momentum = momentum
