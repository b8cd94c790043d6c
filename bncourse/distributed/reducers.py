"""Who shares a batch, and how their numbers are added up.

Batch norm over many shards needs one thing of its surroundings: the sum, over all replicas, of a
few numbers. A *reducer* gives it, and the mathematics (`bncourse.distributed.moments`) asks no
more: so the same code runs over processes, and over replicas within one process (`replicas`).
"""

from typing import Any, Protocol, runtime_checkable

import torch
import torch.distributed as dist


class PeerError(RuntimeError):
    """Another replica did not send its numbers."""


@runtime_checkable
class Reducer(Protocol):
    """One replica's way to the others.

    Attributes
    ----------
    size : int
        K, the number of replicas
    """

    size: int

    def sum(self, numbers: torch.Tensor, label: str) -> torch.Tensor:
        """Return the sum of ``numbers`` over all replicas, the same to each of them.

        Parameters
        ----------
        numbers : Tensor
            of the same shape at each replica; it is not changed
        label : str
            what they are for, named by an error

        Returns
        -------
        Tensor, the shape of ``numbers``

        Raises
        ------
        PeerError
            A replica did not send its numbers in time.
        """


class Processes:
    """The processes of a group of ``torch.distributed``: one all-reduce a sum.

    Parameters
    ----------
    group : ProcessGroup or None
        None for all processes

    Attributes
    ----------
    size : int
        K, the number of processes; -1 in a process that is not in the group
    """

    def __init__(self, group: dist.ProcessGroup | None = None) -> None:
        self.group = group
        self.size = dist.get_world_size(group)

    def sum(self, numbers: torch.Tensor, label: str) -> torch.Tensor:
        """Add up over the processes; see `Reducer.sum`."""
        total = numbers.clone()
        try:
            dist.all_reduce(total, group=self.group)
        except RuntimeError as error:
            raise PeerError(
                f"{label}: process {dist.get_rank(self.group)} of {self.size} waited for "
                f"{total.numel()} numbers from the others, in vain ({error}). Another process has "
                "died, has raised an error, or calls other layers: read the first error in the "
                "logs of all processes, then start all of them again. All must call the same "
                "layers equally often; how long one waits is the timeout of init_process_group"
            ) from error
        return total


def reducer_of(group: Reducer | dist.ProcessGroup | None) -> Reducer | None:
    """Return the reducer that a layer's ``process_group`` stands for, or None if it is alone.

    Parameters
    ----------
    group : Reducer, ProcessGroup or None
        None for all processes, if ``torch.distributed`` is initialized
    """
    if group is not None and isinstance(group, Reducer):
        found = group
    elif dist.is_available() and dist.is_initialized():
        found = Processes(group)
    else:
        return None
    return found if found.size > 1 else None


class Total(torch.autograd.Function):
    """`total` as one step of autograd."""

    @staticmethod
    def forward(numbers: torch.Tensor, reducer: Reducer, label: str) -> torch.Tensor:
        """Add up over the replicas."""
        return reducer.sum(numbers, label)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: torch.Tensor) -> None:
        """Keep the way to the others."""
        _, ctx.reducer, ctx.label = inputs

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None]:  # pyrefly: ignore[bad-override]
        """Return the sum of the replicas' gradients: each of them used the total."""
        return Total.apply(grad, ctx.reducer, ctx.label), None, None


def total(numbers: torch.Tensor, reducer: Reducer, label: str) -> torch.Tensor:
    """Return the sum over all replicas, through which gradients flow to all of them.

    With ``L`` the sum of the replicas' losses, ``dL/dnumbers`` is the sum over the replicas of the
    gradients of the total, so that the sum is its own derivative, of any order.

    Parameters
    ----------
    numbers : Tensor
        of the same shape at each replica
    reducer : Reducer
        who the replicas are
    label : str
        what the numbers are for, named by an error

    Returns
    -------
    Tensor, the shape of ``numbers``
    """
    return Total.apply(numbers, reducer, label)
