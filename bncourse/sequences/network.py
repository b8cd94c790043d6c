"""Causal Transformers for the members of a stack, as one module.

To every layer but attention a token is a sample, so they are those of ``bncourse.experiments``:
every tensor between two layers is (N, E, C), with the tokens of all sequences in the place of the
samples, sequence by sequence; it lies in memory as (E, C, N).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bncourse.evidence.config import Config
from bncourse.experiments.layers import Linear
from bncourse.experiments.parts import Parts
from bncourse.sequences.config import Transformer


class Attention(nn.Module):
    """E causal attentions with several heads: each token looks at itself and at earlier ones.

    Parameters
    ----------
    members, width, heads, context : int
        networks, features of a token, heads, and tokens of a sequence
    """

    def __init__(self, members: int, width: int, heads: int, context: int) -> None:
        super().__init__()
        self.heads, self.context = heads, context
        self.inward = Linear(members, width, 3 * width)
        self.outward = Linear(members, width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, C) for (N, E, C): queries, keys and values, then the mixture of values."""
        members, width = x.shape[1:]
        shape = 3, self.heads, width // self.heads, -1, self.context  # and E in front
        parts = self.inward(x).permute(1, 2, 0).unflatten(2, (-1, self.context))
        parts = parts.reshape(members, *shape).permute(1, 0, 2, 4, 5, 3)  # 3, E, heads, B, T, C
        mixed = F.scaled_dot_product_attention(*parts.flatten(1, 3), is_causal=True)
        mixed = mixed.view(members, self.heads, -1, self.context, width // self.heads)
        return self.outward(mixed.permute(2, 3, 0, 1, 4).flatten(3).flatten(0, 1))


class Dense(nn.Module):
    """E networks with one hidden layer of four times the width, for each token by itself."""

    def __init__(self, members: int, width: int, activation: nn.Module) -> None:
        super().__init__()
        self.inward, self.activation = Linear(members, width, 4 * width), activation
        self.outward = Linear(members, 4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, C) for (N, E, C)."""
        return self.outward(self.activation(self.inward(x)))


class Branch(nn.Module):
    """A branch and its norm: x + f(norm(x)), or norm(x + f(x)) if the norm stands after the sum."""

    def __init__(self, inside: nn.Module, norm: nn.Module, after: bool) -> None:
        super().__init__()
        self.inside, self.norm, self.after = inside, norm, after

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, E, C) for (N, E, C)."""
        if self.after:
            return self.norm(x + self.inside(x))
        return x + self.inside(self.norm(x))


class Decoder(nn.Module):
    """Transformers for the members of a stack.

    Parameters
    ----------
    configs : sequence of Transformer
        the arms, equal in all settings that decide a shape
    seeds : sequence of int
        every arm has a member for every seed; members are ordered by arm, then by seed
    tokens, context : int
        how many kinds of tokens there are, and how many of them one sequence has

    Attributes
    ----------
    branches : torch.nn.ModuleList
        attention and dense network of each block, in forward order
    ending : torch.nn.Module
        the norm before the head, if the branches begin with theirs
    """

    def __init__(
        self, configs: Sequence[Transformer], seeds: Sequence[int], tokens: int, context: int
    ) -> None:
        super().__init__()
        config, self.context, self.tokens = configs[0], context, tokens
        parts = Parts([of_tokens(config, context)] * len(configs), seeds, (config.width,))
        members, after = parts.members, config.residual == "post"
        self.embedding = Linear(members, tokens, config.width)
        self.places = nn.Parameter(torch.empty(members, config.width, context))
        insides = (
            inside
            for _ in range(config.depth)
            for inside in (
                Attention(members, config.width, config.heads, context),
                Dense(members, config.width, parts.activation()),
            )
        )
        self.branches = nn.ModuleList(Branch(inside, parts.norm(), after) for inside in insides)
        self.ending = nn.Identity() if after else parts.norm()
        self.head = Linear(members, config.width, tokens)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (B, T, E, tokens) for tokens (B, E, T)."""
        sequences = len(x)
        y = self.embed(x)
        for branch in self.branches:
            y = branch(y)
        return self.head(self.ending(y)).unflatten(0, (sequences, self.context))

    def embed(self, x: Tensor) -> Tensor:
        """Return what the first branch gets, (N, E, C), for tokens (B, E, T)."""
        marks = F.one_hot(x.transpose(0, 1).flatten(1), self.tokens)  # E, N, tokens
        marks = marks.transpose(1, 2).contiguous().to(self.places.dtype)
        places = self.places.repeat(1, 1, len(x)).permute(2, 0, 1)
        return self.embedding(marks.permute(2, 0, 1)) + places

    def linears(self) -> list[Linear]:
        """Return all linear maps, in forward order."""
        return [module for module in self.modules() if isinstance(module, Linear)]


def of_tokens(config: Transformer, context: int) -> Config:
    """Return the configuration of a network whose samples are the tokens of a batch."""
    return Config(
        width=config.width,
        activation=config.activation,
        norm=config.norm,
        norm_batch=config.norm_batch and config.norm_batch * context,
        batch_size=config.batch_size * context,
        eps=config.eps,
        norm_momentum=config.norm_momentum,
    )
