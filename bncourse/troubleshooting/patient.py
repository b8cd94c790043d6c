"""The model under examination: held, watched, and sent through its two states."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Self

import torch
from torch import nn

from bncourse.troubleshooting.holding import Held
from bncourse.troubleshooting.nested import mapped
from bncourse.troubleshooting.norms import Norm, all_modules, is_norm, norm_of
from bncourse.troubleshooting.watching import Call, Watch


class SingleValueError(ValueError):
    """A norm in training mode was given one value a channel."""


class Patient:
    """A model that is held while it is examined.

    Parameters
    ----------
    model : Module
        as it was found; a wrapper of ``torch.compile`` or ``DistributedDataParallel`` is taken off
    forward : callable
        ``forward(model, batch)`` returns the outputs

    Attributes
    ----------
    model : Module
        what is examined
    names : dict of str to Module
        all its modules, also those in plain lists
    hidden : set of str
        the names of those in plain lists
    norms : dict of str to Norm
        those that can have running statistics
    found_training : bool
        whether the model as a whole was in training mode
    device : torch.device
        where its first parameter is
    """

    model: nn.Module
    forward: Callable[[nn.Module, Any], Any]
    names: dict[str, nn.Module]
    hidden: set[str]
    norms: dict[str, Norm]
    found_training: bool
    device: torch.device

    def __init__(self, model: nn.Module, forward: Callable[[nn.Module, Any], Any]) -> None:
        self.model = unwrapped(model)
        self.forward = forward
        self.names, self.hidden = all_modules(self.model)
        self.norms = {name: norm_of(name, m) for name, m in self.names.items() if is_norm(m)}
        self.found_training = self.model.training
        self.device = _device(self.model)
        self._modes = {module: module.training for module in self.names.values()}

    def __enter__(self) -> Self:
        self._held = Held(self.names.values()).__enter__()
        self.watch = Watch(self.names, self.norms)
        return self

    def __exit__(self, *error: object) -> None:
        self._held.__exit__(*error)

    def to_training(self) -> None:
        """Bring the model into the state in which it is trained.

        That is how it was found, if it was found in training mode: a layer that is in evaluation
        mode there is meant to be. Otherwise ``model.train()`` tells.
        """
        self._as_found()
        if not self.found_training:
            self.model.train()
            for norm in self._resting:
                self.names[norm.name].eval()

    def to_evaluation(self) -> None:
        """Bring the model into the state in which it is used: as found, or as ``eval()`` has it."""
        self._as_found()
        if self.found_training:
            self.model.eval()

    def _as_found(self):
        for module, training in self._modes.items():
            module.training = training

    @cached_property
    def _resting(self):
        """Return the norms that are frozen, in a model that is not frozen as a whole."""
        if not any(p.requires_grad for p in self.model.parameters()):
            return []
        return [norm for norm in self.norms.values() if self.is_frozen(norm)]

    def is_frozen(self, norm: Norm) -> bool:
        """Say whether a norm gets no gradients; one without parameters is as what it belongs to."""
        name = norm.name
        while True:
            parameters = list(self.names[name].parameters()) if name in self.names else []
            if parameters:
                return not any(p.requires_grad for p in parameters)
            if not name:
                return False
            name = name.rpartition(".")[0]

    def run(
        self,
        batch: Any,
        training: bool = False,
        dropout: bool = True,
        steps: bool = False,
        renew: bool = True,
    ) -> Any:
        """Send a batch through, watched, and return the outputs.

        Parameters
        ----------
        batch : structure of tensors
            as the loader gives it
        training : bool
            which state
        dropout : bool
            whether dropout acts, where the state wants it
        steps : bool
            whether the watch notes every module
        renew : bool
            whether buffers are as they came before the pass; if not, they are as the last pass
            left them

        Raises
        ------
        SingleValueError
            A norm was given one value a channel, and refused.
        """
        if renew:
            self._held.renew()
        self.to_training() if training else self.to_evaluation()
        self.watch.begin(dropout, steps)
        try:
            # Some norms of one's own take gradients for a sign of training: so they see them here.
            with torch.set_grad_enabled(training), self.watch:
                return self.forward(self.model, self.moved(batch))
        except ValueError as error:
            if self._met_a_single_value():
                raise SingleValueError from error
            raise

    def _met_a_single_value(self):
        return any(call.of_batch and call.moments.pool < 2 for call in self.watch.calls)

    def moved(self, batch: Any) -> Any:
        """Return a copy of a batch where the model is: a model may write into what it is given."""

        def move(leaf):
            if isinstance(leaf, torch.Tensor):
                return leaf.to(self.device, copy=True)
            return leaf.to(self.device) if hasattr(leaf, "to") else leaf

        return mapped(batch, move)

    def watched(self, action: Callable[[nn.Module], object]) -> list[Call]:
        """Call ``action(model)`` on the model as it was found; return the calls of norms.

        If a norm refuses a single value a channel, they are those until then.
        """
        self._held.renew()
        self._as_found()
        self.watch.begin()
        try:
            with self.watch:
                action(self.model)
        except ValueError:
            if not self._met_a_single_value():
                raise
        return self.watch.calls


def _device(model):
    """Return where the first parameter or buffer of a model is."""
    tensors = [*model.parameters(), *model.buffers()]
    return tensors[0].device if tensors else torch.device("cpu")


def unwrapped(model: nn.Module) -> nn.Module:
    """Return the model inside the wrappers of ``torch.compile`` and of data parallelism."""
    model = getattr(model, "_orig_mod", model)  # pyrefly: ignore[bad-assignment]
    parallel = nn.DataParallel, nn.parallel.DistributedDataParallel
    return unwrapped(model.module) if isinstance(model, parallel) else model


def forward_of(model: nn.Module, batch: Any) -> Any:
    """Return the outputs for a batch as most loaders give it.

    A tensor goes in by itself, of a pair (or more) the first part, and a dict by its names.
    """
    if isinstance(batch, tuple | list):
        return model(batch[0])
    return model(**batch) if isinstance(batch, Mapping) else model(batch)


def targets_of(batch: Any) -> Any:
    """Return what a loss compares the outputs with: the rest of a tuple, or the whole batch."""
    if not isinstance(batch, tuple | list):
        return batch
    return batch[1] if len(batch) == 2 else batch[1:]
