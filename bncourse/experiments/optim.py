"""Optimizers for a stack: as in ``torch.optim``, but every member has its own settings."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class SGD:
    """Stochastic gradient descent with momentum and weight decay, as ``torch.optim.SGD``.

    Parameters
    ----------
    parameters : iterable of Tensor, ``(E, ...)``
        changed in place by `step`
    learning_rate, momentum, weight_decay : Tensor, ``(E,)``
        of each member
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        learning_rate: Tensor,
        momentum: Tensor,
        weight_decay: Tensor,
    ) -> None:
        self.parameters = list(parameters)
        self.rates = self.largest = _for_each(self.parameters, learning_rate)
        self.decays = _for_each(self.parameters, weight_decay)
        self.momenta = _for_each(self.parameters, momentum)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.rolling, self.decaying = bool(momentum.any()), bool(weight_decay.any())

    def scale(self, part: float) -> None:
        """Let the learning rates be a part of those at the start, from now on."""
        self.rates = [rate * part for rate in self.largest]

    @torch.no_grad()
    def step(self, grads: Iterable[Tensor]) -> None:
        """Move each parameter against its gradient."""
        rows = (self.parameters, grads, self.rates, self.decays, self.momenta, self.velocities)
        for p, grad, rate, decay, momentum, velocity in zip(*rows, strict=True):
            if self.decaying:
                grad = torch.addcmul(grad, p, decay)
            if self.rolling:
                grad = velocity.mul_(momentum).add_(grad)
            p.addcmul_(grad, rate, value=-1)


class Adam:
    """Adam with weight decay added to the gradient: ``torch.optim.Adam`` with its other defaults.

    Neighbouring members with equal settings, such as the seeds of one arm, are one parameter group
    of views into the stacked parameters.

    Parameters
    ----------
    parameters : iterable of Tensor, ``(E, ...)``
        changed in place by `step`
    learning_rate, weight_decay : Tensor, ``(E,)``
        of each member
    """

    rule = torch.optim.Adam

    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: Tensor, weight_decay: Tensor
    ) -> None:
        self.parameters = list(parameters)
        settings = torch.stack([learning_rate, weight_decay], 1)
        settings, counts = settings.unique_consecutive(dim=0, return_counts=True)
        self.sizes = counts.tolist()
        self.views = [p.detach().split(self.sizes) for p in self.parameters]
        groups = [
            {"params": list(views), "lr": rate, "weight_decay": decay}
            for views, (rate, decay) in zip(
                zip(*self.views, strict=True), settings.tolist(), strict=True
            )
        ]
        self.adam = self.rule(groups, fused=True)
        self.largest = [group["lr"] for group in self.adam.param_groups]

    def scale(self, part: float) -> None:
        """Let the learning rates be a part of those at the start, from now on."""
        for group, rate in zip(self.adam.param_groups, self.largest, strict=True):
            group["lr"] = rate * part

    def step(self, grads: Iterable[Tensor]) -> None:
        """Move each parameter against its averaged gradient, in units of its usual size."""
        for views, grad in zip(self.views, grads, strict=True):
            for view, part in zip(views, grad.split(self.sizes), strict=True):
                view.grad = part
        self.adam.step()


class AdamW(Adam):
    """Adam with weight decay apart from the gradient: ``torch.optim.AdamW``, as `Adam`.

    Each step shrinks a parameter by the part ``learning_rate * weight_decay`` (Loshchilov & Hutter
    2019, algorithm 2).
    """

    rule = torch.optim.AdamW


class Scheduled:
    """An optimizer whose learning rates are multiplied by another number at each step.

    Parameters
    ----------
    optimizer : SGD or Adam
        with the rates at their largest
    plan : iterable of float
        the part of them at each step
    """

    def __init__(self, optimizer: SGD | Adam, plan: Iterable[float]) -> None:
        self.optimizer, self.plan = optimizer, iter(plan)
        self.parameters = optimizer.parameters

    def step(self, grads: Iterable[Tensor]) -> None:
        """Move each parameter with the learning rate of this step."""
        self.optimizer.scale(next(self.plan))
        self.optimizer.step(grads)


def schedule(warmup: int | None, steps: int) -> Iterator[float]:
    """Yield the part of the learning rate at each step: up a straight line, then down to 0.

    Parameters
    ----------
    warmup : int or None
        steps of the way up; None begins with the whole rate
    steps : int
        of the training
    """
    warmup = warmup or 0
    for step in range(steps):
        rising = (step + 1) / (warmup + 1)
        falling = (steps - step) / max(1, steps - warmup)
        yield min(1.0, rising, falling)


def optimizer(
    network: nn.Module, configs: Sequence[Any], seeds: Sequence[int], **common: float
) -> SGD | Adam:
    """Return the optimizer of ``configs`` for the parameters of ``network``.

    Parameters
    ----------
    network : torch.nn.Module
        of a stack
    configs : sequence of Settings
        its arms, with ``optimizer`` and the settings of that: ``learning_rate`` and so on
    seeds : sequence of int
        its seeds
    **common : float
        settings that the configurations do not have: the same for all members
    """
    parameters = list(network.parameters())
    kind = {"sgd": SGD, "adam": Adam, "adamw": AdamW}[configs[0].optimizer]
    settings = ["learning_rate", "weight_decay"] + ["momentum"] * (kind is SGD)
    each = {
        name: torch.tensor(
            [common[name] if name in common else getattr(config, name) for config in configs],
            dtype=torch.float64,
        )
        .repeat_interleave(len(seeds))
        .to(parameters[0])
        for name in settings
    }
    return kind(parameters, **each)


def _for_each(parameters, values):
    """Return ``values``, (E,), in a shape that broadcasts against each of the parameters."""
    return [values.view(-1, *[1] * (p.ndim - 1)) for p in parameters]
