"""Stacks of small networks with hard parameters, and a plain network of ``torch.nn`` for each."""

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from torch import nn

from bncourse.data import Splits
from bncourse.experiments import Config, Stack

RATES = (0.3, 0.02)
SEEDS = (4, 7)
ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


def skewed(seed):
    """Return images of 8 by 8, neither centred nor normal, one pixel constant."""
    rng = np.random.default_rng(seed)
    x = 1 + 2 * rng.exponential(size=(16, 64))
    x[:, 0] = 3
    y = rng.integers(0, 3, 16)
    y[0] = 2
    return Splits(x, y, x, y, x, y, mean=np.zeros(64), std=np.ones(64))


def config_of(**settings):
    defaults = {"data": skewed, "depth": 3, "width": 5, "batch_size": 8, "epochs": 2}
    return Config(**defaults | settings)


@pytest.fixture
def config():
    return config_of


@pytest.fixture
def make():
    """Return a maker of a stack of four members that all differ, with inputs and labels."""

    def make(**settings):
        configs = [config_of(learning_rate=rate, **settings) for rate in RATES]
        stack = Stack(configs, SEEDS, dtype=torch.float64)
        randomize(stack.network)
        return stack, *next(stack.batches())

    return make


@torch.no_grad()
def randomize(network):
    stream = torch.Generator().manual_seed(2015)
    for name, parameter in network.named_parameters():
        noise = torch.randn(parameter.shape, generator=stream, dtype=parameter.dtype)
        parameter.mul_(1 + 0.2 * noise) if "norm" in name else parameter.add_(0.3 * noise)
        if "norm.bias" in name:
            parameter.add_(0.5 * noise)


@dataclass
class Passed:
    """What passed through the layers of one plain network."""

    z: list = field(default_factory=list)
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)
    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)


class Plain(nn.Module):
    """One member, written with ``torch.nn`` alone."""

    def __init__(self, config, network, member):
        super().__init__()
        self.config = config
        self.linears = nn.ModuleList(plain_linear(b.linear, member) for b in network.blocks)
        self.norms = nn.ModuleList(plain_norm(config, b.norm, member) for b in network.blocks)
        self.head = plain_linear(network.head, member)

    def forward(self, x):
        passed, phi = Passed(), ACTIVATIONS[self.config.activation]
        for i, (linear, norm) in enumerate(zip(self.linears, self.norms, strict=True)):
            z = linear(x)
            before = norm(z) if self.config.placement == "before" else z
            after = phi(before)
            out = after if self.config.placement == "before" else norm(after)
            if self.config.model == "cnn" and i < 2:
                out = nn.functional.max_pool2d(out, 2)
            values = (z, before, after, x, out)
            for name, value in zip(
                ("z", "before", "after", "inputs", "outputs"), values, strict=True
            ):
                getattr(passed, name).append(value)
            x = out
        return self.head(x if x.ndim == 2 else x.mean((2, 3))), passed

    def loss(self, x, y):
        return nn.functional.cross_entropy(self(x)[0], y)

    def layer(self, number):
        """Return the parameters of one hidden layer."""
        return [*self.linears[number].parameters(), *self.norms[number].parameters()]


@torch.no_grad()
def plain_linear(layer, member):
    weight, bias = layer.weight[member], layer.bias[member]
    if weight.ndim == 4:
        plain = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1, dtype=weight.dtype)
        plain.weight.copy_(weight)
    else:
        plain = nn.Linear(*weight.T.shape, dtype=weight.dtype)
        plain.weight.copy_(weight)
    plain.bias.copy_(bias)
    return plain


@torch.no_grad()
def plain_norm(config, norm, member):
    if config.norm == "none":
        return nn.Identity()
    kind = nn.BatchNorm2d if config.model == "cnn" else nn.BatchNorm1d
    plain = kind(config.width, eps=config.eps, dtype=norm.weight.dtype)
    plain.weight.copy_(norm.weight[member])
    plain.bias.copy_(norm.bias[member])
    return plain


@pytest.fixture
def members():
    """Return a maker of (plain network, inputs, labels, learning rate) for each member."""

    def members(stack, x, y, **settings):
        rates = [rate for rate in RATES for _ in SEEDS]
        return [
            (Plain(config_of(**settings), stack.network, e), x[:, e], y[:, e], rate)
            for e, rate in enumerate(rates)
        ]

    return members
