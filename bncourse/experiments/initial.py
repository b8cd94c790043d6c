"""Initial weights: a function of the seed and the layer alone, so that arms start alike."""

import math

import torch

from bncourse.experiments.streams import FIRST_LAYER, generator

GAIN = {"kaiming_normal": {"nonlinearity": "relu"}, "kaiming_uniform": {"nonlinearity": "relu"}}


@torch.no_grad()
def initialize(network, configs, seeds):
    """Set the weights of ``network``, member by member, as the configurations say.

    Parameters
    ----------
    network : Network
        changed in place
    configs : sequence of Config
        its arms
    seeds : sequence of int
        its seeds
    """
    layers = [block.linear for block in network.blocks] + [network.head]
    for number, layer in enumerate(layers):
        shape = layer.shape_of_one()
        drawn = [_draw(configs[0].init, shape, generator(s, FIRST_LAYER + number)) for s in seeds]
        weight, bias = (torch.stack(parts) for parts in zip(*drawn, strict=True))
        scales = [1.0 if layer is network.head else config.weight_scale for config in configs]
        layer.load(torch.cat([weight * s for s in scales]), bias.repeat(len(configs), 1))


def _draw(init, shape, stream):
    """Return weight and bias of one layer of one member, in float64."""
    weight = torch.empty(shape, dtype=torch.float64)
    bias = torch.zeros(shape[0], dtype=torch.float64)
    if init == "torch":
        torch.nn.init.kaiming_uniform_(weight, math.sqrt(5), generator=stream)
        bound = 1 / math.sqrt(weight[0].numel())
        return weight, bias.uniform_(-bound, bound, generator=stream)
    fill = getattr(torch.nn.init, f"{init}_")
    return fill(weight, generator=stream, **GAIN.get(init, {})), bias
