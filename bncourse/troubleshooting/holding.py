"""Hold a model while it is examined: whatever happens to it is undone at the end."""

import random
from collections import OrderedDict, deque
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, Self

import numpy as np
import torch
from torch import nn

MAPPINGS = (dict, OrderedDict)
SEQUENCES = (list, tuple, set, deque)
KEPT = ("_parameters", "_modules")  # beside hooks and the mode, what `renew` leaves alone


class Held:
    """Within it, modules may be changed; at its end they are as they were, to the last bit.

    The modules themselves are kept, so that code which knows them, a closure or a list, meets the
    held ones, too. What they hold is replaced by copies: buffers, tensors and containers that are
    plain attributes, and the tables of hooks. Parameters are not replaced, for somebody may have
    tied them; their values, gradients and flags are noted, and put back if they have changed.

    Parameters
    ----------
    modules : iterable of Module
        each module by itself: children are not looked for
    """

    def __init__(self, modules: Iterable[nn.Module]) -> None:
        self._found = {module: dict(module.__dict__) for module in modules}
        self._parameters = {
            parameter: (parameter.detach().to("cpu", copy=True), parameter.grad, needs_grad)
            for found in self._found.values()
            for parameter in found["_parameters"].values()
            if parameter is not None
            for needs_grad in [parameter.requires_grad]
        }
        self._renewed = {
            module: [key for key, value in found.items() if _is_renewed(key, value)]
            for module, found in self._found.items()
        }

    def __enter__(self) -> Self:
        try:
            for parameter in self._parameters:
                parameter.grad = None
            for module, found in self._found.items():
                module.__dict__.update({key: _own(key, value) for key, value in found.items()})
            self.renew()
        except BaseException:
            self.__exit__()
            raise
        return self

    def renew(self) -> None:
        """Give the modules fresh copies of the buffers and attributes that they came with."""
        copies = {}
        for module, keys in self._renewed.items():
            found = self._found[module]
            module.__dict__.update({key: _copied(found[key], copies) for key in keys})

    def __exit__(self, *error: object) -> None:
        for module, found in self._found.items():
            module.__dict__.clear()
            module.__dict__.update(found)
        for parameter, (values, grad, needs_grad) in self._parameters.items():
            if not torch.equal(parameter.detach().cpu(), values):
                parameter.data.copy_(values)
            parameter.requires_grad_(needs_grad)
            parameter.grad = grad


def _is_table(key):
    """Say whether an attribute of a module is a table of its hooks, children or parameters."""
    return key in KEPT or "_hooks" in key


def _is_renewed(key, value):
    """Say whether a pass may have changed an attribute: large lists of words are left out."""
    if _is_table(key) or key == "training":
        return False
    return type(value) not in MAPPINGS + SEQUENCES or _holds_tensor(value)


def _holds_tensor(value):
    if type(value) in MAPPINGS:
        value = value.values()
    elif type(value) not in SEQUENCES:
        return isinstance(value, torch.Tensor)
    return any(map(_holds_tensor, value))


def _own(key, value):
    """Return what the held module has of an attribute: of a table, one that may grow."""
    return value.copy() if _is_table(key) and hasattr(value, "copy") else _copied(value, {})


def _copied(value, copies):
    """Return a value that shares no tensor with the original; one tensor has one copy."""
    if isinstance(value, nn.Parameter | nn.Module):
        return value
    if isinstance(value, torch.Tensor):
        if id(value) not in copies:
            copies[id(value)] = value.detach().clone().requires_grad_(value.requires_grad)
        return copies[id(value)]
    if type(value) in MAPPINGS:
        return type(value)((key, _copied(part, copies)) for key, part in value.items())
    if type(value) in SEQUENCES:
        return type(value)(_copied(part, copies) for part in value)
    return value


@contextmanager
def held_chance(loaders: Iterable[Any], device: torch.device) -> Generator[None]:
    """Within it, random numbers may be drawn; at its end all generators stand where they stood.

    Those are the generators of PyTorch, Python and NumPy, and those that the loaders hold.
    """
    generators = [generator for loader in loaders for generator in _generators(loader)]
    states = [generator.get_state() for generator in generators]
    python, numpy = random.getstate(), np.random.get_state()
    devices = [device] if device.type == "cuda" else []
    try:
        with torch.random.fork_rng(devices):
            torch.manual_seed(0)
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)


def _generators(loader):
    """Return the generators of a ``DataLoader`` and of its samplers, each once."""
    sampler, batches = (getattr(loader, name, None) for name in ("sampler", "batch_sampler"))
    owners = loader, sampler, batches, getattr(batches, "sampler", None)
    found = (getattr(owner, "generator", None) for owner in owners)
    return list({id(g): g for g in found if isinstance(g, torch.Generator)}.values())
