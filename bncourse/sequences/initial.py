"""Initial weights: a function of the seed and the layer alone, so that arms start alike."""

from collections.abc import Sequence

import torch
from torch import Tensor

from bncourse.experiments.streams import FIRST_LAYER, generator
from bncourse.sequences.config import Transformer
from bncourse.sequences.network import Decoder

OF_PLACES = 0.1  # standard deviation, where that of the tokens is 1


@torch.no_grad()
def initialize(network: Decoder, configs: Sequence[Transformer], seeds: Sequence[int]) -> None:
    """Set the weights of ``network``, member by member.

    Linear maps as Glorot & Bengio (2010) have it, with biases 0; what stands for a token in the
    first layer is normal with standard deviation 1, and what stands for its place with 0.1.

    Parameters
    ----------
    network : Decoder
        changed in place
    configs : sequence of Transformer
        its arms
    seeds : sequence of int
        its seeds
    """
    arms = len(configs)
    for number, layer in enumerate(network.linears()):
        fill = torch.nn.init.xavier_normal_
        if layer is network.embedding:
            fill = torch.nn.init.normal_
        weight = _drawn(fill, layer.shape_of_one(), seeds, FIRST_LAYER + number)
        layer.load(weight.repeat(arms, 1, 1), torch.zeros_like(layer.bias))
    places = _drawn(torch.nn.init.normal_, network.places.shape[1:], seeds, FIRST_LAYER - 1)
    network.places.copy_(OF_PLACES * places.repeat(arms, 1, 1))


def drawn(network: Decoder) -> list[tuple[Tensor]]:
    """Return what is drawn at random, (E, ...): the matrices, and what stands for the places."""
    return [(layer.weight,) for layer in network.linears()] + [(network.places,)]


def _drawn(fill, shape, seeds, purpose):
    """Return what ``fill`` makes for each seed, (seeds, *shape), in float64."""
    streams = [generator(seed, purpose) for seed in seeds]
    drawn = [fill(torch.empty(shape, dtype=torch.float64), generator=s) for s in streams]
    return torch.stack(drawn)
