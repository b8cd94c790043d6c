"""Adam with a learning rate that rises at first and falls to nothing at the end."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from bncourse.experiments.optim import Adam


class ScheduledAdam(Adam):
    """Adam whose learning rate is multiplied by another number at each step.

    Parameters
    ----------
    parameters : iterable of Tensor, ``(E, ...)``
        changed in place by `step`
    learning_rate : Tensor, ``(E,)``
        of each member, at its largest
    plan : iterable of float
        the part of it at each step
    """

    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: Tensor, plan: Iterable[float]
    ) -> None:
        super().__init__(parameters, learning_rate, torch.zeros_like(learning_rate))
        self.largest = [group["lr"] for group in self.adam.param_groups]
        self.plan = iter(plan)

    def step(self, grads: Iterable[Tensor]) -> None:
        """Move each parameter with the learning rate of this step."""
        part = next(self.plan)
        for group, rate in zip(self.adam.param_groups, self.largest, strict=True):
            group["lr"] = rate * part
        super().step(grads)


def schedule(warmup: int | None, steps: int) -> Iterator[float]:
    """Yield the part of the learning rate at each step, as ``Transformer`` says."""
    warmup = warmup or 0
    for step in range(steps):
        rising = (step + 1) / (warmup + 1)
        falling = (steps - step) / max(1, steps - warmup)
        yield min(1.0, rising, falling)
