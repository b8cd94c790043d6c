"""A module for batch norm of vectors, in training, in evaluation, and restored."""

import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.networks import normal
from bncourse.exercises.materials.switched_module import (
    COUNT,
    EVERYTHING,
    STATISTICS,
    SwitchedBatchNorm,
)


def _values(layer, names):
    found = [getattr(layer, name, torch.tensor(torch.nan)) for name in names]
    return torch.cat([torch.as_tensor(v).detach().float().reshape(-1) for v in found])


def _named(found):
    return torch.tensor([float(name in found) for name in EVERYTHING])


def _gradient(parameter):
    grad = getattr(parameter, "grad", None)
    return (torch.zeros_like(parameter.detach()) if grad is None else grad.clone()).reshape(-1)


def _trained(layer, x, gamma, beta, grad):
    """Return output and gradients of one forward and backward pass."""
    with torch.no_grad():
        layer.gamma.copy_(gamma)
        layer.beta.copy_(beta)
    x.requires_grad_()
    y = layer(x)
    if isinstance(y, torch.Tensor) and y.requires_grad:
        # Through a sum: `y.backward(grad)` takes a second to be ready for its first call.
        (y * grad).sum().backward(retain_graph=True)
    return {
        "output in training": None if y is None else y,
        "gradient of x": _gradient(x).reshape(x.shape),
        "gradients of gamma and beta": torch.cat([_gradient(layer.gamma), _gradient(layer.beta)]),
    }


def _restored(fresh, layer, x):
    """Return what a new layer gives that takes over the state of `layer`, and goes on with it."""
    fresh.load_state_dict(layer.state_dict(), strict=False)
    found = {"output of a restored layer": fresh.eval()(x)}
    fresh.train()(x)
    return found | {"statistics of a restored layer": _values(fresh, (*STATISTICS, COUNT))}


def observe(layer_class, first, second, gamma, beta, grad, settings):
    """Return what a new layer does in training, without gradients, in evaluation, and restored."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer, fresh = (layer_class(first.shape[1], **settings) for _ in range(2))
    found = {"initial values": _values(layer, EVERYTHING)}
    found |= _trained(layer, first, gamma, beta, grad)
    carries = [float(getattr(layer, name).requires_grad) for name in STATISTICS]
    with torch.no_grad():
        without_gradient = layer(second)
    found |= {name.replace("_", " "): _values(layer, [name]) for name in STATISTICS}
    found |= {"count of batches": _values(layer, [COUNT])}
    found |= {"output in training, without gradient": without_gradient}
    layer.eval()
    found |= {
        "output in evaluation": layer(second),
        "statistics after evaluation": _values(layer, (*STATISTICS, COUNT)),
        "names among the parameters": _named(dict(layer.named_parameters())),
        "names among the buffers": _named(dict(layer.named_buffers())),
        "names in the state dict": _named(layer.state_dict()),
        "statistics that carry a graph": torch.tensor(carries),
    }
    return found | _restored(fresh, layer, second)


def _starts_neutral(outputs, given):
    gamma, beta, *_ = outputs["initial values"].reshape(-1)[:-1].reshape(4, -1)
    return (gamma == 1).all() and (beta == 0).all()


def _batch(count, features, seed, scale=3.0, **settings):
    first, second, grad = normal(3, count, features, seed=seed)
    gamma = torch.tensor([1.5, -0.5, 0.7])[:features]
    columns = torch.arange(1, features + 1)
    return 2 + scale * columns * first, 1 - scale * second, gamma, gamma - 1, grad, settings


EXERCISE = Exercise(
    make=lambda **switches: type("Reference", (SwitchedBatchNorm,), switches),
    probes=(
        Probe("defaults", _batch(4, 2, seed=1)),
        Probe("settings", _batch(5, 3, seed=2, eps=0.5, momentum=0.25)),
        Probe("square", _batch(3, 3, seed=3, momentum=0.6)),
        Probe("small", _batch(4, 2, seed=4, scale=0.01)),
    ),
    outputs=(
        "initial values",
        "output in training",
        "gradient of x",
        "gradients of gamma and beta",
        "running mean",
        "running var",
        "count of batches",
        "output in training, without gradient",
        "output in evaluation",
        "statistics after evaluation",
        "output of a restored layer",
        "statistics of a restored layer",
        "names among the parameters",
        "names among the buffers",
        "names in the state dict",
        "statistics that carry a graph",
    ),
    observe=observe,
    arguments=("first batch", "second batch", "gamma", "beta", "grad", "settings"),
    wants="tensor",
    tolerance=1e-4,
    properties=(("layer-starts-neutral", _starts_neutral),),
)
