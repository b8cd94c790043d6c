"""Half-measures: what people do to freeze batch norm in PyTorch, run for some steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

import torch
from torch.nn.functional import cross_entropy

from bncourse.finetuning.freezing import freeze
from bncourse.finetuning.moved import Moved
from bncourse.finetuning.samples import samples
from bncourse.nn.kinds import batch_norms


def _nothing(model):
    pass


def _parameters(model):
    for norm in batch_norms(model).values():
        norm.requires_grad_(False)


def _statistics(model):
    for norm in batch_norms(model).values():
        norm.eval()


def _both(model):
    _parameters(model)
    _statistics(model)


@dataclass(frozen=True)
class Measure:
    """What is done to freeze batch norm, and how the training goes on.

    Parameters
    ----------
    name : str
        of its row in a table
    take : callable
        ``take(model)``: what is done, in training mode, after the first part of the training
    train : bool
        whether the second part calls ``model.train()``
    optimizer : dict
        further arguments of ``torch.optim.SGD``, which serves in both parts
    set_to_none : bool
        whether ``zero_grad`` removes the gradients, as it does by default, or fills in zeros
    """

    name: str
    take: Callable
    train: bool = True
    optimizer: dict = field(default_factory=dict)
    set_to_none: bool = True


MEASURES = (
    Measure("nothing", _nothing),
    Measure("requires_grad=False", _parameters),
    Measure("eval()", _statistics, train=False),
    Measure("eval(), then model.train()", _statistics),
    Measure("requires_grad=False and eval()", _both, train=False),
    Measure("requires_grad=False and eval(), then model.train()", _both),
    Measure(
        "requires_grad=False and eval(), gradients of 0, momentum left over",
        _both,
        train=False,
        optimizer={"momentum": 0.9},
        set_to_none=False,
    ),
    Measure(
        "requires_grad=False and eval(), gradients of 0, weight decay",
        _both,
        train=False,
        optimizer={"weight_decay": 0.1},
        set_to_none=False,
    ),
    Measure(
        "freeze(), then all of this",
        freeze,
        optimizer={"momentum": 0.9, "weight_decay": 0.1},
        set_to_none=False,
    ),
)


def what_moves(steps: int = 3, namespace: ModuleType = torch.nn) -> list[Moved]:
    """Say what moves in training after each half-measure, and after `freeze`.

    A small network is trained for some steps, its batch norm frozen in one way or another, and it
    is trained on for as many steps, by the same optimizer. What has moved in the second part is
    found by comparing bits.

    Parameters
    ----------
    steps : int
        in each part
    namespace : module
        that has ``BatchNorm1d``: ``torch.nn`` or ``bncourse.nn``

    Returns
    -------
    list of Moved
        one for each measure
    """
    return [_try(measure, steps, namespace) for measure in MEASURES]


def _try(measure, steps, namespace):
    model = _network(namespace)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, **measure.optimizer)
    _train(model, optimizer, steps, measure.set_to_none)
    measure.take(model)
    before = _state(model)
    if measure.train:
        model.train()
    _train(model, optimizer, steps, measure.set_to_none)
    return Moved.between(measure.name, before, _state(model))


def _network(namespace):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        first, last = torch.nn.Linear(4, 6), torch.nn.Linear(6, 3)
    return torch.nn.Sequential(first, namespace.BatchNorm1d(6), torch.nn.ReLU(), last)


def _train(model, optimizer, steps, set_to_none):
    x, y = samples()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=set_to_none)
        cross_entropy(model(x), y).backward()
        optimizer.step()


def _state(model):
    first, norm, _, last = model
    found = {
        "statistics mean": norm.running_mean,
        "statistics var": norm.running_var,
        "gamma": norm.weight,
        "beta": norm.bias,
        "weights first": first.weight,
        "weights last": last.weight,
    }
    return {name: value.detach().clone() for name, value in found.items()}
