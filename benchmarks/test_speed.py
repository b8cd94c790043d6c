"""Time of forward and backward together, float32, in relation to torch.nn.

Every timed round comes right after a round of torch.nn, so that the noise of a shared computer and
the state of its caches fall on both. Compared are the minima.
"""

from time import perf_counter

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits

import bncourse.nn
from bncourse import scratch

TITLE = "forward + backward, float32: time / time of torch.nn"
ROUNDS = {2: 400, 4: 30}
EPS = 1e-5

# Layer of torch.nn: its arguments, the input's shape, and our NumPy pair for the same.
CASES = {
    "BatchNorm1d": ((1024,), (256, 1024), scratch.batch_norm, scratch.batch_norm_backward),
    "BatchNorm2d": ((64,), (64, 64, 32, 32), scratch.batch_norm, scratch.batch_norm_backward),
    "LayerNorm": ((1024,), (256, 1024), scratch.layer_norm, scratch.layer_norm_backward),
    "RMSNorm": ((1024, EPS), (256, 1024), scratch.rms_norm, scratch.rms_norm_backward),
    "GroupNorm": (
        (8, 64),
        (64, 64, 32, 32),
        lambda x, *affine: scratch.group_norm(x, 8, *affine),
        scratch.group_norm_backward,
    ),
    "InstanceNorm2d": (
        (64, EPS, 0.1, True),
        (64, 64, 32, 32),
        scratch.instance_norm,
        scratch.instance_norm_backward,
    ),
}
EVERYWHERE = ["bncourse.nn", "bncourse.scratch", "copy"]


class Composite(torch.nn.Module):
    """Batch norm written as ordinary torch operations: autograd finds the backward pass."""

    def __init__(self, channels):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(channels))
        self.bias = torch.nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        axes = (0, *range(2, x.ndim))
        column = (-1, *[1] * (x.ndim - 2))
        deviation = x - x.mean(axes, keepdim=True)
        x_hat = deviation * torch.rsqrt((deviation**2).mean(axes, keepdim=True) + EPS)
        return x_hat * self.weight.view(column) + self.bias.view(column)


def torch_round(module, x, grad):
    x = torch.tensor(x, requires_grad=True)
    grad = torch.tensor(grad)
    inputs = [x, *module.parameters()]
    return lambda: torch.autograd.grad(module(x), inputs, grad)


def numpy_round(forward, backward, x, grad, parameters):
    affine = [parameter.detach().numpy() for parameter in parameters]
    return lambda: backward(grad, forward(x, *affine)[1])


def copy_round(x, grad):
    """Return the floor: ``x`` and ``grad`` read once, as many bytes written, nothing computed."""
    sources = torch.tensor(x), torch.tensor(grad)
    targets = [torch.empty_like(source) for source in sources]
    return lambda: [target.copy_(source) for target, source in zip(targets, sources, strict=True)]


def make_round(contender, layer, x, grad):
    arguments, _, forward, backward = CASES[layer]
    reference = getattr(torch.nn, layer)(*arguments)
    if contender == "copy":
        return copy_round(x, grad)
    if contender == "bncourse.scratch":
        return numpy_round(forward, backward, x, grad, reference.parameters())
    if contender == "composite":
        return torch_round(Composite(*arguments), x, grad)
    if contender == "bncourse.nn":
        return torch_round(getattr(bncourse.nn, layer)(*arguments), x, grad)
    return torch_round(reference, x, grad)


@pytest.fixture(params=[1, 2], ids="{} threads".format)
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    with threadpool_limits(request.param):
        yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("layer", "contender"),
    [(layer, contender) for layer in CASES for contender in EVERYWHERE]
    + [("BatchNorm1d", "composite"), ("BatchNorm2d", "composite")],
)
def test_speed(benchmark, ratios, threads, layer, contender):
    shape = CASES[layer][1]
    rng = np.random.default_rng(0)
    x, grad = (3 + 2 * rng.standard_normal((2, *shape))).astype(np.float32)
    reference = make_round("torch.nn", layer, x, grad)
    reference_times = []

    def time_reference():
        start = perf_counter()
        reference()
        reference_times.append(perf_counter() - start)

    benchmark.pedantic(
        make_round(contender, layer, x, grad),
        setup=time_reference,
        rounds=ROUNDS[len(shape)],
        warmup_rounds=3,
    )
    if benchmark.stats:  # None under --benchmark-disable
        case = f"{layer} {shape}, {threads} threads"
        ratios[case][contender] = benchmark.stats.stats.min / min(reference_times)
