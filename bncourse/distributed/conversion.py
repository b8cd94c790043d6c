"""From batch norm to synchronized batch norm, in a whole network."""

import torch.distributed as dist
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import is_lazy

from bncourse.distributed.layer import SyncBatchNorm
from bncourse.distributed.reducers import Reducer
from bncourse.nn.batch import BatchNorm


def convert_sync_batchnorm(
    module: nn.Module, process_group: dist.ProcessGroup | Reducer | None = None
) -> nn.Module:
    """Put a `SyncBatchNorm` in the place of every batch norm of a network.

    Parameters, running statistics and mode are those of the layer it replaces, the tensors
    themselves: an optimizer that was made before goes on. Hooks on the layer are not taken along.

    Parameters
    ----------
    module : Module
        changed in place; its ``BatchNorm1d``, ``2d`` and ``3d``, of torch or of ours, and its
        ``SyncBatchNorm``
    process_group : ProcessGroup, Reducer or None
        who shares the batch; None for all processes

    Returns
    -------
    Module
        ``module``, or what replaces it, if it is a batch norm itself

    Raises
    ------
    ValueError
        A lazy layer does not know its channels yet.
    """
    converted = {}  # a layer in two places stays one layer
    for path, layer in list(module.named_modules(remove_duplicate=False)):
        if isinstance(layer, BatchNorm | _BatchNorm):
            if layer not in converted:
                converted[layer] = _synchronized(layer, process_group, path)
            if not path:
                return converted[layer]
            module.set_submodule(path, converted[layer])
    return module


def _synchronized(layer, process_group, path):
    """Return a layer that owns the parameters, the buffers and the mode of this one."""
    if is_lazy(layer.running_mean) or is_lazy(layer.weight):
        raise ValueError(
            f"layer {path!r} is a {type(layer).__name__} that has not seen a batch: send one "
            "through the network first, in evaluation mode"
        )
    new = SyncBatchNorm(
        layer.num_features,
        layer.eps,
        layer.momentum,
        layer.affine,
        layer.track_running_stats,
        process_group,
        device="meta",  # every tensor is replaced below
        bias=layer.bias is not None,
    )
    new._parameters.update(layer._parameters)
    new._buffers.update(layer._buffers)
    new.training = layer.training
    new.label = f"layer {path!r}" if path else new.label
    return new
