"""Another processor on this one: initial weights that are rounded otherwise."""

from collections.abc import Sequence

import torch
from torch import Tensor

from bncourse.experiments.streams import FIRST_JITTER, generator


@torch.no_grad()
def jitter(layers: Sequence[Sequence[Tensor]], seeds: Sequence[int], number: int) -> None:
    """Move weights and biases by a unit in the last place, or not at all.

    As another processor would round them: every weight goes to the number next above it or next
    below it, or stays, with equal chance. What is 0 stays, as does what starts the same on every
    processor (gamma and beta of the norms). Arms of the same shape are moved alike.

    Parameters
    ----------
    layers : sequence of sequences of Tensor, (E, ...)
        what was drawn at random, layer by layer; changed in place
    seeds : sequence of int
        of the members, which are ordered by arm, then by seed
    number : int
        of the processor, so to say: each makes other choices
    """
    for place, layer in enumerate(layers):
        streams = [generator(seed, FIRST_JITTER + place, number) for seed in seeds]
        for values in layer:
            ways = [torch.randint(-1, 2, values.shape[1:], generator=s) for s in streams]
            ways = torch.stack(ways).repeat(len(values) // len(seeds), *[1] * (values.ndim - 1))
            toward = torch.where(ways == 0, values.cpu(), ways * torch.inf)
            values.copy_(torch.where(values == 0, 0, torch.nextafter(values, toward.to(values))))
