"""Running statistics that lag behind the network are estimated anew."""

from functools import partial

import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import made, modes, normal, norms, weights

SLOW = 0.02


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
):
    """Estimate the running statistics of a network anew; the switches make it wrong."""
    chosen = norms(network)[: 1 if layers == "first" else None]
    found = [norm.momentum for norm in chosen]
    inputs = _met_in_evaluation(network, batches, chosen) if layers == "below-old" else None
    for norm in chosen:
        if reset:
            norm.reset_running_stats()
        norm.momentum = norm.momentum if rate in ("kept", "no-pass") else rate
    if rate != "no-pass":
        _estimate(network, batches, chosen, inputs)
    for norm, momentum in zip(chosen, found, strict=True):
        if rates == "restored":
            norm.momentum = momentum
        if stored == "deviation":
            norm.running_var.sqrt_()
    network.train(afterwards == "training")


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


@torch.no_grad()
def _lagging(batches, mode):
    """Return a network whose statistics are between the start and those of other inputs."""
    network = made(_network, seed=4)
    for norm in norms(network):
        norm.reset_running_stats()
    for batch in 2 * batches:
        network(6 - 2 * batch)
    return network.train(mode == "training")


def observe(answer, mode):
    """Return the statistics and the state in which the answer leaves a lagging network."""
    batches = (4 + 3 * normal(4008, 6, seed=5)).split(200)
    network = _lagging(batches, mode)
    before = weights(network)
    answer(network, list(batches))
    means = torch.cat([norm.running_mean for norm in norms(network)])
    variances = torch.cat([norm.running_var for norm in norms(network)])
    rates = [-1.0 if norm.momentum is None else norm.momentum for norm in norms(network)]
    return {
        "running means": means,
        "running variances": variances,
        "changed weights": (weights(network) != before).sum(),
        "modes afterwards (1: training)": modes(network),
        "update rates afterwards": torch.tensor(rates),
    }


EXERCISE = Exercise(
    make=lambda **switches: partial(refresh, **switches),
    probes=(Probe("training", ("training",)), Probe("evaluation", ("evaluation",))),
    outputs=(
        "running means",
        "running variances",
        "changed weights",
        "modes afterwards (1: training)",
        "update rates afterwards",
    ),
    observe=observe,
    wants="tensor",
    tolerance=0.06,
    properties=(("weights-held", lambda out, given: out["changed weights"] == 0),),
)
