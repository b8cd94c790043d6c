"""The affine map after standardizing: ``y = gamma * x_hat + beta``, element by element."""

from typing import NamedTuple

import numpy as np

from bncourse.scratch.arguments import require_cache, require_optional, require_same
from bncourse.scratch.moments import expand, pooled_dot, pooled_sum


class AffineCache(NamedTuple):
    """What ``affine`` leaves for ``affine_backward``."""

    x_hat: np.ndarray
    gamma: np.ndarray | None
    has_beta: bool
    shared: tuple


def affine(x_hat, gamma, beta, shared):
    """Return ``y = gamma * x_hat + beta``, one gamma and one beta along the ``shared`` axes.

    Parameters
    ----------
    x_hat : ndarray, any shape
        float32 or float64; unit: 1
    gamma, beta : ndarray or None
        shape of the axes of x_hat that are not shared, dtype of x_hat; unit: y
    shared : tuple of int
        the axes along which gamma and beta are the same, non-negative

    Returns
    -------
    y : ndarray, shape and dtype of x_hat
        x_hat itself where gamma and beta are None
    cache : AffineCache
        for ``affine_backward``

    Raises
    ------
    TypeError, ValueError
        ``gamma`` or ``beta`` differs from ``x_hat`` in dtype, or does not fit in shape.
    """
    own = [size for axis, size in enumerate(x_hat.shape) if axis not in shared]
    require_optional(own, x_hat.dtype, gamma=gamma, beta=beta)
    y = x_hat if gamma is None else x_hat * expand(gamma, shared)
    y = y if beta is None else y + expand(beta, shared)
    return y, AffineCache(x_hat, gamma, beta is not None, shared)


def affine_backward(grad, cache):
    """Return dL/dx_hat, dL/dgamma and dL/dbeta for ``affine``.

    ``dx_hat = gamma * grad``, ``dgamma = sum(grad * x_hat)`` and ``dbeta = sum(grad)``, sums over
    the shared axes: Ioffe & Szegedy (2015), section 3.

    Parameters
    ----------
    grad : ndarray, shape and dtype of x_hat
        dL/dy; unit: loss/y
    cache : AffineCache
        from ``affine``

    Returns
    -------
    dx_hat : ndarray, shape and dtype of x_hat
        unit: loss
    dgamma, dbeta : ndarray or None
        shape of gamma and beta, None where there is none; unit: loss/y

    Raises
    ------
    TypeError, ValueError
        ``grad`` does not match in dtype or shape, or ``cache`` is another function's.
    """
    require_cache(cache, AffineCache)
    x_hat, gamma, has_beta, shared = cache
    require_same("grad", grad, x_hat.shape, x_hat.dtype)
    dbeta = pooled_sum(grad, shared) if has_beta else None
    if gamma is None:
        return grad, None, dbeta
    return grad * expand(gamma, shared), pooled_dot(grad, x_hat, shared), dbeta
