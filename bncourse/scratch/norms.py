"""Five norms, one idea: standardize over a set of pooled axes, then an affine map.

========  ==================  =================  =======  ==========
norm      input               pooled axes        centred  affine per
========  ==================  =================  =======  ==========
batch     ``(N, C, *S)``      all but ``C``      yes      ``C``
layer     ``(N, ..., *D)``    ``*D``             yes      ``*D``
instance  ``(N, C, *S)``      ``*S``             yes      ``C``
group     ``(N, C, *S)``      ``C/G``, ``*S``    yes      ``C``
RMS       ``(N, ..., *D)``    ``*D``             no       ``*D``
========  ==================  =================  =======  ==========

Each checks its arguments, and spreads gamma and beta along the axes they belong to; the kernel does
the rest, `bncourse.scratch.kernel`.
"""

import math
from typing import NamedTuple

import numpy as np

from bncourse.scratch.arguments import (
    require_array,
    require_cache,
    require_count,
    require_number,
    require_optional,
    require_same,
)
from bncourse.scratch.kernel import Standardized, inverse_std, standardize, standardize_backward
from bncourse.scratch.moments import Moments

Gradients = tuple[np.ndarray, np.ndarray | None, np.ndarray | None]  # for x, gamma and beta


class Cache(NamedTuple):
    """What a norm leaves for its backward function.

    Parameters
    ----------
    function : str
        the name of the norm
    x_shape : tuple of int
        the shape of x
    affine_shapes : tuple of (tuple of int or None)
        the shapes of gamma and beta, None where there was none
    standardized : Standardized
        what the kernel left
    """

    function: str
    x_shape: tuple
    affine_shapes: tuple
    standardized: Standardized

    @property
    def moments(self) -> Moments:
        """Count, mean and biased variance of each pool."""
        _, mean, var, *_, pools = self.standardized
        return Moments(pools.count, mean.squeeze(pools.axes), var.squeeze(pools.axes))

    @property
    def inv_std(self) -> np.ndarray:
        """``1 / sqrt(var + eps)`` of each pool; unit: one over that of x."""
        return inverse_std(self.moments.var, self.standardized.eps)


def batch_norm(
    x: np.ndarray,
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    *,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Cache]:
    """Standardize every channel over the batch and all positions, then scale and shift it.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``, mean and biased variance over all axes
    but the second: Ioffe & Szegedy (2015), algorithm 1, the training-time transform. A channel
    with a single value gives ``y = beta`` and ``dx = 0``: nothing about that value is left to
    learn from.

    Parameters
    ----------
    x : ndarray, ``(N, C, *S)``
        float32 or float64; any unit
    gamma, beta : ndarray, ``(C,)``, or None
        dtype of x; unit: y
    eps : float
        at least 0; unit: x squared

    Returns
    -------
    y : ndarray, ``(N, C, *S)``
        dtype of x; unit: that of gamma and beta
    cache : Cache
        for ``batch_norm_backward``; ``cache.moments`` feeds the running statistics

    Raises
    ------
    TypeError
        an array is not float32 or float64, or gamma or beta differs in dtype from x.
    ValueError
        a shape does not fit, the batch is empty, ``eps`` is negative, or ``eps`` is 0 and a
        variance too.
    """
    axes = _axes_but_channels(x)
    require_optional(x.shape[1:2], x.dtype, gamma=gamma, beta=beta)
    return _norm("batch_norm", x, x.shape, axes, (gamma, beta), by_channel(x), eps)


def batch_norm_backward(grad: np.ndarray, cache: Cache) -> Gradients:
    """Return dL/dx, dL/dgamma, dL/dbeta for ``batch_norm``: Ioffe & Szegedy (2015), section 3.

    Parameters
    ----------
    grad : ndarray, ``(N, C, *S)``
        dL/dy, dtype of x; unit: loss/y
    cache : Cache
        from ``batch_norm``

    Returns
    -------
    dx : ndarray, ``(N, C, *S)``
        unit: loss/x
    dgamma, dbeta : ndarray, ``(C,)``, or None
        None where gamma, beta is None; unit: loss/y

    Raises
    ------
    TypeError, ValueError
        ``grad`` does not match x in dtype or shape, or ``cache`` is another function's.
    """
    return _backward("batch_norm", grad, cache)


def instance_norm(
    x: np.ndarray,
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    *,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Cache]:
    """Standardize every channel of every sample over its positions, then scale and shift it.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``, mean and biased variance over the spatial
    axes: Ulyanov et al. (2016), equation 3. Parameters, results and errors are those of
    ``batch_norm``, with at least one spatial axis.
    """
    require_array("x", x, min_ndim=3)
    axes = tuple(range(2, x.ndim))
    require_optional(x.shape[1:2], x.dtype, gamma=gamma, beta=beta)
    return _norm("instance_norm", x, x.shape, axes, (gamma, beta), by_channel(x), eps)


def instance_norm_backward(grad: np.ndarray, cache: Cache) -> Gradients:
    """Return dL/dx, dL/dgamma, dL/dbeta for ``instance_norm``; see ``batch_norm_backward``."""
    return _backward("instance_norm", grad, cache)


def layer_norm(
    x: np.ndarray,
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    *,
    normalized_shape: tuple[int, ...] | None = None,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Cache]:
    """Standardize every sample over its trailing axes, then scale and shift each of their elements.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``, mean and biased variance over the
    trailing block ``*D``: Ba et al. (2016), whose equation 3 has the mean and the deviation,
    without an eps. An empty batch gives an empty result.

    Parameters
    ----------
    x : ndarray, ``(N, ..., *D)``
        float32 or float64; any unit
    gamma, beta : ndarray, ``(*D)``, or None
        dtype of x; unit: y
    normalized_shape : tuple of int or None
        ``*D``, the sizes of the trailing axes to pool; None is the last axis
    eps : float
        at least 0; unit: x squared

    Returns
    -------
    y : ndarray, shape and dtype of x
        unit: that of gamma and beta
    cache : Cache
        for ``layer_norm_backward``

    Raises
    ------
    TypeError
        an array is not float32 or float64, or gamma or beta differs in dtype from x.
    ValueError
        a shape does not fit, ``*D`` holds no element, ``eps`` is negative, or ``eps`` is 0 and a
        variance too.
    """
    axes, spread = _trailing(x, normalized_shape)
    require_optional(spread[-len(axes) :], x.dtype, gamma=gamma, beta=beta)
    return _norm("layer_norm", x, x.shape, axes, (gamma, beta), spread, eps)


def layer_norm_backward(grad: np.ndarray, cache: Cache) -> Gradients:
    """Return dL/dx, dL/dgamma, dL/dbeta for ``layer_norm``.

    Parameters
    ----------
    grad : ndarray, shape and dtype of x
        dL/dy; unit: loss/y
    cache : Cache
        from ``layer_norm``

    Returns
    -------
    dx : ndarray, shape and dtype of x
        unit: loss/x
    dgamma, dbeta : ndarray, shape of gamma and beta, or None
        None where gamma, beta is None; unit: loss/y

    Raises
    ------
    TypeError, ValueError
        ``grad`` does not match x in dtype or shape, or ``cache`` is another function's.
    """
    return _backward("layer_norm", grad, cache)


def group_norm(
    x: np.ndarray,
    num_groups: int,
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    *,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Cache]:
    """Standardize every group of channels of every sample, then scale and shift each channel.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``, mean and biased variance over the ``C/G``
    channels of a group and all positions: Wu & He (2018), section 3.1. An empty batch gives an
    empty result. Parameters, results and errors are those of ``batch_norm``, and ``num_groups``,
    the ``G`` that must divide ``C``.
    """
    _axes_but_channels(x)
    samples, channels = x.shape[:2]
    require_count("num_groups", num_groups)
    if channels % num_groups:
        raise ValueError(
            f"num_groups must divide the channels, got {num_groups} groups for {channels} channels"
        )
    require_optional(x.shape[1:2], x.dtype, gamma=gamma, beta=beta)
    group = channels // num_groups
    view = (samples, num_groups, group, math.prod(x.shape[2:]))
    spread = (1, num_groups, group, 1)
    return _norm("group_norm", x, view, (2, 3), (gamma, beta), spread, eps)


def group_norm_backward(grad: np.ndarray, cache: Cache) -> Gradients:
    """Return dL/dx, dL/dgamma, dL/dbeta for ``group_norm``; see ``layer_norm_backward``."""
    return _backward("group_norm", grad, cache)


def rms_norm(
    x: np.ndarray,
    gamma: np.ndarray | None = None,
    *,
    normalized_shape: tuple[int, ...] | None = None,
    eps: float = 1e-5,
) -> tuple[np.ndarray, Cache]:
    """Divide every sample by its root mean square over the trailing axes, then scale each element.

    ``y = gamma * x / sqrt(mean(x**2) + eps)``, the mean over the trailing block ``*D``: Zhang &
    Sennrich (2019), section 4, with an eps under the root. Parameters, results and errors are
    those of ``layer_norm``, without beta.
    """
    axes, spread = _trailing(x, normalized_shape)
    require_optional(spread[-len(axes) :], x.dtype, gamma=gamma)
    return _norm("rms_norm", x, x.shape, axes, (gamma, None), spread, eps, centred=False)


def rms_norm_backward(grad: np.ndarray, cache: Cache) -> tuple[np.ndarray, np.ndarray | None]:
    """Return dL/dx and dL/dgamma for ``rms_norm``; see ``layer_norm_backward``."""
    return _backward("rms_norm", grad, cache)[:2]


def _norm(norm, x, view, axes, affine, spread, eps, centred=True):
    """Standardize x in the shape ``view``, with gamma and beta in the shape ``spread``."""
    eps = require_number("eps", eps, low=0)
    none = [1] * len(view)
    weight, bias = (
        np.full(none, default, x.dtype) if given is None else given.reshape(spread)
        for given, default in zip(affine, (1, 0), strict=True)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        y, cache = standardize(x.reshape(view), weight, bias, axes, eps, centred)
    require_spread(cache.var, eps)
    shapes = tuple(None if given is None else given.shape for given in affine)
    return y.reshape(x.shape), Cache(norm, x.shape, shapes, cache)


def _backward(norm, grad, cache):
    require_cache(cache, norm)
    kept = cache.standardized
    require_same("grad", grad, cache.x_shape, kept.deviation.dtype)
    dx, *rest = standardize_backward(grad.reshape(kept.deviation.shape), kept)
    dgamma, dbeta = (
        None if shape is None else part.reshape(shape).copy()
        for part, shape in zip(rest, cache.affine_shapes, strict=True)
    )
    return dx.reshape(cache.x_shape), dgamma, dbeta


def require_spread(var: np.ndarray, eps: float) -> None:
    """Raise where ``var + eps`` is 0."""
    if eps == 0 and not var.all():
        raise ValueError(
            f"eps is {eps:g} and the variance of at least one pool is 0, so x_hat would be 0 / 0: "
            "give a larger eps, such as 1e-5"
        )


def by_channel(x: np.ndarray) -> tuple[int, ...]:
    """Return the shape in which one number for each channel broadcasts with x."""
    return (1, x.shape[1], *[1] * (x.ndim - 2))


def _axes_but_channels(x):
    require_array("x", x, min_ndim=2)
    return (0, *range(2, x.ndim))


def _trailing(x, normalized_shape):
    """Return the axes that ``normalized_shape`` names, and the shape that broadcasts along them."""
    require_array("x", x, min_ndim=1)
    if not isinstance(normalized_shape, tuple | list | None):
        raise TypeError(
            f"normalized_shape must be a tuple of sizes or None, got {normalized_shape!r}"
        )
    trailing = x.shape[-1:] if normalized_shape is None else tuple(normalized_shape)
    first = x.ndim - len(trailing)
    if not trailing or first < 0 or x.shape[first:] != trailing:
        raise ValueError(
            f"normalized_shape must be the sizes of the last axes of x, got {trailing} "
            f"for x of shape {x.shape}"
        )
    return tuple(range(first, x.ndim)), (*[1] * first, *trailing)
