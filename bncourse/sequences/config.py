"""Everything that decides the training of a small Transformer, in one place."""

from collections.abc import Callable, Iterable
from typing import ClassVar

import attrs
from attrs import field

from bncourse.data import Splits, text
from bncourse.evidence.settings import Settings, choice, counted, function, real


@attrs.frozen(kw_only=True)
class Transformer(Settings):
    r"""Every setting of a causal Transformer and of its training, but the seed.

    It reads a window of tokens and says, at each place, which token comes next. Each of `depth`
    blocks has two branches, causal attention with `heads` heads and then a dense network with one
    hidden layer of 4 `width` units, for each place by itself. With f a branch, a block does twice

    .. math::
        \text{"pre":}\quad x \mapsto x + f(\mathrm{norm}(x)), \qquad
        \text{"post":}\quad x \mapsto \mathrm{norm}(x + f(x)),

    the second as in Vaswani et al. (2017), "Attention is all you need", section 3.1; with the
    first, one more norm stands before the last layer (Xiong et al. 2020, "On layer normalization
    in the Transformer architecture", table 1).

    Parameters
    ----------
    data : callable
        takes a seed, returns ``bncourse.data.Splits`` of tokens, as ``bncourse.data.text`` does
    depth, width, heads : int
        blocks, features of each token, and heads of attention, which divide the width
    activation : {"relu", "gelu"}
        of the hidden layer in each block
    norm : {"layer", "rms", "batch", "none"} or callable
        layer and RMS norm pool the features of one token; batch norm pools, for each feature, all
        tokens of a batch, padding or not. A factory takes ``(members, channels)``, as in
        ``bncourse.evidence.Config``
    norm_batch : int or None
        sequences that share their statistics in batch norm, so that a batch has several pools; None
        is the whole batch
    residual : {"pre", "post"}
        the equations above
    learning_rate : float
        of Adam, at its largest. It rises in a straight line over the first `warmup` steps, and
        falls in a straight line to 0 at the end
    warmup : int or None
        steps; None begins with the largest rate
    batch_size, epochs : int
        sequences of a step; the last, incomplete batch of an epoch is left out
    eps, norm_momentum : float
        of the norm, and of the running statistics of batch norm, with PyTorch's meaning

    Raises
    ------
    TypeError
        A setting is unknown, or not of its type.
    ValueError
        A setting is out of range, or two contradict each other.
    """

    stack: ClassVar[str] = "bncourse.sequences.stack:TextStack"
    per_member: ClassVar[tuple] = ("learning_rate",)
    proven_steps: ClassVar[int] = 80  # one of them takes as long as thirty of a dense network
    model: ClassVar[str] = "transformer"
    optimizer: ClassVar[str] = "adam"

    data: Callable[[int], Splits] = field(default=text, validator=function)
    depth: int = counted(2)
    width: int = counted(32)
    heads: int = counted(2)
    activation: str = choice("relu", "gelu")
    norm: str | Callable = choice(
        *("layer", "rms", "batch", "none"), factory="(members, channels) -> module"
    )
    norm_batch: int | None = counted(None, optional=True)
    residual: str = choice("pre", "post")
    learning_rate: float = real(0.003)
    warmup: int | None = counted(None, optional=True)
    batch_size: int = counted(8)
    epochs: int = counted(4)
    eps: float = real(1e-5)
    norm_momentum: float = real(0.1, high=1)

    def _contradictions(self) -> Iterable[tuple[object, str]]:
        yield (
            self.width % self.heads,
            f"heads={self.heads} must divide width={self.width}",
        )
        for name in ("norm_batch", "norm_momentum"):
            value, usual = getattr(self, name), attrs.fields_dict(Transformer)[name].default
            yield (
                self.norm != "batch" and value != usual,
                f"{name}={value!r} means nothing with norm={self.norm!r}: leave {name} out",
            )
        yield (
            self.norm_batch
            and (self.batch_size // self.norm_batch < 2 or self.batch_size % self.norm_batch),
            f"norm_batch={self.norm_batch} must divide batch_size={self.batch_size} into two pools "
            "or more: leave norm_batch out for one pool",
        )
