"""Which parts of a model normalize, and with which statistics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.instancenorm import _InstanceNorm

from bncourse.nn.channel import ChannelNorm
from bncourse.nn.instance import InstanceNorm


@dataclass(eq=False)
class Norm:
    """A place where values are standardized a channel at a time.

    Attributes
    ----------
    name : str
        of the module in the model, or of the module that calls the function, and which call it is
    module : Module or None
        None where a function is called
    mean, var : Tensor, (C,), float64, or None
        copies of the running statistics, as they were found
    weight, bias : Tensor or None
        γ and β
    eps : float
        added to the variance
    momentum : float or None
        the weight of the next batch in the running statistics, with PyTorch's meaning
    updates : int or None
        how many batches have moved them, if somebody has counted
    of_each : bool
        whether it is instance norm: each sample by itself
    dtype : torch.dtype or None
        of the running statistics
    """

    name: str
    module: nn.Module | None
    mean: torch.Tensor | None
    var: torch.Tensor | None
    weight: torch.Tensor | None
    bias: torch.Tensor | None
    eps: float
    momentum: float | None
    updates: int | None
    of_each: bool
    dtype: torch.dtype | None

    @property
    def tracks(self) -> bool:
        """Whether it has running statistics."""
        return self.mean is not None and self.var is not None

    @property
    def running(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Its running mean and variance: of a norm that tracks them."""
        return self.mean, self.var  # pyrefly: ignore[bad-return]


def is_norm(module: nn.Module) -> bool:
    """Say whether a module is a norm that can have running statistics, whoever wrote it."""
    return is_known(module) or all(hasattr(module, k) for k in ("running_mean", "running_var"))


def is_known(module: nn.Module) -> bool:
    """Say whether a module is a norm of ``torch.nn`` or ``bncourse.nn``, or derived from one."""
    return isinstance(module, _NormBase | ChannelNorm)


def obeys(module: nn.Module) -> bool:
    """Say whether the mode of a norm tells which statistics it uses: its code is not its own."""
    return is_known(module) and type(module).forward.__module__.startswith(("torch.", "bncourse."))


def uses_running(norm: Norm, x: torch.Tensor, y: torch.Tensor) -> bool:
    """Say whether y is what the norm makes of x with the running statistics that it came with."""
    if not norm.tracks or norm.of_each:
        return False
    shape = (1, -1) + (1,) * (x.dim() - 2)
    mean, var = norm.running
    mean, std = (part.to(x).view(shape) for part in (mean, (var + norm.eps).sqrt()))
    scale, shift = (1 if p is None else p.view(shape) for p in (norm.weight, norm.bias))
    shift = 0 if norm.bias is None else shift
    wanted = (x - mean) / std * scale + shift
    return wanted.shape == y.shape and torch.allclose(wanted, y, rtol=1e-2, atol=1e-2)


def norm_of(name: str, module: Any) -> Norm:
    """Return the `Norm` that a module is."""
    updates = getattr(module, "num_batches_tracked", None)
    return Norm(
        name=name,
        module=module,
        mean=_kept(module.running_mean),
        var=_kept(module.running_var),
        weight=getattr(module, "weight", None),
        bias=getattr(module, "bias", None),
        eps=float(getattr(module, "eps", 1e-5)),
        momentum=getattr(module, "momentum", None),
        updates=None if updates is None else int(updates),
        of_each=isinstance(module, _InstanceNorm | InstanceNorm),
        dtype=getattr(module.running_mean, "dtype", None),
    )


def norm_of_call(name: str, arguments: Mapping[str, Any], of_each: bool) -> Norm:
    """Return the `Norm` that a call of a function is, from its arguments by name."""
    return Norm(
        name=name,
        module=None,
        mean=_kept(arguments["running_mean"]),
        var=_kept(arguments["running_var"]),
        weight=arguments["weight"],
        bias=arguments["bias"],
        eps=arguments["eps"],
        momentum=arguments["momentum"],
        updates=None,
        of_each=of_each,
        dtype=getattr(arguments["running_mean"], "dtype", None),
    )


def _kept(statistic):
    """Return a copy in 64 bits of a running statistic, (C,), or None."""
    if statistic is None:
        return None
    return statistic.detach().to("cpu", torch.float64, copy=True).flatten()


def all_modules(model: nn.Module) -> tuple[dict[str, nn.Module], set[str]]:
    """Return the modules of a model by name, also those in its plain lists and dicts.

    A module in a list that is no ``nn.ModuleList`` is not found by ``model.modules()``, and so
    ``model.eval()`` does not reach it. Its name is that of the list, and where it is in it.

    Returns
    -------
    dict of str to Module
        each module once, under its first name
    set of str
        the names of those that ``model.modules()`` does not find
    """
    known = {module: name for name, module in model.named_modules()}
    hidden = {}
    waiting = list(known.items())
    while waiting:
        owner, name = waiting.pop(0)
        for path, root in _in_containers(owner):
            for inner, module in root.named_modules(prefix=_under(name, path)):
                if module not in known and module not in hidden:
                    hidden[module] = inner
                    waiting.append((module, inner))
    names = {name: module for module, name in (known | hidden).items()}
    return names, set(hidden.values())


def _under(name, path):
    return f"{name}.{path}" if name else path


def _in_containers(module):
    """Yield the modules in lists, tuples and dicts that are plain attributes of a module."""
    for key, value in module.__dict__.items():
        if key in ("_modules", "_parameters", "_buffers") or "_hooks" in key:
            continue
        if isinstance(value, list | tuple):
            value = dict(enumerate(value))
        if isinstance(value, dict):
            for place, part in value.items():
                if isinstance(part, nn.Module):
                    yield f"{key}[{place!r}]", part
