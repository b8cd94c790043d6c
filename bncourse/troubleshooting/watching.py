"""Watch what reaches the norms of a model while it computes."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from bncourse.troubleshooting.moments import Moments, moments
from bncourse.troubleshooting.nested import tensors
from bncourse.troubleshooting.norms import Norm, is_norm, norm_of_call, obeys, uses_running

NORMS = {F.batch_norm: "training", F.instance_norm: "use_input_stats"}  # what tells the mode
DROPOUTS = (
    *(F.dropout, F.dropout1d, F.dropout2d, F.dropout3d),
    *(F.alpha_dropout, F.feature_alpha_dropout),
)


@dataclass(frozen=True)
class Call:
    """One call of a norm.

    Attributes
    ----------
    norm : Norm
        which one
    place : int
        which of its calls in one pass through the model, from 0
    of_batch : bool
        whether it used the statistics of the batch, and not the running ones
    moments : Moments
        of what it was given
    dtype : torch.dtype
        of what it was given
    """

    norm: Norm
    place: int
    of_batch: bool
    moments: Moments
    dtype: torch.dtype


@dataclass(frozen=True)
class Step:
    """What one module was given, and what it made of it: copies of all floating-point tensors."""

    name: str
    given: list
    made: list


class Watch(TorchFunctionMode):
    """Within it, each call of a norm is noted; dropout can be switched off.

    Modules are watched with hooks, which stay on the (held) modules. Functions are caught on their
    way, so that a norm without a module is found, too; the running statistics that such a call is
    given are replaced by copies, for nobody could put them back.

    Parameters
    ----------
    names : dict of str to Module
        all modules of the model
    norms : dict of str to Norm
        those among them that are norms

    Attributes
    ----------
    calls : list of Call
        since `begin`
    dropouts : list of str
        the modules in which dropout was active
    steps : list of Step
        all modules in the order in which they ended, if asked for
    """

    calls: list[Call]
    dropouts: list[str]
    steps: list[Step]
    _path: list[tuple[str, nn.Module | None, Any]]

    def __init__(self, names: Mapping[str, nn.Module], norms: Mapping[str, Norm]) -> None:
        super().__init__()
        self._norms = norms
        self._functional = {}
        self.begin()
        for name, module in names.items():
            module.register_forward_pre_hook(self._entering(name), with_kwargs=True)
            module.register_forward_hook(self._leave)

    def begin(self, dropout: bool = True, steps: bool = False) -> None:
        """Forget what was noted; say whether dropout may act, and whether to note all steps."""
        self.calls, self.dropouts, self.steps = [], [], []
        self._path = [("", None, ())]
        self._seen = {}
        self._dropout, self._all = dropout, steps

    def _entering(self, name):
        def enter(module, args, kwargs):
            given = (*args, *kwargs.values())
            self._path.append((name, module, self._copies(given) if self._all else given))
            if name in self._norms:
                norm = self._norms[name]
                self._note(norm, given[0], module.training or not norm.tracks)

        return enter

    def _leave(self, module, args, output):
        name, _, given = self._path.pop()
        if name in self._norms and not obeys(module):
            used = uses_running(self._norms[name], given[0], output)
            self.calls[-1] = replace(self.calls[-1], of_batch=not used)
        if self._all:
            self.steps.append(Step(name, given, self._copies(output)))

    def _note(self, norm, x, of_batch):
        place = sum(call.norm is norm for call in self.calls)
        with torch._C.DisableTorchFunction():  # what is measured need not be watched
            met = moments(x, norm.of_each)
        self.calls.append(Call(norm, place, of_batch, met, x.dtype))

    @staticmethod
    def _copies(structure):
        """Return what a structure holds now: a later step may write over it."""
        return [tensor.clone() for tensor in tensors(structure)]

    def __torch_function__(
        self,
        func: Callable,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call a function of PyTorch, and note it if it is a norm or dropout."""
        kwargs = kwargs or {}
        if func in DROPOUTS:
            return self._drop(func, args, kwargs)
        if func in NORMS and not self._in_norm():
            return func(**self._noted(func, args, kwargs))
        return func(*args, **kwargs)

    def _in_norm(self):
        module = self._path[-1][1]
        return module is not None and is_norm(module)

    def _noted(self, function, args, kwargs):
        """Note the call of a norm that is a function, and return its arguments."""
        arguments = _by_name(function, args, kwargs)
        norm = self._norm_of(function, arguments)
        self._note(norm, arguments["input"], arguments[NORMS[function]] or not norm.tracks)
        for name in ("running_mean", "running_var"):
            if arguments[name] is not None:
                arguments[name] = arguments[name].clone()
        return arguments

    def _norm_of(self, function, arguments):
        """Return the norm that a call is: the same one if it has the same running statistics."""
        running = arguments["running_mean"]
        if running is not None and id(running) in self._seen:
            return self._seen[id(running)]
        name = self._name_of_call(function)
        norm = norm_of_call(name, arguments, of_each=function is F.instance_norm)
        norm = self._functional.setdefault(name, norm)
        self._seen[id(running) if running is not None else name] = norm
        return norm

    def _name_of_call(self, function):
        """Return a name that is the same in each pass: where it is called, and how many before."""
        start = f"{self._path[-1][0]}: F.{function.__name__}".removeprefix(": ")
        before = sum(norm.name.startswith(start) for norm in self._seen.values())
        return f"{start} (call {before + 1})"

    def _drop(self, function, args, kwargs):
        arguments = _by_name(function, args, kwargs)
        active = arguments["training"] and arguments["p"] > 0
        if not active:
            return function(*args, **kwargs)
        self.dropouts.append(self._path[-1][0])
        return function(*args, **kwargs) if self._dropout else arguments["input"]


def _by_name(function, args, kwargs):
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    return dict(bound.arguments)
