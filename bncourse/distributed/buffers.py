"""What ``DistributedDataParallel`` does with running statistics."""

from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def running_means_under_ddp(
    layer: nn.Module, batches: Iterable[torch.Tensor], forward_sync_buffers: bool = True
) -> torch.Tensor:
    """Return a norm's running mean in every process, after each training step.

    ``DistributedDataParallel`` averages gradients and never statistics. By default, each forward
    pass begins with the buffers of process 0: between two steps the processes differ, and what all
    the others have seen is forgotten at the next. Otherwise, each process keeps a history of its
    own. Only synchronized statistics are those of all, and then there is nothing to send.

    Parameters
    ----------
    layer : Module
        a norm with a ``running_mean`` and parameters; every process has its own, and calls this
    batches : iterable of Tensor, (N, C, ``*S``)
        this process's batch of each step
    forward_sync_buffers : bool
        as ``DistributedDataParallel`` takes it, where it used to be ``broadcast_buffers``

    Returns
    -------
    Tensor, (steps, K, C)
        the same in every process; unit: x
    """
    model = DistributedDataParallel(
        nn.Sequential(layer).train(), forward_sync_buffers=forward_sync_buffers
    )
    history = []
    for batch in batches:
        model(batch).sum().backward()  # without a backward pass, nothing is sent before the next
        means = [torch.empty_like(layer.running_mean) for _ in range(dist.get_world_size())]  # pyrefly: ignore[bad-argument-type]
        dist.all_gather(means, layer.running_mean)
        history.append(torch.stack(means))
    return torch.stack(history)
