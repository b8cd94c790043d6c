"""What counts as batch norm in a model: our layers, and those of ``torch.nn``."""

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from bncourse.nn.batch import BatchNorm

BATCH_NORMS = (BatchNorm, _BatchNorm)


def batch_norms(model: nn.Module) -> dict[str, BatchNorm | _BatchNorm]:
    """Return the batch norms of a model, each once, by their names in it.

    Parameters
    ----------
    model : Module

    Returns
    -------
    dict of str to Module
        in the order of ``model.named_modules()``; empty if there is none
    """
    return {name: part for name, part in model.named_modules() if isinstance(part, BATCH_NORMS)}
