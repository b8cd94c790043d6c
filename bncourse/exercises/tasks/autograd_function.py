"""Batch norm in training as a function of PyTorch with a backward pass of its own."""

import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant
from bncourse.exercises.returned import UnfitError
from bncourse.exercises.tasks.backward_one_line import batch_norm_backward, given
from bncourse.exercises.tasks.batch_norm_forward import batch_norm

# What backward returns for x, gamma, beta and eps, from the first three.
RETURNS = {
    "four": lambda grads: (*grads, None),
    "three": lambda grads: grads,
    "one": lambda grads: grads[0],
    "eps-too": lambda grads: (*grads, grads[0].sum()),
}
SHARED = {"axis", "ddof", "spread", "fixed_eps"}  # switches of both passes


def function_with(
    *, returned="four", affine="both", variance="mean", centre=1, backwards=None, **switches
):
    """Return batch norm as a function of PyTorch; the switches make it wrong.

    Those named here are about the protocol and the forward pass; `backwards` is a switch of the
    backward pass and its value; the others belong to both, or to the backward pass alone.
    """
    shared = {key: switches[key] for key in SHARED & switches.keys()}
    forwards = shared | {"affine": affine, "variance": variance, "centre": centre}
    back = switches | dict([backwards] if backwards else [])

    class Reference(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, gamma, beta, eps):
            ctx.given = x.detach().numpy(), gamma.detach().numpy(), eps
            x, gamma, eps = ctx.given
            return torch.from_numpy(batch_norm(x, gamma, beta.detach().numpy(), eps, **forwards))

        @staticmethod
        def backward(ctx, grad):
            grads = batch_norm_backward(grad.numpy(), *ctx.given, **back)
            return RETURNS[returned](tuple(map(torch.from_numpy, grads)))

    return Reference


def gradients(function, x, gamma, beta, eps, grad, trained=True):
    """Return y, the gradients, and whether PyTorch would refuse what backward returns.

    Whether gamma and beta need a gradient depends on `trained`.
    """
    wanted = [x, gamma, beta] if trained else [x]
    for tensor in wanted:
        tensor.requires_grad_()
    refused = []
    y = _watched(function, (x, gamma, beta), refused).apply(x, gamma, beta, eps)
    if y is None:
        raise UnfitError("output-none", output="y")
    found = torch.autograd.grad(y, wanted, grad, allow_unused=True)
    found = [*found, *map(torch.zeros_like, (gamma, beta))][:3]
    found = dict(zip(("dx", "dgamma", "dbeta"), found, strict=True))
    return {"refused": refused[0], "y": y, **found}


def _watched(function, inputs, refused):
    """Return `function` with a backward that mends its protocol, and notes what was wrong."""

    class Watched(_class(function)):
        @staticmethod
        def backward(ctx, *grads):
            parts = function.backward(ctx, *grads)
            parts = parts if isinstance(parts, tuple) else (parts,)
            refused.append(_refused(parts))
            missing = [torch.full_like(tensor, torch.nan) for tensor in inputs[len(parts) :]]
            return *parts[:3], *missing, None

    return Watched


def _class(function):
    if isinstance(function, type) and issubclass(function, torch.autograd.Function):
        return function
    raise TypeError(f"a class that inherits from torch.autograd.Function is asked for: {function}")


def _refused(parts):
    """Return 1 for a wrong number of gradients, 2 for one for eps. PyTorch lets more None pass."""
    if len(parts) < 4 or any(part is not None for part in parts[4:]):
        return 1.0
    return 0.0 if parts[3] is None else 2.0


def _probe(name, x, gamma, beta, eps=1e-5, trained=True, **fields):
    grad, *_ = given(x, gamma, beta)
    x, gamma, beta, grad = map(torch.from_numpy, (x, gamma, beta, grad))
    return Probe(name, (x, gamma, beta, eps, grad, trained), **fields)


EXERCISE = Exercise(
    make=function_with,
    probes=(
        _probe("four", *batch(4, 2, seed=61)),
        _probe("large-eps", *batch(5, 3, seed=62), 0.5),
        _probe("square", *batch(3, 3, seed=63)),
        _probe("constant", *nearly_constant(5, 3, seed=64)),
        _probe("frozen", *batch(4, 3, seed=65), 1e-5, False),
        _probe("float32", *in_32_bits(batch(6, 2, seed=66)), tolerance=1e-3),
    ),
    outputs=("refused", "y", "dx", "dgamma", "dbeta"),
    observe=gradients,
    arguments=("x", "gamma", "beta", "eps", "grad", "gamma and beta need gradients"),
    wants="tensor",
    properties=(
        ("gradients-accepted", lambda out, given: out["refused"] == 0),
        ("dx-sums-to-zero", lambda out, given: abs(out["dx"].sum(0)).max() < 1e-6),
    ),
)
