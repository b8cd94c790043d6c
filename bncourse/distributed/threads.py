"""Replicas in one process: each in a thread of its own, which meet where they add up numbers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import TypeVar

import torch

from bncourse.distributed.reducers import PeerError

Result = TypeVar("Result")


class Meeting:
    """Where the threads of K replicas add up their numbers.

    Parameters
    ----------
    size : int
        K, the number of replicas
    timeout : float
        how long one replica waits for the others; unit: s
    """

    def __init__(self, size: int, timeout: float = 30.0) -> None:
        self.barrier = Barrier(size, timeout=timeout)
        self.brought = [None] * size

    def replicas(self) -> list["Replica"]:
        """Return a reducer for each replica."""
        return [Replica(self, rank) for rank in range(len(self.brought))]


class Replica:
    """One of K replicas in this process: its way to the others is a `Reducer`.

    Parameters
    ----------
    meeting : Meeting
        where they meet
    rank : int
        its number, from 0

    Attributes
    ----------
    size : int
        K, the number of replicas
    """

    def __init__(self, meeting: Meeting, rank: int) -> None:
        self.meeting, self.rank, self.size = meeting, rank, len(meeting.brought)

    def sum(self, numbers: torch.Tensor, label: str) -> torch.Tensor:
        """Add up over the replicas, in the order of their numbers; see `Reducer.sum`."""
        brought, barrier = self.meeting.brought, self.meeting.barrier
        brought[self.rank] = numbers  # pyrefly: ignore[unsupported-operation]
        try:
            barrier.wait()
            total = sum(brought[1:], brought[0].clone())  # pyrefly: ignore[missing-attribute, no-matching-overload]
            barrier.wait()  # nobody brings the next numbers before all have read these
        except BrokenBarrierError as error:
            raise PeerError(
                f"{label}: replica {self.rank} of {self.size} waited for {numbers.numel()} numbers "
                "from the others, in vain. Another replica has raised an error, or calls other "
                "layers: all must call the same layers equally often, in forward and backward"
            ) from error
        return total


def run_together(work: Callable[[Replica], Result], size: int) -> list[Result]:
    """Call ``work(replica)`` for each of K replicas at once, and return the K results.

    The backward pass must be in ``work``, and on the CPU, where PyTorch runs it in the thread that
    asks for it; on a GPU, one thread would have to wait for itself.

    Parameters
    ----------
    work : callable
        takes a `Replica`
    size : int
        K, the number of replicas

    Returns
    -------
    list
        in the order of the replicas

    Raises
    ------
    Exception
        What ``work`` raised in the first replica that failed by itself.
    """
    meeting = Meeting(size)

    def one(replica):
        try:
            return work(replica)
        except BaseException:
            meeting.barrier.abort()  # the others shall not wait
            raise

    with ThreadPoolExecutor(size) as pool:
        futures = [pool.submit(one, replica) for replica in meeting.replicas()]
    errors = [error for future in futures if (error := future.exception())]
    if errors:
        raise min(errors, key=lambda error: isinstance(error, PeerError))
    return [future.result() for future in futures]
