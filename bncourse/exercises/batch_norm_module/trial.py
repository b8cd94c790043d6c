"""A module for batch norm of vectors, in training, in evaluation, and restored."""

import torch

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import ABSENT, is_tensor
from bncourse.exercises.materials.networks import normal

PARAMETERS = ("gamma", "beta")
STATISTICS = ("running_mean", "running_var")
COUNT = "num_batches_tracked"
PLACES = "among the parameters, the buffers, in the state dict"


def values(layer, *names):
    """Return the values of these names, one after the other."""
    if COUNT in names and getattr(layer, COUNT, None) is None:
        return ABSENT
    found = [torch.as_tensor(getattr(layer, name)) for name in names]
    return torch.cat([value.detach().float().reshape(-1) for value in found])


def places(layer, *names):
    """Return 1 for each place where a name is found, and 0 for each other one: a row a name."""
    found = dict(layer.named_parameters()), dict(layer.named_buffers()), layer.state_dict()
    return torch.tensor([[float(name in place) for place in found] for name in names])


def gradient(parameter):
    """Return the gradient of a parameter; 0 where none has reached it."""
    grad = getattr(parameter, "grad", None)
    return torch.zeros_like(parameter.detach()) if grad is None else grad.clone()


def trained(layer, x, gamma, beta, grad):
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
        "output in training": y,
        "gradient of x": gradient(x),
        "gradients of gamma and beta": torch.cat([gradient(layer.gamma), gradient(layer.beta)]),
    }


def evaluated(layer, x, mean, var):
    """Return what a layer gives in evaluation with these statistics, and what it remembers."""
    with torch.no_grad():
        for name, value in zip(STATISTICS, (mean, var), strict=True):
            if is_tensor(held := getattr(layer, name)):
                held.copy_(value)
    return {
        "output in evaluation": layer.eval()(x),
        "statistics after evaluation": values(layer, *STATISTICS),
        "count after evaluation": values(layer, COUNT),
    }


def restored(fresh, layer, x):
    """Return what a new layer gives that takes over the state of `layer`, and goes on with it."""
    fresh.load_state_dict(layer.state_dict(), strict=False)
    found = {"output of a restored layer": fresh.eval()(x)}
    fresh.train()(x)
    return found | {
        "statistics of a restored layer": values(fresh, *STATISTICS),
        "count of a restored layer": values(fresh, COUNT),
    }


def observe(layer_class, first, second, gamma, beta, grad, mean, var, settings):
    """Return what a new layer does in training, without gradients, in evaluation, and restored."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layer, fresh = (layer_class(first.shape[1], **settings) for _ in range(2))
    found = {
        "initial gamma and beta": values(layer, *PARAMETERS),
        "initial statistics": values(layer, *STATISTICS),
        "initial count": values(layer, COUNT),
    }
    found |= trained(layer, first, gamma, beta, grad)
    carries = [float(getattr(layer, name).requires_grad) for name in STATISTICS]
    with torch.no_grad():
        found |= {"output in training, without gradient": layer(second)}
    found |= {
        "running mean": values(layer, "running_mean"),
        "running var": values(layer, "running_var"),
        "count of batches": values(layer, COUNT),
    }
    found |= evaluated(layer, second, mean, var)
    found |= {
        f"gamma and beta {PLACES}": places(layer, *PARAMETERS),
        f"running statistics {PLACES}": places(layer, *STATISTICS),
        f"count {PLACES}": places(layer, COUNT),
        "statistics that carry a graph": torch.tensor(carries),
    }
    return found | restored(fresh, layer, second)


def starts_neutral(outputs, given):
    """Say whether γ is 1 and β is 0 in a new layer."""
    gamma, beta = outputs["initial gamma and beta"].reshape(2, -1)
    return (gamma == 1).all() and (beta == 0).all()


def batches(count, features, seed, scale=3.0, **settings):
    """Return two batches, γ, β, the gradient of the output, statistics, and the settings."""
    first, second, grad = normal(3, count, features, seed=seed)
    gamma = torch.tensor([1.5, -0.5, 0.7])[:features]
    columns = torch.arange(1, features + 1)
    mean, var = 1 + scale * grad[0], scale**2 * columns / 4  # those for the second batch
    first, second = 2 + scale * columns * first, 1 - scale * second
    return first, second, gamma, gamma - 1, grad, mean, var, settings


TRIAL = Trial(
    outputs=(
        "initial gamma and beta",
        "initial statistics",
        "initial count",
        "output in training",
        "gradient of x",
        "gradients of gamma and beta",
        "running mean",
        "running var",
        "count of batches",
        "output in training, without gradient",
        "output in evaluation",
        "statistics after evaluation",
        "count after evaluation",
        "output of a restored layer",
        "statistics of a restored layer",
        "count of a restored layer",
        f"gamma and beta {PLACES}",
        f"running statistics {PLACES}",
        f"count {PLACES}",
        "statistics that carry a graph",
    ),
    cases=(
        Case("defaults", batches(4, 2, seed=1)),
        Case("settings", batches(5, 3, seed=2, eps=0.5, momentum=0.25)),
        Case("square", batches(3, 3, seed=3, momentum=0.6)),
        Case("small", batches(4, 2, seed=4, scale=0.01)),
    ),
    observe=observe,
    arguments=(
        *("first batch", "second batch", "gamma", "beta", "grad"),
        *("running mean in evaluation", "running variance in evaluation", "settings"),
    ),
    wants="tensor",
    tolerance=1e-4,
    properties=(("layer-starts-neutral", starts_neutral),),
)
