"""Standardize over a set of pooled axes: the one forward kernel and the one backward kernel."""

from typing import NamedTuple

import numpy as np

from bncourse.scratch.arguments import require_cache, require_number, require_optional, require_same
from bncourse.scratch.moments import (
    Moments,
    centre,
    expand,
    pool_size,
    pooled_axes,
    pooled_dot,
    pooled_sum,
)


class Standardized(NamedTuple):
    """What ``standardize`` leaves for ``standardize_backward``.

    ``x_hat`` is kept as its two factors: written out it would cost one more pass over memory.

    Parameters
    ----------
    deviation : ndarray, shape of x
        ``x - mean``; unit: x
    inv_std : ndarray, one element for each pool
        ``1 / sqrt(var + eps)``; unit: 1/x
    moments : Moments
        count, mean and variance of each pool
    axes : tuple of int
        the axes that were pooled
    centred : bool
        whether the mean was taken off
    scale : ndarray or None
        as given to ``standardize``
    has_shift : bool
        whether ``standardize`` was given a shift
    """

    deviation: np.ndarray
    inv_std: np.ndarray
    moments: Moments
    axes: tuple
    centred: bool
    scale: np.ndarray | None
    has_shift: bool

    @property
    def gain(self):
        """The factor from a deviation to ``y``: ``inv_std``, times ``scale`` where there is one."""
        return self.inv_std if self.scale is None else self.inv_std * self.scale


def standardize(x, axes, scale=None, shift=None, *, eps=1e-5, centred=True):
    """Give every pool of ``x`` mean 0 and variance 1, then the chosen scale and shift.

    ``y = scale * x_hat + shift`` with ``x_hat = (x - mean) / sqrt(var + eps)``, mean and biased
    variance over ``axes``: Ioffe & Szegedy (2015), algorithm 1. With ``centred=False`` nothing is
    taken off, the mean counts as 0 and the variance becomes the mean square: Zhang & Sennrich
    (2019), section 4. A centred pool of one element gives ``x_hat = 0``.

    Parameters
    ----------
    x : ndarray, any shape
        float32 or float64; any unit
    axes : int or tuple of int
        the axes to pool
    scale, shift : ndarray, one element for each pool, or None
        dtype of x; unit: y; they have the shape of the axes of x that are not pooled
    eps : float
        at least 0; unit: x squared
    centred : bool
        whether to take off the mean

    Returns
    -------
    y : ndarray, shape and dtype of x
        unit: that of scale and shift, 1 without them
    cache : Standardized
        for ``standardize_backward``

    Raises
    ------
    TypeError
        an array is not float32 or float64, or differs in dtype from ``x``.
    ValueError
        a shape does not fit, the pools are empty, ``eps`` is negative, or ``eps`` is 0 and a
        variance too.
    """
    axes = pooled_axes(x, axes)
    pools = [size for axis, size in enumerate(x.shape) if axis not in axes]
    require_optional(pools, x.dtype, scale=scale, shift=shift)
    deviation, moments = centre(x, axes) if centred else _about_zero(x, axes)
    inv_std = inverse_std(moments.var, eps)
    cache = Standardized(deviation, inv_std, moments, axes, centred, scale, shift is not None)
    y = deviation * expand(cache.gain, axes)
    if shift is not None:
        y += expand(shift, axes)
    return y, cache


def standardize_backward(grad, cache):
    """Return dL/dx, dL/dscale and dL/dshift for ``standardize``.

    ``dx = scale * inv_std * (grad - mean(grad) - x_hat * mean(grad * x_hat))``, means over the
    pool: the chain rule of Ioffe & Szegedy (2015), section 3, collected into one line; exact for
    every ``eps >= 0``. The two means are dshift and dscale divided by the count, so they are
    computed once. Where the pool was not centred, the term ``mean(grad)`` is absent.

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
    dscale, dshift : ndarray, one element for each pool, or None
        None where ``standardize`` had none; unit: loss/y

    Raises
    ------
    TypeError
        ``grad`` differs in dtype from ``x``.
    ValueError
        ``grad`` and ``x`` differ in shape (broadcasting would hide the mistake).
    """
    require_cache(cache, Standardized)
    deviation, inv_std, (count, *_), axes, *_ = cache
    require_same("grad", grad, deviation.shape, deviation.dtype)
    dshift = pooled_sum(grad, axes)
    dscale = pooled_dot(grad, deviation, axes) * inv_std
    # In place, one array for all terms: the time goes into memory traffic, not into arithmetic.
    dx = deviation * expand(-inv_std * dscale / count, axes)
    dx += grad
    if cache.centred:
        dx -= expand(dshift / count, axes)
    dx *= expand(cache.gain, axes)
    return dx, None if cache.scale is None else dscale, dshift if cache.has_shift else None


def inverse_std(var, eps):
    """Return ``1 / sqrt(var + eps)``; unit: one over that of x.

    Raises
    ------
    ValueError
        ``eps`` is negative, or ``var + eps`` is 0 somewhere.
    """
    spread = var + require_number("eps", eps, low=0)
    if not spread.all():
        raise ValueError(
            f"eps is {eps} and the variance of at least one pool is 0, so x_hat would be 0 / 0: "
            "give a larger eps, such as 1e-5"
        )
    return 1 / np.sqrt(spread)


def _about_zero(x, axes):
    count = pool_size(x, axes)
    mean_square = pooled_dot(x, x, axes) / count
    return x, Moments(count, np.zeros_like(mean_square), mean_square)
