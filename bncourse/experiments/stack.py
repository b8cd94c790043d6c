"""One stack: the networks, data and optimizer of all members that are trained at once."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import chain, islice, repeat
from numbers import Integral
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from bncourse.evidence.config import PER_MEMBER, Config
from bncourse.experiments.initial import initialize
from bncourse.experiments.initial import jitter as move_by_rounding
from bncourse.experiments.network import Network, input_shape
from bncourse.experiments.optim import optimizer
from bncourse.experiments.running import average, fill_in_order
from bncourse.experiments.sampling import Split, StackedData
from bncourse.scratch.arguments import require_count


class Stack:
    """Networks of one shape, a member for every arm and seed, ready to be trained.

    Arms are paired: members of the same seed start with the same weights and see the same batches.

    Parameters
    ----------
    configs : sequence of Config
        the arms, with the same ``stackable()``
    seeds : sequence of int
        of each arm; members are ordered by arm, then by seed
    device : str or torch.device
        of all tensors
    dtype : {"float32", "float64"} or torch.dtype
        of all numbers
    jitter : int
        0, or the number of "another processor": each initial weight is moved by a unit in the last
        place or not at all, as rounding might, in the same way in arms of the same shape

    Attributes
    ----------
    network : Network
        all members, in training mode except while they are scored
    data : StackedData
        the splits and batches of all members
    members : tuple of int
        arms and seeds: ``values.view(stack.members)`` is (arm, seed) for values (E,)

    Raises
    ------
    TypeError, ValueError
        The configurations differ in shape or do not suit the data, or an argument is not allowed.
    """

    def __init__(
        self,
        configs: Sequence[Config],
        seeds: Sequence[int],
        device: str | torch.device = "cpu",
        dtype: Literal["float32", "float64"] | torch.dtype = "float32",
        jitter: int = 0,
    ) -> None:
        if len({config.stackable() for config in configs}) > 1:
            raise ValueError(
                f"configs of one stack may differ in {', '.join(PER_MEMBER)} alone: make a Stack "
                f"for each shape, or use run, got {configs}"
            )
        dtype = _require_dtype(dtype)
        self.members = len(configs), len(seeds)
        self.data = StackedData(configs[0], seeds, len(configs), device, dtype)
        self.shape = input_shape(configs[0], self.data.features)
        self.network = Network(configs, seeds, self.shape, self.data.classes).to(device, dtype)
        initialize(self.network, configs, seeds)
        if _require_number_of_processor(jitter):
            move_by_rounding(self.network, seeds, jitter)
        self.optimizer = optimizer(self.network, configs, seeds)

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs ``(N, E, C, *S)`` and labels (N, E) for each step of one epoch."""
        for x, y in self.data.epoch():
            yield x.unflatten(2, self.shape), y

    def step(self, x: Tensor, y: Tensor) -> Tensor:
        """Make one step of every member; return their losses before it, (E,)."""
        return self.descend(member_losses(self.network(x), y))

    def descend(self, losses: Tensor) -> Tensor:
        """Make one step of every member down a loss of your own; return the losses, (E,).

        Parameters
        ----------
        losses : Tensor, (E,)
            a number for each member, computed with ``stack.network``, that no other member decides
        """
        self.optimizer.step(torch.autograd.grad(losses.sum(), self.optimizer.parameters))
        return losses.detach()

    def reestimate(
        self, batches: int | Iterable[Tensor | tuple[Tensor, Tensor]] | None = None
    ) -> None:
        """Compute the running statistics of all batch norms anew, for the weights as they are.

        Without `batches`, they become exact: mean and unbiased variance over the whole training
        split as one batch, in forward order, so that each norm sees what evaluation will give the
        layers below it. With `batches`, they become the average of what training finds in these
        batches (or their ghost batches), each counted alike ("precise batch norm": Wu & Johnson
        2021, section 3). Dropout and noise are off. Neither weights, the momentum of the norms nor
        the batches of the next epoch change, and nothing does where there is no batch norm.

        Parameters
        ----------
        batches : int, or iterable, or None
            how many batches to take as the next epochs would, or the batches themselves: inputs
            ``(N, E, C, *S)``, or pairs of inputs and labels as from ``Stack.batches``

        Raises
        ------
        TypeError, ValueError
            ``batches`` is no such thing, or there are none.
        """
        if batches is None:
            x = torch.cat([x for x, _ in self.data.pieces("train")])
            fill_in_order(self.network, x.unflatten(2, self.shape))
        else:
            average(self.network, self._inputs(batches))

    def _inputs(self, batches):
        """Return the inputs of the batches that are asked for."""
        if isinstance(batches, Integral):
            require_count("batches", batches)
            batches = self._next_batches(batches)
        elif not isinstance(batches, Iterable) or isinstance(batches, torch.Tensor):
            raise TypeError(
                "batches must be None, a number of batches, or a list of batches, "
                f"got {type(batches).__name__}: write [x] for one batch x"
            )
        inputs = [batch if isinstance(batch, torch.Tensor) else batch[0] for batch in batches]
        if not inputs:
            raise ValueError("batches must hold at least one batch, got none: pass a longer list")
        return inputs

    def _next_batches(self, count):
        """Return the first batches of the next epochs, which will see them once more."""
        orders = deepcopy(self.data.orders)
        epochs = (self.batches() for _ in repeat(None))
        try:
            return list(islice(chain.from_iterable(epochs), count))
        finally:
            self.data.orders = orders

    @torch.no_grad()
    def score(self, part: Split) -> dict[str, Tensor]:
        """Return loss and accuracy, (E,) each, on ``"validation"``, ``"test"`` or ``"train"``."""
        self.network.eval()
        scores = [self._score(x, y) for x, y in self.data.pieces(part)]
        self.network.train()
        losses, hits = (torch.cat(pieces, 1) for pieces in zip(*scores, strict=True))
        return {f"{part}_loss": losses.mean(1), f"{part}_accuracy": hits.double().mean(1)}

    def _score(self, x, y):
        """Return the loss of each sample, and whether its class is found, (E, N) each."""
        logits = self.network(x.unflatten(2, self.shape))
        return _losses(logits, y), (logits.argmax(2) == y).T


def member_losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean cross-entropy of each member, (E,), for logits (N, E, classes).

    Their sum is what is differentiated: no member's gradient feels another member.
    """
    return _losses(logits, labels).mean(1)


def _require_dtype(dtype: str | torch.dtype) -> torch.dtype:
    """Return float32 or float64 as PyTorch's; raise if it is neither of them."""
    allowed = {"float32": torch.float32, "float64": torch.float64}
    found = allowed.get(dtype, dtype) if isinstance(dtype, str) else dtype
    if found not in allowed.values():
        raise ValueError(f"dtype must be 'float32' or 'float64', got {dtype!r}")
    return found  # pyrefly: ignore[bad-return]


def _require_number_of_processor(jitter):
    if not isinstance(jitter, Integral) or isinstance(jitter, bool) or jitter < 0:
        raise ValueError(
            f"jitter must be an integer from 0, got {jitter!r}: 0 is for none, 1, 2, ... are "
            "different roundings"
        )
    return int(jitter)


def _losses(logits, labels):
    by_class = logits.permute(1, 2, 0).contiguous()  # a sum over 10 neighbours would be slow
    return F.cross_entropy(by_class, labels.T, reduction="none")
