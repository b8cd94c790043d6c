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

Where the affine map is constant within each pool (batch, instance) the kernel applies it on the
way; elsewhere it follows as a map of its own.
"""

import math
from typing import NamedTuple

import numpy as np

from bncourse.scratch.affine import AffineCache, affine, affine_backward
from bncourse.scratch.arguments import (
    require_array,
    require_cache,
    require_count,
    require_optional,
)
from bncourse.scratch.kernel import Standardized, standardize, standardize_backward


class BatchNormCache(Standardized):
    """What ``batch_norm`` leaves for ``batch_norm_backward``."""


class InstanceNormCache(Standardized):
    """What ``instance_norm`` leaves for ``instance_norm_backward``."""


class TwoStepCache(NamedTuple):
    """What a norm leaves whose affine map is a step of its own: one cache for each step."""

    standardized: Standardized
    affine: AffineCache


class LayerNormCache(TwoStepCache):
    """What ``layer_norm`` leaves for ``layer_norm_backward``."""


class GroupNormCache(TwoStepCache):
    """What ``group_norm`` leaves for ``group_norm_backward``."""


class RMSNormCache(TwoStepCache):
    """What ``rms_norm`` leaves for ``rms_norm_backward``."""


def batch_norm(x, gamma=None, beta=None, *, eps=1e-5):
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
    cache : BatchNormCache
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
    y, cache = standardize(x, axes, gamma, beta, eps=eps)
    return y, BatchNormCache(*cache)


def batch_norm_backward(grad, cache):
    """Return dL/dx, dL/dgamma, dL/dbeta for ``batch_norm``: Ioffe & Szegedy (2015), section 3.

    Parameters
    ----------
    grad : ndarray, ``(N, C, *S)``
        dL/dy, dtype of x; unit: loss/y
    cache : BatchNormCache
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
    require_cache(cache, BatchNormCache)
    return standardize_backward(grad, cache)


def instance_norm(x, gamma=None, beta=None, *, eps=1e-5):
    """Standardize every channel of every sample over its positions, then scale and shift it.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``, mean and biased variance over the spatial
    axes: Ulyanov et al. (2016), equation 3. Parameters, results and errors are those of
    ``batch_norm``, with at least one spatial axis.
    """
    require_array("x", x, min_ndim=3)
    samples, channels = x.shape[:2]
    require_optional((channels,), x.dtype, gamma=gamma, beta=beta)
    scale, shift = (
        None if p is None else np.broadcast_to(p, (samples, channels)) for p in (gamma, beta)
    )
    y, cache = standardize(x, tuple(range(2, x.ndim)), scale, shift, eps=eps)
    return y, InstanceNormCache(*cache)


def instance_norm_backward(grad, cache):
    """Return dL/dx, dL/dgamma, dL/dbeta for ``instance_norm``; see ``batch_norm_backward``."""
    require_cache(cache, InstanceNormCache)
    dx, *per_sample = standardize_backward(grad, cache)
    dgamma, dbeta = (None if d is None else d.sum(0) for d in per_sample)
    return dx, dgamma, dbeta


def layer_norm(x, gamma=None, beta=None, *, normalized_shape=None, eps=1e-5):
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
    cache : LayerNormCache
        for ``layer_norm_backward``

    Raises
    ------
    TypeError
        an array is not float32 or float64, or gamma or beta differs in dtype from x.
    ValueError
        a shape does not fit, ``*D`` holds no element, ``eps`` is negative, or ``eps`` is 0 and a
        variance too.
    """
    leading, trailing = _split_axes(x, normalized_shape)
    x_hat, standardized = standardize(x, trailing, eps=eps)
    y, affine_cache = affine(x_hat, gamma, beta, leading)
    return y, LayerNormCache(standardized, affine_cache)


def layer_norm_backward(grad, cache):
    """Return dL/dx, dL/dgamma, dL/dbeta for ``layer_norm``: the affine map, then the kernel.

    Parameters
    ----------
    grad : ndarray, shape and dtype of x
        dL/dy; unit: loss/y
    cache : LayerNormCache
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
    return _two_steps_back(grad, cache, LayerNormCache)


def group_norm(x, num_groups, gamma=None, beta=None, *, eps=1e-5):
    """Standardize every group of channels of every sample, then scale and shift each channel.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``, mean and biased variance over the ``C/G``
    channels of a group and all positions: Wu & He (2018), section 3.1. An empty batch gives an
    empty result. Parameters, results and errors are those of ``batch_norm``, and ``num_groups``,
    the ``G`` that must divide ``C``.
    """
    shared = _axes_but_channels(x)
    samples, channels = x.shape[:2]
    require_count("num_groups", num_groups)
    if channels % num_groups:
        raise ValueError(
            f"num_groups must divide the channels, got {num_groups} groups for {channels} channels"
        )
    view = (samples, num_groups, math.prod(x.shape[1:]) // num_groups)
    x_hat, standardized = standardize(x.reshape(view), 2, eps=eps)
    y, affine_cache = affine(x_hat.reshape(x.shape), gamma, beta, shared)
    return y, GroupNormCache(standardized, affine_cache)


def group_norm_backward(grad, cache):
    """Return dL/dx, dL/dgamma, dL/dbeta for ``group_norm``; see ``layer_norm_backward``."""
    return _two_steps_back(grad, cache, GroupNormCache)


def rms_norm(x, gamma=None, *, normalized_shape=None, eps=1e-5):
    """Divide every sample by its root mean square over the trailing axes, then scale each element.

    ``y = gamma * x / sqrt(mean(x**2) + eps)``, the mean over the trailing block ``*D``: Zhang &
    Sennrich (2019), section 4, with an eps under the root. Parameters, results and errors are
    those of ``layer_norm``, without beta.
    """
    leading, trailing = _split_axes(x, normalized_shape)
    x_hat, standardized = standardize(x, trailing, eps=eps, centred=False)
    y, affine_cache = affine(x_hat, gamma, None, leading)
    return y, RMSNormCache(standardized, affine_cache)


def rms_norm_backward(grad, cache):
    """Return dL/dx and dL/dgamma for ``rms_norm``; see ``layer_norm_backward``."""
    return _two_steps_back(grad, cache, RMSNormCache)[:2]


def _two_steps_back(grad, cache, kind):
    require_cache(cache, kind)
    dx_hat, dgamma, dbeta = affine_backward(grad, cache.affine)
    pooled_view = cache.standardized.deviation.shape
    dx, _, _ = standardize_backward(dx_hat.reshape(pooled_view), cache.standardized)
    return dx.reshape(grad.shape), dgamma, dbeta


def _axes_but_channels(x):
    require_array("x", x, min_ndim=2)
    return (0, *range(2, x.ndim))


def _split_axes(x, normalized_shape):
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
    return tuple(range(first)), tuple(range(first, x.ndim))
