"""A stack of networks of the same shape, as one module."""

import math

from torch import nn

from bncourse.experiments import layers
from bncourse.experiments.streams import DROPOUT, NOISE, Streams

ACTIVATIONS = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
    "identity": nn.Identity,
}
HALVED = 2  # the first layers of a cnn, each followed by pooling
SMALLEST = 2 ** (HALVED + 1)  # side of an image of which several positions are left after that


class Block(nn.Module):
    """One hidden layer: linear map, then norm and activation in the order of the configuration."""

    def __init__(self, config, linear, norm, after):
        super().__init__()
        self.linear, self.norm, self.after = linear, norm, after
        self.activation = ACTIVATIONS[config.activation]()
        self.before = config.placement == "before"
        self.residual = config.residual

    def forward(self, x):
        """Return the output of the layer for ``x``, both ``(N, E, C, *S)``."""
        z = self.linear(x)
        y = self.activation(self.norm(z)) if self.before else self.norm(self.activation(z))
        y = self.after(y)
        return x + y if self.residual and x.shape == y.shape else y


class Network(nn.Module):
    """Networks for the members of a stack, with their initial weights.

    Parameters
    ----------
    configs : sequence of Config
        the arms, equal in all settings that decide a shape
    seeds : sequence of int
        every arm has a member for every seed; members are ordered by arm, then by seed
    shape : tuple of int
        of one input, (C,) or (C, H, W)
    classes : int
        outputs

    Attributes
    ----------
    blocks : torch.nn.ModuleList
        the hidden layers, each with ``linear``, ``norm`` and ``activation``
    head : torch.nn.Module
        the linear layer to the classes
    """

    def __init__(self, configs, seeds, shape, classes):
        super().__init__()
        config, members = configs[0], len(configs) * len(seeds)
        dropout, noise = (Streams(seeds, len(configs), purpose) for purpose in (DROPOUT, NOISE))
        widths = [shape[0], *[config.width] * config.depth]
        linear = layers.Conv2d if config.model == "cnn" else layers.Linear
        self.blocks = nn.ModuleList(
            Block(
                config,
                linear(members, widths[i], widths[i + 1]),
                _norm(config, members, noise),
                _after(config, i, dropout),
            )
            for i in range(config.depth)
        )
        self.head = layers.Linear(members, widths[-1], classes)

    def forward(self, x):
        """Return logits (N, E, classes) for inputs ``(N, E, C, *S)``."""
        for block in self.blocks:
            x = block(x)
        return self.head(x if x.ndim == 3 else x.flatten(3).mean(3))


def input_shape(config, features):
    """Return the shape of one input: (C,), or (1, H, W) for the square images of a cnn."""
    if config.model == "mlp":
        return (features,)
    side = math.isqrt(features)
    if side * side != features or side < SMALLEST:
        raise ValueError(
            f"model='cnn' needs square images of {SMALLEST} by {SMALLEST} pixels or more, and "
            f"data gives {features} features: choose model='mlp'"
        )
    return (1, side, side)


def _norm(config, members, streams):
    shape = members, config.width, config.eps
    norm = {
        "none": lambda: nn.Identity(),
        "batch": lambda: _batch_norm(config, shape),
        "layer": lambda: layers.GroupNorm(*shape, groups=1),
        "group": lambda: layers.GroupNorm(*shape, groups=config.groups),
        "instance": lambda: layers.GroupNorm(*shape, groups=config.width),
        "rms": lambda: layers.RMSNorm(*shape),
    }[config.norm]()
    return nn.Sequential(norm, layers.Perturb(config.noise, streams)) if config.noise else norm


def _batch_norm(config, shape):
    if config.norm_batch is None:
        return layers.BatchNorm(*shape, config.norm_momentum)
    return layers.GhostBatchNorm(*shape, config.norm_momentum, config.norm_batch)


def _after(config, index, streams):
    steps = []
    if config.model == "cnn" and index < HALVED:
        steps.append(layers.HalveImage())
    if config.dropout:
        steps.append(layers.Dropout(config.dropout, streams))
    return nn.Sequential(*steps)
