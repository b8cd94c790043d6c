"""Running statistics that lag behind the network are estimated anew."""

from copy import deepcopy
from functools import cache, partial

import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import (
    made,
    modes,
    need_gradients,
    normal,
    norms,
    running,
    weights,
)

SLOW = 0.02
LEFT = "what still counts (1: the old averages, 2: their start)"
TOO_MUCH = 0.08  # a share of that


def refresh(
    network,
    batches,
    *,
    reset=True,
    rate=None,
    layers="all",
    stored="variance",
    rates="restored",
    afterwards="evaluation",
    shown="all",
    parameters="kept",
):
    """Estimate the running statistics of a network anew; the switches make it wrong."""
    chosen = norms(network)[: 1 if layers == "first" else None]
    found = [norm.momentum for norm in chosen]
    batches = batches if shown == "all" else batches[:1]
    inputs = _met_in_evaluation(network, batches, chosen) if layers == "below-old" else None
    for norm in chosen:
        if parameters == "reset":
            norm.reset_parameters()
        if reset:
            norm.reset_running_stats()
        norm.momentum = RATES.get(rate, lambda norm, count: rate)(norm, len(batches))
    if rate != "no-pass":
        _estimate(network, batches, chosen, inputs)
    for norm, momentum in zip(chosen, found, strict=True):
        if rates == "restored":
            norm.momentum = momentum
        if stored == "deviation":
            norm.running_var.sqrt_()
    if parameters in ("held", "released"):
        network.requires_grad_(parameters == "released")
    if afterwards != "found":
        network.train(afterwards == "training")


# The update rate for the pass, from a norm and the number of batches; other rates are numbers.
RATES = {
    "kept": lambda norm, count: norm.momentum,
    "no-pass": lambda norm, count: norm.momentum,
    "one-over-count": lambda norm, count: 1 / count,
}


@torch.no_grad()
def _estimate(network, batches, chosen, inputs):
    """Show the batches to the network, or to each norm the inputs that were noted for it."""
    network.eval()
    for norm in chosen:
        norm.train()
        for z in inputs[norm] if inputs else ():
            norm(z)
    for x in () if inputs else batches:
        network(x)


@torch.no_grad()
def _met_in_evaluation(network, batches, chosen):
    """Return what each norm meets while the layers below it use their old statistics."""
    network.eval()
    met = {norm: [] for norm in chosen}
    hooks = [
        norm.register_forward_pre_hook(lambda n, args: met[n].append(*args)) for norm in chosen
    ]
    for x in batches:
        network(x)
    for hook in hooks:
        hook.remove()
    return met


def _network():
    return nn.Sequential(
        nn.Linear(6, 8),
        nn.BatchNorm1d(8, momentum=SLOW),
        nn.ReLU(),
        nn.Linear(8, 8),
        nn.BatchNorm1d(8, momentum=SLOW),
        nn.ReLU(),
        nn.Linear(8, 3),
    )


@cache
def _batches():
    return (4 + 3 * normal(4008, 6, seed=5)).split(200)


@cache
@torch.no_grad()
def _lagging():
    """Return a network whose statistics are between the start and those of other inputs."""
    network = made(_network, seed=4)
    for norm in norms(network):
        norm.reset_running_stats()
    for batch in 2 * _batches():
        network(6 - 2 * batch)
    network[-1].bias.requires_grad_(False)
    return network


@cache
def _right():
    """Return the right statistics of the first norm."""
    network = deepcopy(_lagging())
    refresh(network, _batches())
    return _first(network)


def _first(network):
    """Return the running means and variances of the first norm, one after the other."""
    return torch.cat(running(norms(network)[0]))


def _shares(got, old):
    """Return the shares of the old averages and of their start in what was found.

    They are 0 if it is no mixture of these two and the right averages.
    """
    start = torch.tensor([0.0, 1.0]).repeat_interleave(len(got) // 2)
    parts = torch.stack([old, start, _right()], 1)
    shares = torch.linalg.lstsq(parts, got[:, None]).solution
    fits = (parts @ shares - got[:, None]).norm() < 0.05 * got.norm()
    mixed = fits and shares.min() > -0.02
    return shares[:2].flatten().tolist() if mixed else (0.0, 0.0)


def observe(answer, mode):
    """Return the statistics and the state in which the answer leaves a lagging network."""
    network = deepcopy(_lagging()).train(mode == "training")
    before, old = weights(network), _first(network)
    answer(network, [batch.clone() for batch in _batches()])
    of_old, of_start = _shares(_first(network), old)
    (first_mean, first_var), (second_mean, second_var) = map(running, norms(network))
    rates = [-1.0 if norm.momentum is None else norm.momentum for norm in norms(network)]
    return {
        LEFT: float(2 if of_start > TOO_MUCH else of_old > TOO_MUCH),
        "running means of the first layer": first_mean,
        "running variances of the first layer": first_var,
        "running means of the second layer": second_mean,
        "running variances of the second layer": second_var,
        "changed weights": (weights(network) != before).sum(),
        "modes afterwards (1: training)": modes(network),
        "update rates afterwards": torch.tensor(rates),
        "parameters to be trained afterwards (1: yes)": need_gradients(network),
    }


EXERCISE = Exercise(
    make=lambda **switches: partial(refresh, **switches),
    probes=(Probe("training", ("training",)), Probe("evaluation", ("evaluation",))),
    outputs=(
        LEFT,
        "running means of the first layer",
        "running variances of the first layer",
        "running means of the second layer",
        "running variances of the second layer",
        "changed weights",
        "modes afterwards (1: training)",
        "update rates afterwards",
        "parameters to be trained afterwards (1: yes)",
    ),
    observe=observe,
    wants="tensor",
    tolerance=0.06,
    properties=(
        ("weights-held", lambda out, given: out["changed weights"] == 0),
        ("old-forgotten", lambda out, given: out[LEFT] != 1),
        ("start-forgotten", lambda out, given: out[LEFT] != 2),
    ),
)
