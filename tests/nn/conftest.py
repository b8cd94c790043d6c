"""Inputs on which mistakes show, and comparisons with ``torch.nn``."""

import pytest
import torch


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(2015)


@pytest.fixture
def hard():
    """Return a maker of inputs: not centred, one channel with var near eps, one far off."""

    def make(*shape, dtype=torch.float64, requires_grad=True):
        x = 3 + 2 * torch.randn(shape, dtype=torch.float64)
        x[:, 0] = 1 + 1e-5**0.5 * torch.randn_like(x[:, 0])
        x[:, 1] += 1000
        return x.to(dtype).requires_grad_(requires_grad)

    return make


@pytest.fixture
def twins():
    """Return a maker of two layers, ours and torch's, with the same random parameters."""
    import bncourse.nn

    def make(name, *args, **kwargs):
        ours = getattr(bncourse.nn, name)(*args, **kwargs)
        theirs = getattr(torch.nn, name)(*args, **kwargs)
        with torch.no_grad():
            for parameter in ours.parameters():
                parameter.copy_(torch.randn(parameter.shape))
            for key, buffer in ours.named_buffers():
                buffer.copy_(5 * torch.rand(buffer.shape) if "running" in key else 7)
        theirs.load_state_dict(ours.state_dict(), strict=True)
        return ours, theirs

    return make


@pytest.fixture
def assert_same():
    """Return an assertion: two layers agree on x in outputs, two gradients and states."""

    def check(ours, theirs, x, **tolerance):
        results = []
        for layer in (ours, theirs):
            inputs = [x, *layer.parameters()]
            y = layer(x)
            weights = torch.linspace(-1, 2, y.numel(), dtype=y.dtype).reshape(y.shape)
            first = torch.autograd.grad((y * weights).sum(), inputs, create_graph=True)
            # The last term keeps the graph where the layer is linear, or the batch empty.
            pulled = sum((grad**3).sum() for grad in first) + sum(0 * t.sum() for t in inputs)
            second = torch.autograd.grad(pulled, inputs)
            results.append([y, *first, *second, *layer.buffers()])
        torch.testing.assert_close(*results, **tolerance)

    return check
