"""Running statistics recomputed with the weights held: precise batch norm."""

from functools import partial

import torch
from torch import nn

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.fixed_dropout import FixedDropout
from bncourse.exercises.materials.networks import made, modes, normal, norms, weights

SEEN = 7  # batches that the layers have counted before
# What is stored, from the statistics of the batches (batch, feature) and the ones before.
AVERAGES = {
    "equal": lambda found, old, momentum: found.mean(0),
    "last": lambda found, old, momentum: found[-1],
    "first": lambda found, old, momentum: found[0],
    "summed": lambda found, old, momentum: found.sum(0),
    "moving": lambda found, old, momentum: _moving(found, old, momentum),
    "moving-tenth": lambda found, old, momentum: _moving(found, old, 0.1),
    "with-old": lambda found, old, momentum: (SEEN * old + found.sum(0)) / (SEEN + len(found)),
    "old": lambda found, old, momentum: old,
}
# The variance that stands for one batch.
VARIANCES = {
    "unbiased": lambda z: z.var(0),
    "biased": lambda z: z.var(0, correction=0),
    "deviation": lambda z: z.std(0),
}
MOMENTA = {
    "restored": lambda momentum: momentum,
    "none": lambda momentum: None,
    "one": lambda momentum: 1.0,
    "default": lambda momentum: 0.1,
}


def _moving(found, old, momentum):
    for new in found:
        old = old.lerp(new, momentum)
    return old


@torch.no_grad()
def precise(
    model,
    batches,
    *,
    average="equal",
    reset=False,
    variance="unbiased",
    between=False,
    below="with-batch",
    together=False,
    layers="all",
    stored="both",
    others="evaluation",
    momentum="restored",
    afterwards="as-before",
):
    """Recompute the running statistics of `model`; the switches make it wrong."""
    before, batches = model.training, [torch.cat(batches)] if together else batches
    found = norms(model)[: 1 if layers == "first" else None]
    model.train(others == "training")
    for pool in [[layer] for layer in found] if below == "new" else [found]:
        for layer, met in _met(model, pool, batches, below).items():
            if reset:
                layer.reset_running_stats()
            mean, var = _averages(layer, met, AVERAGES[average], VARIANCES[variance], between)
            layer.running_mean.copy_(layer.running_mean if stored == "variance" else mean)
            layer.running_var.copy_(layer.running_var if stored == "mean" else var)
    for layer in found:
        layer.momentum = MOMENTA[momentum](layer.momentum)
    model.train(before if afterwards == "as-before" else afterwards == "training")
    if afterwards == "norms-in-training":
        for layer in found:
            layer.train()


def _averages(layer, met, average, variance, between):
    """Return the mean and the variance to store in a layer that met these inputs."""
    means = torch.stack([z.mean(0) for z in met])
    variances = torch.stack([variance(z) for z in met])
    mean = average(means, layer.running_mean, layer.momentum)
    var = average(variances, layer.running_var, layer.momentum)
    return mean, var + means.var(0, correction=0) if between else var


def _met(model, pool, batches, below):
    """Return what each layer of the pool meets; the others use what they have stored."""
    kept = [(layer, layer.momentum) for layer in norms(model)]
    met = {layer: [] for layer in pool}
    for layer, _ in kept:
        layer.momentum = 0.0
        layer.train(below == "with-batch")
    hooks = [
        layer.register_forward_pre_hook(lambda layer, args: met[layer].append(*args))
        for layer in pool
    ]
    for batch in batches:
        model(batch)
    for hook in hooks:
        hook.remove()
    for layer, momentum in kept:
        layer.momentum = momentum
    return met


def _network():
    return nn.Sequential(
        nn.Linear(5, 6),
        nn.BatchNorm1d(6, momentum=0.3),
        nn.ReLU(),
        FixedDropout(),
        nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4, momentum=0.02), nn.ReLU()),
        nn.Linear(4, 2),
    )


def observe(answer, mode, count, size):
    """Return statistics and state in which the answer leaves a network."""
    network = made(_network, seed=11).train(mode == "training")
    for norm in norms(network):
        norm.num_batches_tracked.fill_(SEEN)
    # Each batch has a place of its own, so that the spread between batches is no small thing.
    batches = [1 + k + 2 * normal(size, 5, seed=k) for k in range(count)]
    before = weights(network)
    answer(network, batches)
    momenta = [-1.0 if norm.momentum is None else norm.momentum for norm in norms(network)]
    return {
        "running means": torch.cat([norm.running_mean for norm in norms(network)]),
        "running variances": torch.cat([norm.running_var for norm in norms(network)]),
        "changed weights": (weights(network) != before).sum(),
        "modes afterwards": modes(network),
        "momenta afterwards": torch.tensor(momenta),
    }


EXERCISE = Exercise(
    make=lambda **switches: partial(precise, **switches),
    probes=(
        Probe("evaluation", ("evaluation", 2, 4)),
        Probe("training", ("training", 3, 5)),
    ),
    outputs=(
        "running means",
        "running variances",
        "changed weights",
        "modes afterwards",
        "momenta afterwards",
    ),
    observe=observe,
    arguments=("mode", "number of batches", "size of a batch"),
    wants="tensor",
    tolerance=1e-4,
    properties=(("weights-held", lambda out, given: out["changed weights"] == 0),),
)
