"""What three processes see of `SyncBatchNorm`: run in each of them, judged in the tests.

Nothing is asserted here: a process that stops keeps the others waiting. `conftest.py` starts it as
``python observations.py RANK SIZE STORE RESULTS``.
"""

import os
import signal
import sys
from datetime import timedelta

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from bncourse.distributed import (
    PeerError,
    SyncBatchNorm,
    convert_sync_batchnorm,
    running_means_under_ddp,
)

SIZES = (5, 0, 3)  # unequal shards, an empty one
SHAPES = {"vectors": (), "sequences": (7,), "images": (2, 3), "volumes": (2, 1, 3)}
CHANNELS = 4


def batch(name, dtype=torch.float64, sizes=SIZES):
    """Return all shards, and the weights of their outputs in the loss: not centred, not unit."""
    generator = torch.Generator().manual_seed(len(name))
    shape = (sum(sizes), CHANNELS, *SHAPES[name])
    x, weights = torch.randn(2, *shape, generator=generator, dtype=torch.float64)
    x = 3 + 2 * x + torch.linspace(-2, 2, len(x)).view(-1, *[1] * (x.dim() - 1))
    x[:, 0] = 1 + 1e-5**0.5 * x[:, 0]
    x[:, 1] += 1000
    return x.to(dtype).split(sizes), weights.to(dtype).split(sizes)


def filled(layer):
    """Give a layer parameters and running statistics that are not those of a fresh one."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for tensor in layer.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(1 + torch.rand(tensor.shape, generator=generator))
    return layer


def two_steps(layer, x, weights):
    """Return the outputs, gradients and buffers of two steps; second derivatives of the first."""
    x = x.clone().requires_grad_()
    y = layer(x)
    inputs = [x, *layer.parameters()]
    first = torch.autograd.grad((y**2 * weights).sum(), inputs, create_graph=True)
    # Not the parameters' gradients: those of a shard are only parts.
    second = torch.autograd.grad((first[0] ** 3).sum(), inputs, allow_unused=True)
    layer(2 * x.detach() + 1)
    buffers = [buffer.clone() for buffer in layer.buffers()]
    named = {"y": [y.detach()], "first": [g.detach() for g in first], "second": list(second)}
    return {**named, "buffers": buffers}


def steps_of_every_shape(rank):
    return {
        (name, dtype): two_steps(
            filled(SyncBatchNorm(CHANNELS, dtype=dtype)),
            *(shards[rank] for shards in batch(name, dtype)),
        )
        for name in SHAPES
        for dtype in (torch.float32, torch.float64)
    }


OPTIONS = {
    "no affine": {"affine": False},
    "no bias": {"bias": False},
    "cumulative average": {"momentum": None},
    "no running statistics": {"track_running_stats": False},
    "large eps": {"eps": 0.5},
}


def steps_of_every_option(rank):
    x, weights = (shards[rank] for shards in batch("images"))
    return {
        name: two_steps(filled(SyncBatchNorm(CHANNELS, dtype=torch.float64, **options)), x, weights)
        for name, options in OPTIONS.items()
    }


def far_from_zero():
    """Return shards in float32 with mean 1e4 and std 1; the last channel is constant."""
    generator = torch.Generator().manual_seed(0)
    x = 1e4 + torch.randn(90, 3, generator=generator, dtype=torch.float64)
    x[:, 2] = 1e4 / 3
    return x.float().split((7, 50, 33))


def step_far_from_zero(rank):
    x = far_from_zero()[rank]
    return two_steps(SyncBatchNorm(3), x, x - 1e4)


def half_precision(rank):
    x, _ = batch("images", torch.bfloat16)
    layer = SyncBatchNorm(CHANNELS)
    return layer(x[rank]).detach(), layer.running_mean


def channels_last(rank):
    x = batch("images", sizes=(2, 2, 2))[0][rank].contiguous(memory_format=torch.channels_last)
    layer = SyncBatchNorm(CHANNELS, dtype=torch.float64)
    transposed = x.contiguous().permute(0, 1, 3, 2)
    return layer(x).stride(), layer(transposed).stride()


def collectives(rank):
    """Return name and shape of each collective of a forward, a backward, and evaluation."""
    seen = []
    names = [n for n in dir(dist) if n.startswith(("all_", "reduce", "broadcast", "gather"))]
    originals = {name: getattr(dist, name) for name in names if callable(getattr(dist, name))}

    def counting(name):
        def call(tensor, *args, **kwargs):
            seen.append((name, tuple(tensor.shape)))
            return originals[name](tensor, *args, **kwargs)

        return call

    for name in originals:
        setattr(dist, name, counting(name))
    try:
        x, layer = torch.randn(2, 6, 3, requires_grad=True), SyncBatchNorm(6)
        y = layer(x)
        forwards = [seen.pop() for _ in range(len(seen))]
        y.square().sum().backward()
        backwards = [seen.pop() for _ in range(len(seen))]
        layer.eval()(x).sum().backward()
    finally:
        for name, function in originals.items():
            setattr(dist, name, function)
    return {"forwards": forwards, "backwards": backwards, "evaluation": seen}


def network():
    torch.manual_seed(3)
    return torch.nn.Sequential(
        torch.nn.Conv2d(CHANNELS, 5, 2, padding=1),
        torch.nn.BatchNorm2d(5),
        torch.nn.ReLU(),
        torch.nn.Conv2d(5, 3, 2),
        torch.nn.BatchNorm2d(3),
        torch.nn.Flatten(),
    ).double()


def train(model, x, weights, share):
    """Take three steps, and return the state."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for step in range(3):
        optimizer.zero_grad()
        (share * (model(x + step).square() * weights.flatten(1)).sum()).backward()
        optimizer.step()
    return model.state_dict()


def training_under_ddp(rank):
    x, weights = batch("images")
    model = DistributedDataParallel(convert_sync_batchnorm(network()))
    share = len(SIZES) / sum(SIZES)  # averaged over processes: times K, a sum over samples
    state = train(model, x[rank], weights[rank][:, :3], share)
    return {name.removeprefix("module."): tensor.clone() for name, tensor in state.items()}


def buffers_under_ddp(rank):
    batches = [1.0 + rank + 10 * step + torch.randn(4, 2).double() for step in range(3)]
    layers = {"plain": torch.nn.BatchNorm1d, "synchronized": SyncBatchNorm}
    history = {
        (name, sync): running_means_under_ddp(layer(2, dtype=torch.float64), batches, sync)
        for name, layer in layers.items()
        for sync in (True, False)
    }
    return {"history": history, "means": torch.stack([batch.mean(0) for batch in batches])}


def part_of_the_processes(rank):
    group = dist.new_group([0, 2])
    layer = SyncBatchNorm(CHANNELS, process_group=group, dtype=torch.float64)
    return layer(batch("vectors", sizes=(3, 3, 3))[0][rank]).detach()


def few_values(rank):
    """Return what becomes of one value in all, of one in each of two processes, and of none."""
    error = None
    try:
        SyncBatchNorm(2)(torch.ones(int(rank == 1), 2))
    except ValueError as raised:
        error = str(raised)
    two = SyncBatchNorm(2)
    y = two(torch.full((int(rank != 1), 2), float(rank)))
    none = SyncBatchNorm(2)
    empty = none(torch.ones(0, 2, 3, requires_grad=True))
    empty.sum().backward()
    left = (empty.shape, *none.buffers())
    return {"one": error, "two": (y.detach(), two.running_var), "none": left}


PATIENCE = 8  # seconds


def one_missing(rank):
    """Return the error where process 2 lives on, but leaves out a backward pass."""
    dist.barrier()  # else the group itself might be waited for in vain
    group = dist.new_group(timeout=timedelta(seconds=PATIENCE))
    layer = SyncBatchNorm(CHANNELS, process_group=group)
    y = layer(torch.randn(3, CHANNELS, requires_grad=True))
    return None if rank == 2 else peer_error(y.square().sum().backward)


def one_killed(rank):
    """Return the error where process 1 is killed between two layers."""
    layers = torch.nn.ModuleDict({"stem": torch.nn.BatchNorm1d(4), "head": torch.nn.BatchNorm1d(4)})
    convert_sync_batchnorm(layers)
    x = layers["stem"](torch.randn(3, 4))
    if rank == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return peer_error(lambda: layers["head"](x))


def peer_error(work):
    try:
        work()
    except PeerError as error:
        return str(error)


def all_of_them(rank):
    """Run everything, in the same order in each process."""
    yield "shapes", steps_of_every_shape(rank)
    yield "options", steps_of_every_option(rank)
    yield "far", step_far_from_zero(rank)
    yield "half", half_precision(rank)
    yield "strides", channels_last(rank)
    yield "collectives", collectives(rank)
    yield "ddp", training_under_ddp(rank)
    yield "buffers", buffers_under_ddp(rank)
    yield "part", part_of_the_processes(rank)
    yield "few", few_values(rank)
    yield "missing", one_missing(rank)


def main(rank, size, store, results):
    dist.init_process_group(
        "gloo",
        init_method=f"file://{store}",
        rank=rank,
        world_size=size,
        timeout=timedelta(seconds=40),
    )
    torch.manual_seed(rank)
    seen = dict(all_of_them(rank))
    torch.save(seen, f"{results}/{rank}.pt")
    dist.barrier()
    seen["killed"] = one_killed(rank)
    torch.save(seen, f"{results}/{rank}.pt")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
