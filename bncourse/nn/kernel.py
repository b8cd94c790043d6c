"""One kernel for five norms: standardize over pools, then scale and shift.

Every norm of this package is::

    y = weight * (x - mean) / sqrt(var + eps) + bias

and they differ only in which elements of x form a pool, the set that shares one mean and one
variance, and along which axes ``weight`` and ``bias`` vary:

=========  ========================  =================  =======  ========================
norm       x                         mean, var          centred  weight, bias
=========  ========================  =================  =======  ========================
batch      (N, C, ``*S``)            (1, C, 1, ...)     yes      (1, C, 1, ...)
layer      (N, ..., ``*D``)          (N, ..., 1)        yes      (1, ..., ``*D``)
instance   (N, C, ``*S``)            (N, C, 1, ...)     yes      (1, C, 1, ...)
group      (N, G, C / G, ``*S``)     (N, G, 1, 1, ...)  yes      (1, G, C / G, 1, ...)
RMS        (N, ..., ``*D``)          (N, ..., 1)        no       (1, ..., ``*D``)
=========  ========================  =================  =======  ========================

The code knows nothing of the rows: an axis of size 1 in the third column is pooled, and
broadcasting and its transpose, summing, do the rest.
"""

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from bncourse.nn.pools import Pools, broadcast, products_to, squares_to, sum_to


def standardize(
    x: Tensor, weight: Tensor, bias: Tensor, axes: Sequence[int], eps: float, centred: bool = True
) -> tuple[Tensor, Tensor, Tensor]:
    """Standardize x over the pooled axes, scale and shift, as one step of autograd.

    ``y = weight * (x - mean(x)) / sqrt(mean((x - mean(x))**2) + eps) + bias``, means over ``axes``;
    without both ``mean(x)`` if not ``centred``. Ioffe & Szegedy (2015), algorithm 1.

    Parameters
    ----------
    x : Tensor, real, or complex if not ``centred``
        any unit
    weight, bias : Tensor, the number of axes of ``x``
        in the dtype that is computed in: that of ``x``, or float32 if ``x`` has 16 bits; of size 1
        where they do not vary; ``bias`` varies only where ``weight`` or the moments do; unit: y
    axes : sequence of int
        the axes that are pooled, counted from 0
    eps : float
        added to the variance; unit: x squared
    centred : bool
        whether the mean is subtracted (RMS norm does not)

    Returns
    -------
    y : Tensor, the shape of ``x``
        laid out in memory like ``x``. It can be differentiated in reverse mode any number of times,
        and in forward mode once.
    mean, var : Tensor, size 1 on ``axes``
        the moments of each pool (the biased variance)
    """
    # The compiler cannot trace a Function that has a rule for forward mode, nor does it need one.
    function = Standardize if torch.compiler.is_compiling() else StandardizeWithForwardMode
    y, mean, rest, var = function.apply(x, weight, bias, eps, axes, centred)
    return y, mean + rest, var


def normalize(deviation: Tensor, var: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    """Return ``weight * deviation / sqrt(var + eps) + bias``.

    It takes ``deviation = x - mean``: to fold the mean into the bias would lose digits where the
    mean is much larger than the standard deviation.

    Parameters
    ----------
    deviation : Tensor
        ``x - mean``; unit: x
    var, weight, bias : Tensor
        broadcast with ``deviation``; units: x squared, y, y
    eps : float
        added to the variance; unit: x squared

    Returns
    -------
    Tensor, the shape of ``deviation``
        unit: y
    """
    inv_std = torch.rsqrt(var + eps)
    if weight.shape[-1] == deviation.shape[-1] != 1 and inv_std.shape[-1] != 1:
        return torch.addcmul(bias, deviation, weight * inv_std)  # quick along the last axis alone
    return scaled(deviation, weight, inv_std).add_(bias)


def scaled(x: Tensor, weight: Tensor, inv_std: Tensor) -> Tensor:
    """Return ``x * weight * inv_std``, a new tensor.

    The two small factors are multiplied first, unless their product is as large as x.
    """
    if broadcast(weight.shape, inv_std.shape) == x.shape:
        return x * weight * inv_std
    return x * (weight * inv_std)


def rescale(x: Tensor, weight: Tensor, inv_std: Tensor) -> Tensor:
    """Multiply x by ``weight * inv_std`` in place."""
    if broadcast(weight.shape, inv_std.shape) == x.shape:
        return x.mul_(weight).mul_(inv_std)
    return x.mul_(weight * inv_std)


def scaled_sum(x: Tensor, weight: Tensor, inv_std: Tensor, large: bool) -> Tensor:
    """Sum ``x * weight * inv_std`` over the pools; see `scaled` on what is ``large``."""
    if large:
        return products_to(x, weight, inv_std.shape) * inv_std
    return sum_to(x * (weight * inv_std), inv_std.shape)


class Standardize(torch.autograd.Function):
    """`standardize` with its analytic gradient.

    The moments are outputs beside y: so autograd knows that they are functions of x, ``backward``
    is an ordinary expression in x and in them, and its derivatives of any order follow by
    themselves. Nothing as large as x is kept but x.
    """

    generate_vmap_rule = True

    @staticmethod
    def forward(
        x: Tensor, weight: Tensor, bias: Tensor, eps: float, axes: Sequence[int], centred: bool
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return y and the moments, in two passes: E[x²] - E[x]² would cancel.

        The mean that is first found is rounded. What it leaves behind is the mean of the
        deviation, and is taken off as well (Chan, Golub & LeVeque 1983).
        """
        # Not made by the caller: torch.jit.trace knows here only the sizes of these arguments.
        pools = Pools.of(x.shape, axes, centred)
        wide = x.to(weight.dtype)
        mean = pools.centre(wide)
        deviation = wide - mean
        rest = pools.centre(deviation)
        deviation -= rest
        var = squares_to(deviation, pools.shape) / pools.count
        # Under vmap, what is added in place to a batch must not be the only batch.
        weight = torch.where(torch.ones_like(weight, dtype=torch.bool), weight, bias)
        return normalize(deviation, var, weight, bias, eps).to(x.dtype), mean, rest, var

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple, output: tuple[Tensor, ...]) -> None:
        """Keep what the derivatives need: x, which its owner holds anyway, and small tensors."""
        x, weight, bias, ctx.eps, axes, centred = inputs
        _, mean, rest, var = output
        ctx.pools = Pools.of(x.shape, axes, centred)
        ctx.bias_shape = bias.shape
        ctx.mark_non_differentiable(rest)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(x, weight, mean, rest, var)
        ctx.save_for_forward(x, weight, mean, rest, var)

    @staticmethod
    def backward(  # pyrefly: ignore[bad-override]
        ctx: Any,
        grad: Tensor | None,
        grad_mean: Tensor | None,
        _: Tensor | None,
        grad_var: Tensor | None,
    ) -> tuple[Tensor | None, ...]:
        """Return dL/dx, dL/dweight and dL/dbias.

        Ioffe & Szegedy (2015), section 3, collected into one line: with
        ``x_hat = deviation * inv_std``, ``g = weight * dL/dy`` and means over a pool::

            dx = inv_std * (g - mean(g) - x_hat * mean(g * x_hat))

        Gradients of the moments arrive only in higher derivatives.
        """
        # A complex function's gradient is taken through its conjugate; a real tensor is its own.
        x, weight, mean, rest, var = (saved.conj() for saved in ctx.saved_tensors)
        deviation = (x.to(weight.dtype) - mean).sub_(rest)
        grad = torch.zeros_like(deviation) if grad is None else grad.to(weight.dtype)
        inv_std = torch.rsqrt(var + ctx.eps)
        # Summed first over the axes that neither weight nor var know: little is left for the rest.
        shape = broadcast(weight.shape, var.shape)
        product = grad * deviation
        grad_sum, grad_dot = sum_to(grad, shape), sum_to(product, shape)
        dweight = products_to(grad_dot, inv_std, weight.shape)
        dbias = sum_to(grad_sum, ctx.bias_shape)
        mean_grad, mean_dot = (
            scaled_sum(total, weight, inv_std, shape == grad.shape) / ctx.pools.count
            for total in (grad_sum, grad_dot)
        )
        slope = -mean_dot * inv_std * inv_std
        if torch.is_grad_enabled():  # for a second derivative: nothing may be written over
            dx = torch.addcmul(scaled(grad, weight, inv_std), deviation, slope)
        else:
            dx = rescale(product.copy_(grad), weight, inv_std).addcmul_(deviation, slope)
        dx = dx.sub_(mean_grad) if ctx.pools.centred else dx
        if grad_mean is not None and ctx.pools.centred:
            dx = dx + grad_mean / ctx.pools.count
        if grad_var is not None:
            dx = torch.addcmul(dx, deviation, grad_var, value=2 / ctx.pools.count)
        return dx.to(x.dtype), dweight, dbias, None, None, None


# `apply` asks for the signature at each call; to find it anew would take 20 microseconds.
Standardize.forward.__signature__ = inspect.signature(Standardize.forward)  # pyrefly: ignore[missing-attribute]


class StandardizeWithForwardMode(Standardize):
    """`Standardize` with a rule for forward mode: ``torch.func.jvp``, ``torch.func.hessian``."""

    @staticmethod
    def jvp(  # pyrefly: ignore[bad-override]
        ctx: Any, dx: Tensor | None, dweight: Tensor | None, dbias: Tensor | None, *_: Any
    ) -> tuple[Tensor | None, ...]:
        """Return the change of y and of the moments along a change of x, weight and bias."""
        x, weight, mean, rest, var = ctx.saved_tensors
        deviation = (x.to(weight.dtype) - mean).sub_(rest)
        dx = torch.zeros_like(deviation) if dx is None else dx.to(weight.dtype)
        dweight, dbias = (0 if tangent is None else tangent for tangent in (dweight, dbias))  # pyrefly: ignore[bad-assignment]
        inv_std = torch.rsqrt(var + ctx.eps)
        dmean = ctx.pools.centre(dx)
        ddeviation = dx - dmean
        dvar = 2 * ctx.pools.mean(deviation * ddeviation)
        dscale = inv_std * (dweight - weight * dvar * inv_std * inv_std / 2)
        dy = dbias + deviation * dscale + ddeviation * weight * inv_std
        return dy.to(x.dtype), dmean, None, dvar
