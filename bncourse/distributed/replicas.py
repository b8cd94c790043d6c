"""What a batch gives when it is one, when replicas share it, and when it comes piece by piece.

All in one process, for who has no second one: `on_replicas` runs the layers and the mathematics
that many processes run, and differs from them only in who adds up the numbers.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from bncourse.distributed.conversion import convert_sync_batchnorm
from bncourse.distributed.threads import run_together


@dataclass(frozen=True)
class Step:
    """What one training step computed.

    Parameters
    ----------
    outputs : Tensor, (N, ...)
        of the network, in the order of the samples
    gradients : dict of Tensor
        of the mean loss over all N samples, by the name of the parameter
    statistics : list of dict of Tensor
        the buffers of each replica, by name
    """

    outputs: torch.Tensor
    gradients: dict
    statistics: list

    def gradient_gap(self, other: "Step") -> float:
        """Return how far the gradient is from another's: ``|g - g'| / |g'|``, over all parameters.

        Parameters
        ----------
        other : Step
            the reference

        Returns
        -------
        float
        """
        mine, theirs = (
            torch.cat([step.gradients[name].flatten().double() for name in self.gradients])
            for step in (self, other)
        )
        return ((mine - theirs).norm() / theirs.norm()).item()


def in_one_batch(
    model: torch.nn.Module,
    shards: Sequence[tuple[torch.Tensor, torch.Tensor]],
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> Step:
    """Return the step of one network on all shards as one batch.

    Parameters
    ----------
    model : Module
        in training mode; it is left as it is
    shards : list of tuple of Tensor
        inputs and targets of each shard
    loss : callable
        takes outputs and targets, and returns the *sum* of the loss over their samples

    Returns
    -------
    Step
    """
    inputs, targets = (torch.cat(parts) for parts in zip(*shards, strict=True))
    return on_replicas(model, [(inputs, targets)], loss, synchronized=False)


def on_replicas(
    model: torch.nn.Module,
    shards: Sequence[tuple[torch.Tensor, torch.Tensor]],
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    synchronized: bool,
) -> Step:
    """Return the step of K copies of a network, each on its shard, gradients added up.

    Parameters
    ----------
    model : Module
        on the CPU, in training mode; it is left as it is
    shards : list of tuple of Tensor
        inputs and targets of each shard, which may differ in size
    loss : callable
        takes outputs and targets, and returns the *sum* of the loss over their samples
    synchronized : bool
        whether batch norm takes its statistics from all shards, or each copy from its own

    Returns
    -------
    Step
    """
    samples = sum(len(inputs) for inputs, _ in shards)
    copies = [_fresh_copy(model) for _ in shards]

    def work(replica):
        network = copies[replica.rank]
        if synchronized:
            network = convert_sync_batchnorm(network, replica)
        return network, _backpropagated(network, shards[replica.rank], loss, samples)

    networks, outputs = zip(*run_together(work, len(shards)), strict=True)
    gradients = [_gradients(network) for network in networks]
    summed = {name: sum(each[name] for each in gradients) for name in gradients[0]}
    return Step(torch.cat(outputs), summed, [dict(each.named_buffers()) for each in networks])


def accumulated(
    model: torch.nn.Module,
    shards: Sequence[tuple[torch.Tensor, torch.Tensor]],
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> Step:
    """Return the step of one network that takes one shard after the other, gradients added up.

    Each shard is a batch of its own to batch norm, and moves the running statistics once: what
    accumulates is the gradient, not the batch.

    Parameters
    ----------
    model : Module
        in training mode; it is left as it is
    shards : list of tuple of Tensor
        inputs and targets of each shard
    loss : callable
        takes outputs and targets, and returns the *sum* of the loss over their samples

    Returns
    -------
    Step
    """
    samples = sum(len(inputs) for inputs, _ in shards)
    network = _fresh_copy(model)
    outputs = [_backpropagated(network, shard, loss, samples) for shard in shards]
    return Step(torch.cat(outputs), _gradients(network), [dict(network.named_buffers())])


def _fresh_copy(model):
    network = copy.deepcopy(model)
    network.zero_grad()
    return network


def _backpropagated(network, shard, loss, samples):
    """Return the outputs, after the shard's part in the gradient of the mean loss was added."""
    inputs, targets = shard
    outputs = network(inputs)
    (loss(outputs, targets) / samples).backward()
    return outputs.detach()


def _gradients(network):
    return {name: p.grad for name, p in network.named_parameters() if p.grad is not None}
