"""The normalization layers of ``torch.nn``, from scratch: ``import bncourse.nn as nn`` is enough.

Every layer keeps the parameters, calls one function of `bncourse.nn.functional`, and that calls the
one kernel of `bncourse.nn.kernel`: five norms are one function with different axes. None of
torch's own norms is used. `GhostBatchNorm` and `BatchRenorm`, which ``torch.nn`` lacks, stand on
the same function as batch norm.
"""

from bncourse.extras import lacking

if error := lacking("bncourse.nn", "torch", extra="torch"):
    raise error

from bncourse.nn import functional
from bncourse.nn.batch import BatchNorm1d, BatchNorm2d, BatchNorm3d
from bncourse.nn.ghost import GhostBatchNorm
from bncourse.nn.group import GroupNorm
from bncourse.nn.instance import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from bncourse.nn.layer import LayerNorm, RMSNorm
from bncourse.nn.renorm import BatchRenorm

__all__ = [
    "BatchNorm1d",
    "BatchNorm2d",
    "BatchNorm3d",
    "BatchRenorm",
    "GhostBatchNorm",
    "GroupNorm",
    "InstanceNorm1d",
    "InstanceNorm2d",
    "InstanceNorm3d",
    "LayerNorm",
    "RMSNorm",
    "functional",
]
