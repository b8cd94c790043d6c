"""Time of a compiled batch norm with a ReLU behind it, in relation to the same as it is, float32.

One thread. A compiled round comes right after one as it is; compared are the minima.
"""

from copy import deepcopy
from time import perf_counter

import pytest
import torch
from torch import nn

import bncourse.nn
from bncourse.inference import NoCompilerError, compiled

TITLE = "batch norm and ReLU, float32, one thread: time compiled / time as it is"
LIBRARIES = {"torch.nn": nn, "bncourse.nn": bncourse.nn}
WORK = {  # training mode, and whether a backward pass follows
    "evaluation": (False, False),
    "training, forward": (True, False),
    "training, step": (True, True),
}

pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning"),
]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def make_round(model, x, step):
    if not step:
        return torch.no_grad()(lambda: model(x))
    inputs, grad = [x.clone().requires_grad_(), *model.parameters()], torch.randn_like(x)
    return lambda: torch.autograd.grad(model(inputs[0]), inputs, grad)


@pytest.mark.parametrize("shape", [(32, 16, 32, 32), (32, 8, 8, 8)], ids=str)
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("work", WORK)
def test_compiled(benchmark, ratios, shape, library, work):
    training, step = WORK[work]
    x = torch.randn(shape)
    plain = nn.Sequential(LIBRARIES[library].BatchNorm2d(shape[1]), nn.ReLU()).train(training)
    try:
        with torch.set_grad_enabled(step):
            fast = compiled(deepcopy(plain), x.clone().requires_grad_(step))
    except NoCompilerError as error:
        pytest.skip(str(error))
    reference, reference_times = make_round(plain, x, step), []

    def time_reference():
        start = perf_counter()
        reference()
        reference_times.append(perf_counter() - start)

    benchmark.pedantic(make_round(fast, x, step), setup=time_reference, rounds=100, warmup_rounds=3)
    if benchmark.stats:  # None under --benchmark-disable
        ratios[f"{library} {shape}"][work] = benchmark.stats.stats.min / min(reference_times)
