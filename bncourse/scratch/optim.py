"""Gradient descent."""

from collections.abc import Mapping

import numpy as np

from bncourse.scratch.arguments import require_number
from bncourse.scratch.layers import Parameter


class SGD:
    """Stochastic gradient descent with momentum and weight decay.

    ``velocity = momentum * velocity + grad + weight_decay * value`` and ``value -= learning_rate
    * velocity``, as in PyTorch. This ``momentum`` is that of the optimizer; it has nothing to do
    with running statistics.

    Parameters
    ----------
    parameters : dict of Parameter
        ``layer.parameters``, or a part of it
    learning_rate : float
        at least 0
    momentum : float
        from 0 to 1; unit: 1
    weight_decay : float
        at least 0
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        learning_rate: float,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        self.parameters = parameters
        self.learning_rate = require_number("learning_rate", learning_rate, low=0)
        self.momentum = require_number("momentum", momentum, low=0, high=1)
        self.weight_decay = require_number("weight_decay", weight_decay, low=0)
        self.velocity = {name: np.zeros_like(p.value) for name, p in parameters.items()}

    def step(self) -> None:
        """Move every parameter once, along the gradients of the last backward pass."""
        for name, p in self.parameters.items():
            velocity = self.velocity[name]
            velocity *= self.momentum
            velocity += p.grad + self.weight_decay * p.value
            p.value -= self.learning_rate * velocity
