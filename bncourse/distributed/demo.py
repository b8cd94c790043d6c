"""Two processes, one batch: each process alone, synchronized, and one big batch.

Start it as `bncourse.distributed.launch` says, on one machine or on many::

    python -m torch.distributed.run --standalone --local-addr=localhost --nproc_per_node=2 \
        -m bncourse.distributed.demo

A linear layer and a norm take three steps, under ``DistributedDataParallel``. Process r holds
4 + 4 r samples, which lie the further out the larger r is. The first process prints the table.
"""

from collections.abc import Mapping

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from bncourse.distributed.conversion import convert_sync_batchnorm
from bncourse.distributed.launch import joined
from bncourse.nn import BatchNorm1d

ROWS = ("mean", "variance", "gradient", "running mean", "running variance")
STEPS = 3


def shards(
    size: int, device: torch.device | str = "cpu"
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return inputs and targets of each process: 4 + 4 r samples, with a mean that grows with r.

    Parameters
    ----------
    size : int
        K, the number of processes
    device : device
        where they are wanted

    Returns
    -------
    list of tuple of Tensor, (4 + 4 r, 2), float64
    """
    generator = torch.Generator().manual_seed(0)

    def shard(rank):
        inputs, targets = torch.randn(2, 4 + 4 * rank, 2, generator=generator, dtype=torch.float64)
        return (inputs + rank).to(device), targets.to(device)

    return [shard(rank) for rank in range(size)]


def network(device: torch.device | str = "cpu") -> nn.Sequential:
    """Return a linear layer and a norm whose running statistics are averages over the steps."""
    norm = BatchNorm1d(2, momentum=None)
    layers = nn.Sequential(nn.Linear(2, 2), norm).to(device, torch.float64)
    with torch.no_grad():
        layers[0].weight.copy_(torch.tensor([[1.0, 0.5], [-0.5, 1.0]]))  # pyrefly: ignore[not-callable]
        layers[0].bias.zero_()  # pyrefly: ignore[not-callable]
    return layers


def measured(
    model: nn.Module,
    layers: nn.Sequential,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    share: float,
) -> torch.Tensor:
    """Return the numbers of the rows, for the first channel.

    Parameters
    ----------
    model : Module
        what is called: ``layers``, or ``layers`` under ``DistributedDataParallel``
    layers : Sequential
        a linear layer and a norm
    inputs, targets : Tensor, (N, 2)
        of this process
    share : float
        what the sum of the loss over the samples is multiplied by

    Returns
    -------
    Tensor, (5,), float64
    """
    linear, norm = layers
    found = []
    for step in range(STEPS):
        model.zero_grad()
        loss = share * (model(inputs + step) - targets).square().sum()
        loss.backward()
        if step == 0:
            found += [norm.running_mean[0].clone(), norm.running_var[0].clone()]  # pyrefly: ignore[bad-index]
            found += [linear.weight.grad[0, 0].clone()]  # pyrefly: ignore[bad-index, unsupported-operation]
    return torch.stack([*found, norm.running_mean[0], norm.running_var[0]]).detach()  # pyrefly: ignore[bad-index]


def columns(device: torch.device | str) -> dict[str, torch.Tensor]:
    """Return the rows for each process alone, synchronized, and for one big batch.

    Parameters
    ----------
    device : device
        of this process

    Returns
    -------
    dict of Tensor, (5, K), float64
        a column a process
    """
    rank, size = dist.get_rank(), dist.get_world_size()
    all_shards = shards(size, device)
    inputs, targets = all_shards[rank]
    samples = sum(len(some) for some, _ in all_shards)
    found = {}
    for name, convert in (
        ("each process alone", lambda layers: layers),
        ("synchronized", convert_sync_batchnorm),
    ):
        layers = convert(network(device))
        # DistributedDataParallel averages over processes: times K, it is a sum over samples.
        model = DistributedDataParallel(layers)
        found[name] = _gathered(measured(model, layers, inputs, targets, size / samples))  # pyrefly: ignore[bad-argument-type]
    layers = network(device)
    inputs, targets = (torch.cat(parts) for parts in zip(*all_shards, strict=True))
    found["one big batch"] = _gathered(measured(layers, layers, inputs, targets, 1 / samples))
    return found


def table(found: Mapping[str, torch.Tensor]) -> str:
    """Return the table as text; where the processes differ, each has its number.

    Parameters
    ----------
    found : dict of Tensor, (5, K)
        what `columns` returns

    Returns
    -------
    str
    """
    cells = [["", *found]]
    for index, row in enumerate(ROWS):
        numbers = [[f"{number:.3g}" for number in column[index]] for column in found.values()]
        cells.append([row, *(" | ".join(dict.fromkeys(each)) for each in numbers)])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("   ".join(map(str.ljust, line, widths)).rstrip() for line in cells)


def _gathered(numbers):
    """Return the numbers of all processes, a column each."""
    parts = [torch.empty_like(numbers) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, numbers)
    return torch.stack(parts, 1)


def main() -> None:
    """Measure in all processes, print in the first."""
    with joined() as device:
        found = columns(device)
        if dist.get_rank() == 0:
            print(table(found))


if __name__ == "__main__":
    main()
