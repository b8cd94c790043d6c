"""The kinds of hidden layers: in which order a linear map, a norm and an activation stand.

The equations are those of ``Config``. Everything between two layers is ``(N, E, C, *S)``.
"""

from torch import Tensor, nn


class Block(nn.Module):
    """One hidden layer without a skip: phi(norm(W x))."""

    def __init__(
        self,
        linear: nn.Module,
        norm: nn.Module,
        activation: nn.Module,
        dropout: nn.Module,
        pool: nn.Module,
    ) -> None:
        super().__init__()
        self.linear, self.norm, self.activation = linear, norm, activation
        self.dropout, self.pool = dropout, pool

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the layer for ``x``, both ``(N, E, C, *S)``."""
        return self.dropout(self.pool(self.activation(self.norm(self.linear(x)))))


class NormAfter(Block):
    """One hidden layer without a skip: norm(phi(W x))."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the layer for ``x``, both ``(N, E, C, *S)``."""
        return self.dropout(self.pool(self.norm(self.activation(self.linear(x)))))


class PostActivation(Block):
    """One hidden layer with a skip: phi(x + norm(W x)), the block of He et al. (2016a)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the layer for ``x``, both ``(N, E, C, *S)``."""
        branch = self.norm(self.linear(self.dropout(x)))
        return self.pool(self.activation(x + branch))


class PreActivation(Block):
    """One hidden layer with a skip: x + W phi(norm(x)), the block of He et al. (2016b)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the layer for ``x``, both ``(N, E, C, *S)``."""
        branch = self.linear(self.dropout(self.activation(self.norm(x))))
        return self.pool(x + branch)


class Stem(nn.Module):
    """The first layer before pre-activation blocks: W x, which these go on to normalize."""

    def __init__(self, linear: nn.Module, pool: nn.Module) -> None:
        super().__init__()
        self.linear, self.pool = linear, pool

    def forward(self, x: Tensor) -> Tensor:
        """Return the output of the layer for ``x``, both ``(N, E, C, *S)``."""
        return self.pool(self.linear(x))


class Ending(nn.Module):
    """What stands between the blocks and the head: after pre-activation blocks phi(norm(x))."""

    def __init__(self, norm: nn.Module, activation: nn.Module, dropout: nn.Module) -> None:
        super().__init__()
        self.norm, self.activation, self.dropout = norm, activation, dropout

    def forward(self, x: Tensor) -> Tensor:
        """Return the input of the head for ``x``, both ``(N, E, C, *S)``."""
        return self.dropout(self.activation(self.norm(x)))
