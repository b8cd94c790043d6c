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
    "halved": lambda found, old, momentum: _moving(found[1:], found[0], 0.5),
    "reciprocal": lambda found, old, momentum: _moving(found, old, 1 / len(found)),
    "but-last": lambda found, old, momentum: found[:-1].mean(0),
    "old": lambda found, old, momentum: old,
}
# The variance that stands for one batch.
VARIANCES = {
    "unbiased": lambda z: z.var(0),
    "biased": lambda z: z.var(0, correction=0),
    "deviation": lambda z: z.std(0),
    "bessel-twice": lambda z: z.var(0) * len(z) / (len(z) - 1),
}
# What is stored as the variance, from the average, and from what the layer met in all batches.
STORED = {
    "average": lambda var, met: var,
    "squared": lambda var, met: var**2,
    "root": lambda var, met: var.sqrt(),
    "with-spread-of-batches": lambda var, met: (
        var + torch.stack([z.mean(0) for z in met]).var(0, correction=0)
    ),
    "pooled": lambda var, met: torch.cat(met).var(0),
}
# What the momenta are afterwards, from what they were.
MOMENTA = {
    "restored": lambda momenta: momenta,
    "of-last-layer": lambda momenta: momenta[-1:] * len(momenta),
    "none": lambda momenta: [None] * len(momenta),
    "one": lambda momenta: [1.0] * len(momenta),
    "default": lambda momenta: [0.1] * len(momenta),
}
# Whether all but batch norm is in training mode meanwhile, from the mode of the model.
OTHERS = {
    "evaluation": lambda before: False,
    "training": lambda before: True,
    "as-before": lambda before: before,
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
    var_stored="average",
    below="with-batch",
    together=False,
    layers="all",
    stored="both",
    others="evaluation",
    momentum="restored",
    afterwards="as-before",
    parameters="held",
):
    """Recompute the running statistics of `model`; the switches make it wrong."""
    before, batches = model.training, [torch.cat(batches)] if together else batches
    found = norms(model)[: 1 if layers == "first" else None]
    model.train(OTHERS[others](before))
    if parameters == "reset":
        for layer in found:
            layer.reset_parameters()
    for pool in [[layer] for layer in found] if below == "new" else [found]:
        for layer, met in _met(model, pool, batches, below).items():
            if reset:
                layer.reset_running_stats()
            mean, var = _averages(layer, met, AVERAGES[average], VARIANCES[variance])
            var = STORED[var_stored](var, met)
            layer.running_mean.copy_(layer.running_mean if stored == "variance" else mean)
            layer.running_var.copy_(layer.running_var if stored == "mean" else var)
    for layer, left in zip(found, MOMENTA[momentum]([la.momentum for la in found]), strict=True):
        layer.momentum = left
    if parameters == "frozen":
        model.requires_grad_(False)
    model.train(before if afterwards == "as-before" else afterwards == "training")
    if afterwards == "norms-in-training":
        for layer in found:
            layer.train()


def _averages(layer, met, average, variance):
    """Return the mean and the variance to store in a layer that met these inputs."""
    means = torch.stack([z.mean(0) for z in met])
    variances = torch.stack([variance(z) for z in met])
    mean = average(means, layer.running_mean, layer.momentum)
    return mean, average(variances, layer.running_var, layer.momentum)


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
    before, parameters = weights(network), [*network.parameters()]
    answer(network, batches)
    momenta = [-1.0 if norm.momentum is None else norm.momentum for norm in norms(network)]
    return {
        "running means": torch.cat([norm.running_mean for norm in norms(network)]),
        "running variances": torch.cat([norm.running_var for norm in norms(network)]),
        "changed weights": (weights(network) != before).sum(),
        "frozen parameters": torch.tensor([float(not p.requires_grad) for p in parameters]),
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
        "frozen parameters",
        "modes afterwards",
        "momenta afterwards",
    ),
    observe=observe,
    arguments=("mode", "number of batches", "size of a batch"),
    wants="tensor",
    tolerance=1e-4,
    properties=(("weights-held", lambda out, given: out["changed weights"] == 0),),
)
