"""SGD with a learning rate that falls to nothing at the end."""

from collections.abc import Iterable

from torch import Tensor

from bncourse.experiments.optim import SGD


class FallingSGD(SGD):
    """SGD whose learning rate is multiplied by another number at each step.

    Parameters
    ----------
    parameters : iterable of Tensor, ``(E, ...)``
        changed in place by `step`
    learning_rate, momentum, weight_decay : Tensor, ``(E,)``
        of each member, the rate at its largest
    plan : iterable of float
        the part of the rate at each step
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        learning_rate: Tensor,
        momentum: Tensor,
        weight_decay: Tensor,
        plan: Iterable[float],
    ) -> None:
        super().__init__(parameters, learning_rate, momentum, weight_decay)
        self.largest, self.plan = self.rates, iter(plan)

    def step(self, grads: Iterable[Tensor]) -> None:
        """Move each parameter with the learning rate of this step."""
        part = next(self.plan)
        self.rates = [rate * part for rate in self.largest]
        super().step(grads)
