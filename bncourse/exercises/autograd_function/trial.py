"""Batch norm in training as a function of PyTorch with a backward pass of its own."""

import numpy as np
import torch

from bncourse.checker.exercise import Case, Trial
from bncourse.checker.returned import ABSENT, UnfitError
from bncourse.exercises.materials.batches import batch, given, in_32_bits, nearly_constant


def observe(function, x, gamma, beta, eps, grad, needed):
    """Return y, the gradients of what is needed, and how the function keeps to the protocol.

    What it keeps has to survive a second backward pass, and another forward pass in between.
    """
    inputs, again = {"x": x, "gamma": gamma, "beta": beta}, grad.clone()
    later = {name: tensor.clone() for name, tensor in inputs.items()}
    for name in needed:
        inputs[name].requires_grad_()
        later[name].requires_grad_()
    notes = []
    watched = watch(function, tuple(inputs.values()), notes)

    def back(y, inputs, grad):
        return torch.autograd.grad(y, [inputs[name] for name in needed], grad, retain_graph=True)

    y = watched.apply(*inputs.values(), eps)
    if y is None:
        raise UnfitError("output-none", output="y")
    found = back(y, inputs, grad)
    twice = after = True
    if needed == ("x",):  # once is enough: this gradient depends on all that is kept
        twice = same(found, lambda: back(y, inputs, again.clone()))
        y_later = watched.apply(*later.values(), eps)
        watched.apply(1 - 2 * later["x"].flip(0), gamma + 1, beta, eps)
        after = same(found, lambda: back(y_later, later, again.clone()))
    three_flags, why_refused, missing = notes[0]
    gains = dict(zip(needed, found, strict=True)) | dict.fromkeys(missing, ABSENT)
    return {
        "three flags unpacked (1: yes)": float(three_flags),
        "refused": why_refused,
        "y": y,
        **{f"d{name}": gains.get(name, torch.zeros_like(inputs[name])) for name in inputs},
        "kind of y kept": float(y.dtype == x.dtype),
        "same twice": float(twice),
        "same later": float(after),
    }


def same(found, others):
    """Say whether the gradients `others()` are those that were found before."""
    try:
        both = tuple(zip(found, others(), strict=True))
    except Exception:  # what was kept is gone, or changed
        return False
    return all(torch.allclose(*pair, rtol=1e-4, equal_nan=True) for pair in both)


def watch(function, inputs, notes):
    """Return `function` with a backward that mends its protocol, and notes what was wrong."""

    class Watched(class_of(function)):
        @staticmethod
        def backward(ctx, *grads):
            parts, three_flags = returned_by(function, ctx, grads)
            three = tuple(zip(inputs, (*parts, None, None, None)[:3], strict=True))
            names = zip(("x", "gamma", "beta"), three, strict=True)
            missing = [name for name, (t, part) in names if t.requires_grad and part is None]
            notes.append((three_flags, refused(parts, three), missing))
            return *(mended(tensor, part) for tensor, part in three), None

    return Watched


def class_of(function):
    """Return `function`, if it is what is asked for."""
    if isinstance(function, type) and issubclass(function, torch.autograd.Function):
        return function
    raise TypeError(f"a class that inherits from torch.autograd.Function is asked for: {function}")


def returned_by(function, ctx, grads):
    """Return what backward returns, and whether three flags are unpacked from the four of `ctx`."""
    try:
        parts, three_flags = function.backward(ctx, *grads), False
    except ValueError:
        parts, three_flags = function.backward(WithThreeFlags(ctx), *grads), True
    return parts if isinstance(parts, tuple) else (parts,), three_flags


class WithThreeFlags:
    """What a `ctx` holds, with flags of x, γ and β alone."""

    def __init__(self, ctx):
        self.needs_input_grad = ctx.needs_input_grad[:3]
        self.ctx = ctx

    def __getattr__(self, name):
        return getattr(self.ctx, name)


def refused(parts, three):
    """Return 1 for a wrong number of gradients, 2 for one for eps, 3 for a wrong shape."""
    if len(parts) < 4 or any(part is not None for part in parts[4:]):  # more None may pass
        return 1.0
    if parts[3] is not None:
        return 2.0
    return 0.0 if all(fits(tensor, part) for tensor, part in three) else 3.0


def fits(tensor, part):
    """Say whether PyTorch takes `part` for the gradient of `tensor`: it sums rows too many."""
    if not tensor.requires_grad or not isinstance(part, torch.Tensor):
        return True
    try:
        return torch.broadcast_shapes(part.shape, tensor.shape) == part.shape
    except RuntimeError:
        return False


def mended(tensor, part):
    """Return `part`, or what PyTorch takes in its place."""
    return torch.full_like(tensor, torch.nan) if part is None or not fits(tensor, part) else part


def case(name, x, gamma, beta, eps=1e-5, needed=("x", "gamma", "beta"), **fields):
    """Return a case with a gradient for y as it comes from `y.T`."""
    grad, *_ = given(x, gamma, beta)
    x, gamma, beta, grad = map(torch.from_numpy, (x, gamma, beta, grad))
    return Case(name, (x, gamma, beta, eps, grad.T.contiguous().T, needed), **fields)


def with_a_zero(arrays):
    """Return x, γ and β with a 0 in γ."""
    x, gamma, beta = arrays
    gamma[0] = 0
    return x, gamma, beta


TRIAL = Trial(
    outputs=(
        *("three flags unpacked (1: yes)", "refused", "y", "dx", "dgamma", "dbeta"),
        *("kind of y kept", "same twice", "same later"),
    ),
    cases=(
        case("four", *batch(4, 2, seed=61)),
        case("large-eps", *batch(5, 3, seed=62), 0.5),
        case("square", *batch(3, 3, seed=63), needed=("x", "beta")),
        case("constant", *nearly_constant(5, 3, seed=64)),
        case("only-x", *batch(4, 3, seed=65), needed=("x",)),
        case("without-x", *batch(3, 2, seed=67), needed=("gamma", "beta")),
        case("zero", *with_a_zero(batch(4, 2, seed=68))),
        case("float32", *in_32_bits(batch(6, 2, seed=66)), tolerance=1e-3),
    ),
    observe=observe,
    arguments=("x", "gamma", "beta", "eps", "grad", "what needs a gradient"),
    wants="tensor",
    properties=(
        ("gradients-accepted", lambda out, given: out["refused"] == 0),
        (
            "mean-is-beta",
            lambda out, given: np.allclose(out["y"].mean(0), given["beta"], atol=1e-5),
        ),
        ("dx-sums-to-zero", lambda out, given: abs(out["dx"].sum(0)).max() < 1e-6),
    ),
)
