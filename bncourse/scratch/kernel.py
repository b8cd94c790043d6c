"""One kernel for five norms: standardize over pools, then scale and shift.

Every norm of this package is::

    y = weight * (x - mean) / sqrt(var + eps) + bias

and they differ only in which elements of x form a pool, the set that shares one mean and one
variance, and along which axes ``weight`` and ``bias`` vary. The same code with tensors in place of
arrays is `bncourse.nn.kernel`; the table of the five norms stands there.
"""

from typing import NamedTuple

import numpy as np

from bncourse.scratch.pools import Pools, add_product, products_to, sum_to


class Standardized(NamedTuple):
    """What ``standardize`` leaves for ``standardize_backward``.

    Parameters
    ----------
    deviation : ndarray, shape of x
        ``x - mean``; unit: x
    mean, var : ndarray, size 1 on the pooled axes
        the moments of each pool (the biased variance); units: x, x squared
    weight : ndarray
        as given to ``standardize``
    bias_shape : tuple of int
        the shape of the bias
    eps : float
        unit: x squared
    pools : Pools
        what was pooled
    """

    deviation: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    weight: np.ndarray
    bias_shape: tuple
    eps: float
    pools: Pools


def standardize(
    x: np.ndarray,
    weight: np.ndarray | float,
    bias: np.ndarray | float,
    axes: int | tuple[int, ...],
    eps: float,
    centred: bool = True,
) -> tuple[np.ndarray, Standardized]:
    """Standardize x over the pooled axes, scale and shift.

    ``y = weight * (x - mean(x)) / sqrt(mean((x - mean(x))**2) + eps) + bias``, means over ``axes``;
    without both ``mean(x)`` if not ``centred``. Ioffe & Szegedy (2015), algorithm 1; Zhang &
    Sennrich (2019), section 4. A centred pool of one element gives ``y = bias``.

    Parameters
    ----------
    x : ndarray, any shape
        float32 or float64; any unit
    weight, bias : ndarray, the dtype and the number of axes of ``x``, or float
        of size 1 where they do not vary; ``bias`` varies only where ``weight`` or the moments do;
        unit: y
    axes : int or tuple of int
        the axes that are pooled
    eps : float
        added to the variance; unit: x squared
    centred : bool
        whether the mean is subtracted (RMS norm does not)

    Returns
    -------
    y : ndarray, shape and dtype of x
        unit: that of weight and bias
    cache : Standardized
        for ``standardize_backward``

    Raises
    ------
    TypeError
        ``x`` is not a float32 or float64 array.
    ValueError
        ``axes`` do not exist in ``x``, or the pools are empty.
    """
    pools = Pools.of(x, axes, centred)
    weight, bias = (np.array(p, x.dtype, copy=None, ndmin=x.ndim) for p in (weight, bias))
    deviation, mean, var = pools.moments(x)
    y = normalize(deviation, var, weight, bias, eps)
    return y, Standardized(deviation, mean, var, weight, bias.shape, eps, pools)


def normalize(
    deviation: np.ndarray, var: np.ndarray, weight: np.ndarray, bias: np.ndarray, eps: float
) -> np.ndarray:
    """Return ``weight * deviation / sqrt(var + eps) + bias``.

    It takes ``deviation = x - mean``: to fold the mean into the bias would lose digits where the
    mean is much larger than the standard deviation.

    Parameters
    ----------
    deviation : ndarray
        ``x - mean``; unit: x
    var, weight, bias : ndarray
        broadcast with ``deviation``; units: x squared, y, y
    eps : float
        added to the variance; unit: x squared

    Returns
    -------
    ndarray, the shape of ``deviation``
        unit: y
    """
    y = scaled(deviation, weight, inverse_std(var, eps))
    y += bias
    return y


def scaled(x: np.ndarray, weight: np.ndarray, inv_std: np.ndarray) -> np.ndarray:
    """Return ``x * weight * inv_std``, a new array.

    The two small factors are multiplied first, unless their product is as large as x.
    """
    if np.broadcast_shapes(weight.shape, inv_std.shape) != x.shape:
        return x * (weight * inv_std)
    product = x * weight
    product *= inv_std
    return product


def scaled_sum(x: np.ndarray, weight: np.ndarray, inv_std: np.ndarray, large: bool) -> np.ndarray:
    """Sum ``x * weight * inv_std`` over the pools; see `scaled` on what is ``large``."""
    if large:
        return products_to(x, weight, inv_std.shape) * inv_std
    return sum_to(x * (weight * inv_std), inv_std.shape)


def inverse_std(var: np.ndarray, eps: float) -> np.ndarray:
    """Return ``1 / sqrt(var + eps)``; unit: one over that of x."""
    return 1 / np.sqrt(var + eps)


def standardize_backward(
    grad: np.ndarray, cache: Standardized
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return dL/dx, dL/dweight and dL/dbias for ``standardize``.

    Ioffe & Szegedy (2015), section 3, collected into one line: with
    ``x_hat = deviation * inv_std``, ``g = weight * dL/dy`` and means over a pool::

        dx = inv_std * (g - mean(g) - x_hat * mean(g * x_hat))

    exact for every eps of at least 0. Where the pool was not centred, ``mean(g)`` is absent.

    Parameters
    ----------
    grad : ndarray, shape and dtype of x
        dL/dy; unit: loss/y
    cache : Standardized
        from ``standardize``

    Returns
    -------
    dx : ndarray, shape and dtype of x
        unit: loss/x
    dweight, dbias : ndarray, shapes of weight and bias
        unit: loss/y
    """
    deviation, _, var, weight, bias_shape, eps, pools = cache
    inv_std = inverse_std(var, eps)
    # Summed first over the axes that neither weight nor var know: little is left for the rest.
    shape = np.broadcast_shapes(weight.shape, var.shape)
    grad_sum, grad_dot = sum_to(grad, shape), products_to(grad, deviation, shape)
    dweight = products_to(grad_dot, inv_std, weight.shape)
    dbias = sum_to(grad_sum, bias_shape)
    mean_grad, mean_dot = (
        scaled_sum(total, weight, inv_std, shape == grad.shape) / pools.count
        for total in (grad_sum, grad_dot)
    )
    dx = scaled(grad, weight, inv_std)
    add_product(dx, deviation, -mean_dot * inv_std * inv_std)
    if pools.centred:
        dx -= mean_grad
    return dx, dweight, dbias
