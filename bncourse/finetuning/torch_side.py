"""Batch norms of PyTorch, ours included: their numbers read and written."""

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from bncourse.finetuning.numbers import Numbers
from bncourse.nn.batch import BatchNorm
from bncourse.nn.kinds import batch_norms

MODEL = "Module of PyTorch"


def norms(model: nn.Module) -> dict[str, BatchNorm | _BatchNorm]:
    """Return the batch norms of a model by name, in the order of ``model.modules()``."""
    return batch_norms(model)


def obstacle(norm: BatchNorm | _BatchNorm) -> str | None:
    """Return why a batch norm has no numbers, or None."""
    if norm.running_mean is None:
        return "it keeps no running statistics: construct it with track_running_stats=True"
    return None


def read(norm: BatchNorm | _BatchNorm) -> Numbers:
    """Return the `Numbers` of a batch norm; the tensors are its own."""
    return Numbers(*_tensors(norm), eps=norm.eps, update_rate=norm.momentum)


def write(norm: BatchNorm | _BatchNorm, numbers: Numbers) -> None:
    """Give a batch norm these `Numbers`."""
    numbers.copy_to(*_tensors(norm))
    norm.eps, norm.momentum = numbers.eps, numbers.update_rate


def _tensors(norm):
    return norm.weight, norm.bias, norm.running_mean, norm.running_var
