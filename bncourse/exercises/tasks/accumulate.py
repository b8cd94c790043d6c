"""The gradient of a large batch, from parts of it that are not equally large."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import normal

# What the mean loss of a part is multiplied by, from its count and all counts: the first is right.
WEIGHTS = {
    "share": lambda count, counts: count / sum(counts),
    "equal": lambda count, counts: 1 / len(counts),
    "one": lambda count, counts: 1,
    "count": lambda count, counts: count,
    "share-squared": lambda count, counts: (count / sum(counts)) ** 2,
    "share-over-parts": lambda count, counts: count / sum(counts) / len(counts),
    "one-over-samples": lambda count, counts: 1 / sum(counts),
    "count-over-parts": lambda count, counts: count / len(counts),
    "share-of-first": lambda count, counts: counts[0] / sum(counts),
    "as-large-as-first": lambda count, counts: count / (len(counts) * counts[0]),
    "share-of-others": lambda count, counts: 1 - count / sum(counts),
    "inverse": lambda count, counts: (1 / count) / sum(1 / other for other in counts),
}
# Which parts count: the first is right.
TAKEN = {
    "all": lambda parts: parts,
    "last": lambda parts: parts[-1:],
    "first": lambda parts: parts[:1],
    "largest": lambda parts: [max(parts, key=lambda part: len(part[1]))],
    "all-but-last": lambda parts: parts[:-1] or parts,
    "together": lambda parts: [tuple(map(torch.cat, zip(*parts, strict=True)))],
}


def gradients(
    network, parts, *, weight="share", taken="all", old_kept=False, softmax=False, sign=1
):
    """Return the gradient of the mean loss over all `parts`, one for each parameter."""
    if not old_kept:
        network.zero_grad()
    used = TAKEN[taken](parts)
    counts = [len(labels) for _, labels in (used if taken == "together" else parts)]
    for images, labels in used:
        scores = network(images).softmax(1) if softmax else network(images)
        loss = WEIGHTS[weight](len(labels), counts) * cross_entropy(scores, labels)
        (sign * loss).backward()
    return [parameter.grad for parameter in network.parameters()]


class Narrow(nn.Sequential):
    """Layers in whose memory only so many samples have room."""

    def __init__(self, most, *layers):
        super().__init__(*layers)
        self.most = most

    def forward(self, x):
        """Return the output for a few samples.

        Raises
        ------
        MemoryError : there are too many of them.
        """
        if len(x) > self.most:
            raise MemoryError(f"there is room for {self.most} samples at a time, got {len(x)}")
        return super().forward(x)


def _network(most, used):
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
    return answer(_network(max(sizes), used), list(parts))


EXERCISE = Exercise(
    make=lambda **switches: partial(gradients, **switches),
    arguments=("sizes", "used"),
    probes=(
        Probe("equal", ([4, 4], False)),
        Probe("unequal", ([5, 2], False)),
        Probe("rising", ([1, 2, 6], False)),
        Probe("used", ([4, 4, 1], True)),
        Probe("one-part", ([3], False)),
    ),
    outputs=("0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias"),
    observe=observe,
    wants="tensor",
)
