"""Batch norm in training as a function of PyTorch with a backward pass of its own."""

import numpy as np
import torch

from bncourse.exercises.exercise import Exercise, Probe
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant
from bncourse.exercises.returned import UnfitError
from bncourse.exercises.tasks.backward_one_line import batch_norm_backward, given
from bncourse.exercises.tasks.batch_norm_forward import batch_norm

# What backward returns for x, gamma, beta and eps, from the first three and from what is needed.
RETURNS = {
    "four": lambda grads, needs: (*grads, None),
    "three": lambda grads, needs: grads,
    "one": lambda grads, needs: grads[0],
    "eps-too": lambda grads, needs: (*grads, grads[0].sum()),
    "eps-first": lambda grads, needs: (None, *grads),
    "dx-last": lambda grads, needs: (*grads[1:], grads[0], None),
    "nothing-without-x": lambda grads, needs: (*grads, None) if needs[0] else (None,) * 4,
    "beta-as-gamma": lambda grads, needs: (*grads[:2], grads[2] if needs[1] else None, None),
}
Y_KINDS = {"kept": lambda y: y, "float32": torch.Tensor.float, "float64": torch.Tensor.double}
SHARED = {"axis", "ddof", "spread", "fixed_eps"}  # switches of both passes


def function_with(
    *,
    returned="four",
    affine="both",
    variance="mean",
    centre=1,
    backwards=None,
    kept_on="ctx",
    for_x_hat=None,
    y_kind="kept",
    received="grad",
    used_up=False,
    **switches,
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
            keeper = ctx if kept_on == "ctx" else Reference
            x, gamma, beta = (tensor.detach().numpy() for tensor in (x, gamma, beta))
            y = batch_norm(x, gamma, beta, eps, **forwards)
            keeper.given, keeper.for_x_hat = (x, gamma, eps), {"x": x, "y": y}.get(for_x_hat)
            return Y_KINDS[y_kind](torch.from_numpy(y))

        @staticmethod
        def backward(ctx, grad):
            keeper = ctx if kept_on == "ctx" else Reference
            grad = torch.ones_like(grad) if received == "ones" else grad
            grads = batch_norm_backward(grad.numpy(), *keeper.given, x_hat=keeper.for_x_hat, **back)
            if used_up:
                keeper.for_x_hat = np.zeros_like(keeper.given[0])
            return RETURNS[returned](tuple(map(torch.from_numpy, grads)), ctx.needs_input_grad)

    return Reference


def gradients(function, x, gamma, beta, eps, grad, needed):
    """Return y, the gradients of what is needed, and how the function keeps to the protocol.

    What it keeps has to survive a second backward pass, and another forward pass in between.
    """
    given, again = {"x": x, "gamma": gamma, "beta": beta}, grad.clone()
    later = {name: tensor.clone() for name, tensor in given.items()}
    for name in needed:
        given[name].requires_grad_()
        later[name].requires_grad_()
    problems = []
    watched = _watched(function, tuple(given.values()), problems)

    def back(y, inputs, grad):
        return torch.autograd.grad(y, [inputs[name] for name in needed], grad, retain_graph=True)

    y = watched.apply(*given.values(), eps)
    if y is None:
        raise UnfitError("output-none", output="y")
    found = back(y, given, grad)
    twice = after = True
    if needed == ("x",):  # once is enough: this gradient depends on all that is kept
        twice = _same(found, lambda: back(y, given, again.clone()))
        y_later = watched.apply(*later.values(), eps)
        watched.apply(1 - 2 * later["x"].flip(0), gamma + 1, beta, eps)
        after = _same(found, lambda: back(y_later, later, again.clone()))
    refused, missing = problems[0]
    gains = dict(zip(needed, found, strict=True))
    return {
        "refused": refused,
        "missing": missing,
        "y": y,
        **{f"d{name}": gains.get(name, torch.zeros_like(given[name])) for name in given},
        "kind of y kept": float(y.dtype == x.dtype),
        "same twice": float(twice),
        "same later": float(after),
    }


def _same(found, others):
    """Say whether the gradients `others()` are those that were found before."""
    try:
        both = tuple(zip(found, others(), strict=True))
    except Exception:  # what was kept is gone, or changed
        return False
    return all(torch.allclose(*pair, rtol=1e-4, equal_nan=True) for pair in both)


def _watched(function, inputs, problems):
    """Return `function` with a backward that mends its protocol, and notes what was wrong."""

    class Watched(_class(function)):
        @staticmethod
        def backward(ctx, *grads):
            parts = function.backward(ctx, *grads)
            parts = parts if isinstance(parts, tuple) else (parts,)
            three = tuple(zip(inputs, (*parts, None, None, None)[:3], strict=True))
            missing = sum(tensor.requires_grad and part is None for tensor, part in three)
            problems.append((_refused(parts, three), float(missing)))
            return *(_mended(tensor, part) for tensor, part in three), None

    return Watched


def _class(function):
    if isinstance(function, type) and issubclass(function, torch.autograd.Function):
        return function
    raise TypeError(f"a class that inherits from torch.autograd.Function is asked for: {function}")


def _refused(parts, three):
    """Return 1 for a wrong number of gradients, 2 for one for eps, 3 for a wrong shape."""
    if len(parts) < 4 or any(part is not None for part in parts[4:]):  # more None may pass
        return 1.0
    if parts[3] is not None:
        return 2.0
    return 0.0 if all(_fits(tensor, part) for tensor, part in three) else 3.0


def _fits(tensor, part):
    """Say whether PyTorch takes `part` for the gradient of `tensor`: it sums rows too many."""
    if not tensor.requires_grad or not isinstance(part, torch.Tensor):
        return True
    try:
        return torch.broadcast_shapes(part.shape, tensor.shape) == part.shape
    except RuntimeError:
        return False


def _mended(tensor, part):
    return torch.full_like(tensor, torch.nan) if part is None or not _fits(tensor, part) else part


def _probe(name, x, gamma, beta, eps=1e-5, needed=("x", "gamma", "beta"), **fields):
    grad, *_ = given(x, gamma, beta)
    x, gamma, beta, grad = map(torch.from_numpy, (x, gamma, beta, grad))
    grad = grad.T.contiguous().T  # as it comes from `y.T`
    return Probe(name, (x, gamma, beta, eps, grad, needed), **fields)


EXERCISE = Exercise(
    make=function_with,
    probes=(
        _probe("four", *batch(4, 2, seed=61)),
        _probe("large-eps", *batch(5, 3, seed=62), 0.5),
        _probe("square", *batch(3, 3, seed=63), needed=("x", "beta")),
        _probe("constant", *nearly_constant(5, 3, seed=64)),
        _probe("only-x", *batch(4, 3, seed=65), needed=("x",)),
        _probe("without-x", *batch(3, 2, seed=67), needed=("gamma", "beta")),
        _probe("float32", *in_32_bits(batch(6, 2, seed=66)), tolerance=1e-3),
    ),
    outputs=(
        *("refused", "missing", "y", "dx", "dgamma", "dbeta"),
        *("kind of y kept", "same twice", "same later"),
    ),
    observe=gradients,
    arguments=("x", "gamma", "beta", "eps", "grad", "what needs a gradient"),
    wants="tensor",
    properties=(
        ("gradients-accepted", lambda out, given: out["refused"] == 0),
        ("gradients-complete", lambda out, given: out["missing"] == 0),
        (
            "mean-is-beta",
            lambda out, given: np.allclose(out["y"].mean(0), given["beta"], atol=1e-5),
        ),
        ("dx-sums-to-zero", lambda out, given: abs(out["dx"].sum(0)).max() < 1e-6),
    ),
)
