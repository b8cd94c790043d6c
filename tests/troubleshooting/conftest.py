"""Small networks of several kinds, data for them, and a little training."""

import copy
from functools import cache

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import bncourse.nn

CLASSES = 3
SHAPES = {"vectors": (12,), "images": (3, 6, 6), "sequences": (4, 16)}


def make_data(kind, count, seed, scale=2.0, shift=3.0):
    """Return samples of three classes, not centred and not of unit scale, and their labels."""
    chance = torch.Generator().manual_seed(seed)
    shape = SHAPES[kind]
    centres = torch.randn(CLASSES, *shape, generator=torch.Generator().manual_seed(99))
    y = torch.randint(CLASSES, (count,), generator=chance)
    x = centres[y] + torch.randn(count, *shape, generator=chance)
    rows = torch.linspace(0.5, 1.5, shape[0]).view(-1, *(1 for _ in shape[1:]))
    return shift + scale * rows * x, y


class Functional(nn.Module):
    """A norm that is written as a call, with its running statistics as buffers."""

    def __init__(self, channels, momentum=0.1):
        super().__init__()
        self.gain, self.shift = (
            nn.Parameter(torch.ones(channels)),
            nn.Parameter(torch.zeros(channels)),
        )
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))

    def forward(self, x):
        statistics = self.mean, self.var
        return F.batch_norm(x, *statistics, self.gain, self.shift, self.training, self.momentum)


class Residual(nn.Module):
    """A block as in ResNet."""

    def __init__(self, channels, norm):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = norm(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = norm(channels)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(x + y)


def mlp(norm, dropout=0.0):
    layers = []
    for n_in in (12, 24):
        layers += [nn.Linear(n_in, 24), norm(24), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(24, CLASSES))


def convnet(norm, dropout=0.0):
    layers = []
    for n_in in (3, 8):
        layers += [nn.Conv2d(n_in, 8, 3, padding=1), norm(8), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.AvgPool2d(2), nn.Flatten(), nn.Linear(72, CLASSES))


def resnet(norm, dropout=0.0):
    stem = nn.Conv2d(3, 8, 3, padding=1, bias=False), norm(8), nn.ReLU()
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(8, CLASSES)
    return nn.Sequential(*stem, Residual(8, norm), *head)


def sequence(norm, dropout=0.0):
    layers = []
    for n_in in (4, 12):
        layers += [nn.Conv1d(n_in, 12, 3, padding=1), norm(12), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(12 * 16, CLASSES))


# name: what makes it, the kind of its data, its norm
ARCHITECTURES = {
    "mlp": (mlp, "vectors", nn.BatchNorm1d),
    "convnet": (convnet, "images", nn.BatchNorm2d),
    "resnet": (resnet, "images", nn.BatchNorm2d),
    "sequence": (sequence, "sequences", nn.BatchNorm1d),
    "functional": (mlp, "vectors", Functional),
    "ours": (convnet, "images", bncourse.nn.BatchNorm2d),
}


class Lab:
    """Makes networks, data and loaders, all from seeds."""

    Functional = Functional
    architectures = tuple(ARCHITECTURES)

    def kind(self, name):
        """Return the kind of data of an architecture."""
        return ARCHITECTURES[name][1]

    def norm(self, name):
        """Return the norm of an architecture."""
        return ARCHITECTURES[name][2]

    def network(self, name, norm=None, seed=0, dropout=0.0, **arguments):
        """Return a new network; `arguments` go to its norms, or `norm` makes them."""
        make, _, own = ARCHITECTURES[name]
        torch.manual_seed(seed)
        return make(norm or (lambda channels: own(channels, **arguments)), dropout)

    def batches(self, kind, count=240, size=48, seed=1, **look):
        """Return a list of batches in random order."""
        x, y = make_data(kind, count, seed, **look)
        return list(zip(x.split(size), y.split(size), strict=True))

    def train(self, network, batches, epochs=6, rate=0.05, frozen=()):
        """Train a network with plain SGD; modules in `frozen` stay in evaluation mode."""
        network.train()
        for module in frozen:
            module.eval()
        optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], rate)
        for _ in range(epochs):
            for x, y in batches:
                optimizer.zero_grad()
                F.cross_entropy(network(x), y).backward()
                optimizer.step()
        return network

    def trained(self, name, epochs=6, rate=0.05, dropout=0.0, **arguments):
        """Return a network that was trained a little, and the batches it was trained on."""
        network, batches = self._trained(name, epochs, rate, dropout, **arguments)
        return copy.deepcopy(network), list(batches)

    @cache  # noqa: B019 - one lab for all tests
    def _trained(self, name, epochs, rate, dropout, **arguments):
        batches = self.batches(self.kind(name))
        network = self.network(name, dropout=dropout, **arguments)
        return self.train(network, batches, epochs, rate), batches

    def norms(self, network):
        """Return the norms of a network that are modules with running statistics."""
        return [module for module in network.modules() if hasattr(module, "running_mean")]


@pytest.fixture(scope="session")
def lab():
    return Lab()
