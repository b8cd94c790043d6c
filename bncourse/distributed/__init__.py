"""Batch norm over many processes: the statistics of all their batches together.

`SyncBatchNorm` and `convert_sync_batchnorm` are drop-ins for torch's, on the CPU too. What they
need of the other processes is one sum each way (`reducers`); the mathematics is in `moments`, and
runs just as well over replicas in one process (`replicas`). Around them: what
``DistributedDataParallel`` does with running statistics, what synchronizing costs on paper, and a
demonstration to start with torchrun, ``bncourse.distributed.demo``.
"""

from bncourse.extras import lacking

if error := lacking("bncourse.distributed", "torch", extra="torch"):
    raise error

from bncourse.distributed.buffers import running_means_under_ddp
from bncourse.distributed.conversion import convert_sync_batchnorm
from bncourse.distributed.cost import Cost, norm_channels, resnet_channels, ring, step_cost, tree
from bncourse.distributed.launch import joined, torchrun
from bncourse.distributed.layer import SyncBatchNorm
from bncourse.distributed.reducers import PeerError, Processes, Reducer
from bncourse.distributed.replicas import Step, accumulated, in_one_batch, on_replicas

__all__ = [
    "Cost",
    "PeerError",
    "Processes",
    "Reducer",
    "Step",
    "SyncBatchNorm",
    "accumulated",
    "convert_sync_batchnorm",
    "in_one_batch",
    "joined",
    "norm_channels",
    "on_replicas",
    "resnet_channels",
    "ring",
    "running_means_under_ddp",
    "step_cost",
    "torchrun",
    "tree",
]
