"""Passes through the training set, in which norms are watched."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from operator import length_hint
from typing import Any

import torch
from tqdm import tqdm

from bncourse.population.moments import Moments


def call(model: torch.nn.Module, item: torch.Tensor | Sequence[torch.Tensor]) -> Any:
    """Call a model on an item of a loader: a tensor, or a tuple or list that begins with one.

    Parameters
    ----------
    model : Module
    item : Tensor, or tuple or list of Tensor
        moved to where the model is

    Raises
    ------
    TypeError
        The item is something else.
    """
    x = item[0] if isinstance(item, tuple | list) and item else item
    if not isinstance(x, torch.Tensor):
        raise TypeError(
            f"loader gave an item of type {type(item).__name__}, whose input to the model is not "
            "known: pass forward, for instance forward=lambda model, item: model(item['image'])"
        )
    return model(x.to(next(chain(model.parameters(), model.buffers())).device))


@dataclass(frozen=True)
class Passes:
    """A model, and the samples that it can be called on.

    Parameters
    ----------
    model : Module
    loader : iterable
        of items
    forward : callable
        ``forward(model, item)``
    bar : tqdm
        shows how many items are through
    """

    model: torch.nn.Module
    loader: object
    forward: object
    bar: tqdm

    def order(self, norms: Mapping[str, torch.nn.Module]) -> list[str]:
        """Return the names of the norms that the first item meets, once for each call."""
        names = []
        with _watched(norms, lambda name, _: names.append(name)):
            self._call(islice(self.loader, 1))  # pyrefly: ignore[bad-argument-type]
        self.bar.n = 0
        self.bar.total = length_hint(self.loader) * len(names) or None
        return names

    def moments(self, norms: Mapping[str, torch.nn.Module]) -> dict[str, Moments]:
        """Return the moments of all inputs that the norms get, by name."""
        found = {}

        def see(name, x):
            new = Moments.of(x)
            found[name] = found[name].merged(new) if name in found else new

        with _watched(norms, see):
            self._call(self.loader)
        return found

    def _call(self, items):
        empty = True
        for item in items:
            self.forward(self.model, item)  # pyrefly: ignore[not-callable]
            self.bar.update()
            empty = False
        if empty:
            raise ValueError("loader is empty, got no item: pass batches of training samples")


@contextmanager
def _watched(norms, see):
    """Call ``see(name, x)`` for each input x of a norm, as long as the context lasts."""

    def hook(name):
        return lambda _, args, kwargs: see(name, next(chain(args, kwargs.values())))

    handles = [
        norm.register_forward_pre_hook(hook(name), with_kwargs=True) for name, norm in norms.items()
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
