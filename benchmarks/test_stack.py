"""Time of a step of S networks trained as one stack, in relation to a loop over S models.

Networks with batch norm on digits, batches of 32, SGD, float32, one thread. Every timed step of the
stack comes right after a step of the loop and a step of a stack of one, so that the noise of a
shared computer falls on all three. Compared are the minima, in time of the processor: a step of
100 models takes so long that a busy computer always interrupts it.

The goals for 128 members are ``loop / stack`` of 18 at depth 3, width 32, and of 9 at depth 5,
width 64. Found on two shared cores: 17.7 to 20, and 7.9 to 9.4, least when the neighbours are
busiest. What is left at width 64 is memory: weights and gradients of a layer are 2 MB each, 20 MB
for all, and with the activations more than the cache holds, while those of a single model fit. Two
thirds of a step are matrix products, and those that write gradients take about 1.5 times as long as
they do on numbers that lie in the cache.
"""

from time import process_time

import pytest
import torch
from torch import nn

from bncourse.experiments import Config, Stack

TITLE = "a step of S members, float32, one thread: the stack's time beside others'"
ROUNDS = {1: 300, 10: 150, 32: 60, 100: 30, 128: 30}
SIZES = [(3, 32), (5, 64)]  # depth and width


class Loop:
    """S models of torch.nn, each with an optimizer of its own."""

    def __init__(self, members, depth, width, x, y):
        self.x, self.y = x.unbind(1), y.unbind(1)
        self.models = [make_model(depth, width) for _ in range(members)]
        self.optimizers = [torch.optim.SGD(model.parameters(), 0.1) for model in self.models]

    def step(self):
        for x, y, model, optimizer in zip(
            self.x, self.y, self.models, self.optimizers, strict=True
        ):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()


def make_model(depth, width):
    widths = [64] + [width] * depth
    hidden = [
        layer
        for fan_in, fan_out in zip(widths, widths[1:], strict=False)
        for layer in (nn.Linear(fan_in, fan_out), nn.BatchNorm1d(fan_out), nn.ReLU())
    ]
    return nn.Sequential(*hidden, nn.Linear(width, 10))


def make_step(members, depth, width):
    """Return a function that makes a step of a stack, and the batch that it steps on."""
    stack = Stack([Config(depth=depth, width=width, norm="batch")], range(members))
    x, y = next(iter(stack.batches()))
    return lambda: stack.step(x, y), x, y


@pytest.fixture
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.benchmark(timer=process_time)
@pytest.mark.parametrize("members", ROUNDS)
@pytest.mark.parametrize(("depth", "width"), SIZES)
def test_stack(benchmark, ratios, one_thread, depth, width, members):
    step, x, y = make_step(members, depth, width)
    others = {
        "loop": Loop(members, depth, width, x.contiguous(), y.contiguous()).step,
        "one": make_step(1, depth, width)[0],
    }
    times = {name: [] for name in others}

    def time_others():
        for name, other in others.items():
            start = process_time()
            other()
            times[name].append(process_time() - start)

    benchmark.pedantic(step, setup=time_others, rounds=ROUNDS[members], warmup_rounds=3)
    if benchmark.stats:  # None under --benchmark-disable
        stack = benchmark.stats.stats.min
        row = ratios[f"depth {depth}, width {width}, S = {members}"]
        row["stack / one"] = stack / min(times["one"])
        row["loop / stack"] = min(times["loop"]) / stack
