"""What stacks of all kinds of networks have in common: pairing, steps and scores."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from numbers import Integral
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn

from bncourse.evidence.settings import Settings
from bncourse.experiments.rounding import jitter as move_by_rounding
from bncourse.experiments.sampling import Split, StackedData


class BaseStack(ABC):
    """Networks of one shape, a member for every arm and seed, ready to be trained.

    Arms are paired: members of the same seed start with the same weights and see the same batches.

    Parameters
    ----------
    configs : sequence of Settings
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
    network : torch.nn.Module
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

    network: Any
    features: ClassVar[torch.dtype | None] = None  # of the data; None is that of the numbers

    def __init__(
        self,
        configs: Sequence[Any],
        seeds: Sequence[int],
        device: str | torch.device = "cpu",
        dtype: Literal["float32", "float64"] | torch.dtype = "float32",
        jitter: int = 0,
    ) -> None:
        _require_one_shape(configs)
        dtype = _require_dtype(dtype)
        self.members = len(configs), len(seeds)
        self.data = StackedData(configs[0], seeds, len(configs), device, self.features or dtype)
        self.network = self._networks(configs, seeds).to(device, dtype)
        self._initialize(configs, seeds)
        if _require_number_of_processor(jitter):
            move_by_rounding(self._drawn(), seeds, jitter)
        self.optimizer = self._optimizer(configs, seeds)

    @abstractmethod
    def _networks(self, configs, seeds) -> nn.Module:
        """Return the networks of all members, for the data that are there already."""

    @abstractmethod
    def _initialize(self, configs, seeds) -> None:
        """Set the initial weights."""

    @abstractmethod
    def _drawn(self) -> Sequence[Sequence[Tensor]]:
        """Return the initial weights that were drawn at random, (E, ...), layer by layer."""

    @abstractmethod
    def _optimizer(self, configs, seeds) -> Any:
        """Return the optimizer of all members."""

    def inputs(self, x: Tensor) -> Tensor:
        """Return features (N, E, C), as the data hold them, as the network takes them."""
        return x

    @abstractmethod
    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return the loss of each sample of each member, (E, N) or (E, N, ...)."""

    @abstractmethod
    def hits(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Return whether the outputs are right, for each of the ``losses``."""

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs ``(N, E, ...)`` and labels ``(N, E, ...)`` for each step of one epoch."""
        for x, y in self.data.epoch():
            yield self.inputs(x), y

    def pieces(self, part: Split) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs and labels of a whole split, some samples at a time."""
        for x, y in self.data.pieces(part):
            yield self.inputs(x), y

    def step(self, x: Tensor, y: Tensor) -> Tensor:
        """Make one step of every member; return their losses before it, (E,)."""
        return self.descend(self.losses(self.network(x), y).flatten(1).mean(1))

    def descend(self, losses: Tensor) -> Tensor:
        """Make one step of every member down a loss of your own; return the losses, (E,).

        Parameters
        ----------
        losses : Tensor, (E,)
            a number for each member, computed with ``stack.network``, that no other member decides
        """
        self.optimizer.step(torch.autograd.grad(losses.sum(), self.optimizer.parameters))
        return losses.detach()

    @torch.no_grad()
    def score(self, part: Split) -> dict[str, Tensor]:
        """Return loss and accuracy, (E,) each, on ``"validation"``, ``"test"`` or ``"train"``."""
        self.network.eval()
        found = [self._scores(x, y) for x, y in self.pieces(part)]
        self.network.train()
        losses, hits = (torch.cat(pieces, 1).flatten(1) for pieces in zip(*found, strict=True))
        return {f"{part}_loss": losses.mean(1), f"{part}_accuracy": hits.double().mean(1)}

    def _scores(self, x, y):
        outputs = self.network(x)
        return self.losses(outputs, y), self.hits(outputs, y)


def _require_one_shape(configs: Sequence[Settings]) -> None:
    if len({config.stackable() for config in configs}) > 1:
        raise ValueError(
            f"configs of one stack may differ in {', '.join(configs[0].per_member)} alone: make a "
            f"stack for each shape, or use run, got {configs}"
        )


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
