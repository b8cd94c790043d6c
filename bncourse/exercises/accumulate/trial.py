"""The gradient of a large batch, from parts of it that are not equally large."""

from weakref import WeakSet

import torch
from torch import nn

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.networks import normal


class Part:
    """Samples whose graph waits for a backward pass: it lives as long as the graph."""

    def __init__(self, size):
        self.size = size


class Narrow(nn.Sequential):
    """Layers in whose memory only so many samples, and their graphs, have room."""

    def __init__(self, most, *layers):
        super().__init__(*layers)
        self.most = most
        self.waiting = WeakSet()

    def forward(self, x):
        """Return the output for a few samples.

        Raises
        ------
        MemoryError : there are too many of them, with those whose graph is still kept.
        """
        count = len(x) + sum(part.size for part in self.waiting)
        if count > self.most:
            raise MemoryError(f"room for {self.most} samples and their graphs, got {count}")
        scores = super().forward(x)
        if scores.requires_grad:
            part = Part(len(x))
            self.waiting.add(part)
            scores.register_hook(lambda grad: self.waiting.discard(part))
        return scores


def narrow_network(most, used):
    """Return a network with fixed weights; if it was `used`, it holds gradients of that."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        network = Narrow(most, nn.Linear(2, 4), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 3))
        for seed, parameter in enumerate(network.double().parameters()):
            parameter.copy_(normal(*parameter.shape, seed=seed))
            parameter.grad = normal(*parameter.shape, seed=10 + seed).double() if used else None
    return network


def observe(answer, sizes, used):
    """Return the gradients for parts of the given `sizes`."""
    images = 1 + 2 * normal(sum(sizes), 2, seed=20).double()
    labels = images.sum(1).argsort() % 3
    parts = zip(images.split(sizes), labels.split(sizes), strict=True)
    return answer(narrow_network(max(sizes), used), list(parts))


TRIAL = Trial(
    outputs=("0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias"),
    cases=(
        Case("equal", ([4, 4], False)),
        Case("unequal", ([5, 2], False)),
        Case("rising", ([1, 2, 6], False)),
        Case("used", ([4, 4, 1], True)),
        Case("one-part", ([3], False)),
    ),
    observe=observe,
    arguments=("sizes", "used"),
    wants="tensor",
)
