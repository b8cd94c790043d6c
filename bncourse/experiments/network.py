"""A stack of networks of the same shape, as one module."""

import math
from collections.abc import Sequence

from torch import Tensor, nn

from bncourse.evidence.config import Config
from bncourse.experiments import layers
from bncourse.experiments.blocks import (
    Block,
    Ending,
    NormAfter,
    PostActivation,
    PreActivation,
    Stem,
)
from bncourse.experiments.parts import HALVED, Parts

SMALLEST = 2 ** (HALVED + 1)  # side of an image of which several positions are left after that


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
        the hidden layers: each maps the output of the one before, and has ``linear``, ``pool`` and
        (but for a ``Stem``) ``norm``, ``activation`` and ``dropout``
    ending : torch.nn.Module
        between the last block and the head
    head : torch.nn.Module
        the linear layer to the classes
    """

    def __init__(
        self, configs: Sequence[Config], seeds: Sequence[int], shape: Sequence[int], classes: int
    ) -> None:
        super().__init__()
        parts = Parts(configs, seeds, shape)
        kinds = {None: _without_skip, "post": _post_activation, "pre": _pre_activation}
        blocks, self.ending = kinds[configs[0].residual](parts)
        self.blocks = nn.ModuleList(blocks)
        self.head = layers.Linear(parts.members, parts.widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (N, E, classes) for inputs ``(N, E, C, *S)``."""
        for block in self.blocks:
            x = block(x)
        x = self.ending(x)
        return self.head(x if x.ndim == 3 else x.flatten(3).mean(3))

    @property
    def norms(self) -> list[nn.Module]:
        """The norm of each hidden layer: what is normalized is what its ``linear`` gave."""
        return self._each("norm")

    @property
    def activations(self) -> list[nn.Module]:
        """The activation of each hidden layer, in forward order."""
        return self._each("activation")

    def _each(self, name):
        """Return one part of each layer; those of pre-activation blocks stand one block later."""
        first, *others = self.blocks
        ends = [*others, self.ending] if isinstance(first, Stem) else self.blocks
        return [getattr(end, name) for end in ends]


def input_shape(config: Config, features: int) -> tuple[int, ...]:
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


def _without_skip(parts):
    """Return the blocks and the ending of a network without skips."""
    kind = Block if parts.config.placement == "before" else NormAfter
    return [_block(kind, parts, i) for i in range(parts.config.depth)], nn.Identity()


def _post_activation(parts):
    """Return the blocks and the ending of a network of post-activation blocks."""
    first = Block(parts.linear(0), parts.norm(), parts.activation(), nn.Identity(), parts.pool(0))
    others = [_block(PostActivation, parts, i) for i in range(1, parts.config.depth)]
    return [first, *others], parts.dropout()


def _pre_activation(parts):
    """Return the blocks and the ending of a network of pre-activation blocks."""
    others = [_block(PreActivation, parts, i) for i in range(1, parts.config.depth)]
    ending = Ending(parts.norm(), parts.activation(), parts.dropout())
    return [Stem(parts.linear(0), parts.pool(0)), *others], ending


def _block(kind, parts, number):
    linear, pool = parts.linear(number), parts.pool(number)
    return kind(linear, parts.norm(), parts.activation(), parts.dropout(), pool)
