"""Running statistics, and batch norm with fixed statistics: what evaluation mode uses."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import DTypeLike

from bncourse.scratch.arguments import (
    require_array,
    require_cache,
    require_dtype,
    require_number,
    require_optional,
    require_same,
)
from bncourse.scratch.kernel import inverse_std, normalize
from bncourse.scratch.moments import Moments
from bncourse.scratch.norms import Gradients, by_channel, require_spread
from bncourse.scratch.pools import products_to, sum_to


class RunningStatistics(NamedTuple):
    """An average of the moments of past batches, one element for each channel.

    Parameters
    ----------
    mean : ndarray, ``(C,)``
        unit: x
    var : ndarray, ``(C,)``
        an average of unbiased variances; unit: x squared
    num_updates : int
        how many batches have been seen
    """

    mean: np.ndarray
    var: np.ndarray
    num_updates: int = 0

    @classmethod
    def start(cls, channels: int, dtype: DTypeLike = np.float32) -> Self:
        """Return the statistics before the first batch: mean 0, variance 1."""
        require_dtype(dtype)
        return cls(np.zeros(channels, dtype), np.ones(channels, dtype))


def update_running(
    running: RunningStatistics, moments: Moments, update_rate: float | None = 0.1
) -> RunningStatistics:
    """Return the running statistics after one more batch.

    ``new = (1 - update_rate) * old + update_rate * batch``, with the *unbiased* variance of the
    batch, as PyTorch has it (its ``momentum`` is our ``update_rate``; the ``momentum`` of Keras
    is ``1 - update_rate``). With ``update_rate=None`` every batch weighs the same, ``1 /
    num_updates``.

    Parameters
    ----------
    running : RunningStatistics
        before this batch
    moments : Moments
        of this batch
    update_rate : float or None
        weight of the new batch, from 0 to 1; None for the plain average of all batches; unit: 1

    Returns
    -------
    RunningStatistics
        after this batch; ``running`` is left as it was

    Raises
    ------
    TypeError
        ``moments`` and ``running`` differ in dtype, or ``update_rate`` is not a number.
    ValueError
        the batch has fewer than two values a channel, its channels are not those of ``running``,
        or ``update_rate`` is not from 0 to 1.
    """
    num_updates = running.num_updates + 1
    rate = 1 / num_updates if update_rate is None else update_rate
    rate = require_number("update_rate", rate, low=0, high=1)
    require_same("moments.mean", moments.mean, running.mean.shape, running.mean.dtype)
    require_same("moments.var", moments.var, running.var.shape, running.var.dtype)
    mean = (1 - rate) * running.mean + rate * moments.mean
    var = (1 - rate) * running.var + rate * moments.unbiased_var
    return RunningStatistics(mean, var, num_updates)


class FixedCache(NamedTuple):
    """What ``batch_norm_eval`` leaves for ``batch_norm_eval_backward``."""

    function: str
    deviation: np.ndarray
    inv_std: np.ndarray
    weight: np.ndarray
    has_affine: tuple


def batch_norm_eval(
    x: np.ndarray,
    mean: np.ndarray,
    var: np.ndarray,
    gamma: np.ndarray | None = None,
    beta: np.ndarray | None = None,
    *,
    eps: float = 1e-5,
) -> tuple[np.ndarray, FixedCache]:
    """Normalize with a given mean and variance, then scale and shift: evaluation mode.

    ``y = gamma * (x - mean) / sqrt(var + eps) + beta``: Ioffe & Szegedy (2015), algorithm 2, line
    11. Samples do not meet: each row of ``y`` depends on its own row of ``x``. An empty batch
    gives an empty result.

    Parameters
    ----------
    x : ndarray, ``(N, C, *S)``
        float32 or float64; any unit
    mean, var : ndarray, ``(C,)``
        dtype of x, var at least 0; units: x, x squared
    gamma, beta : ndarray, ``(C,)``, or None
        dtype of x; unit: y
    eps : float
        at least 0; unit: x squared

    Returns
    -------
    y : ndarray, ``(N, C, *S)``
        dtype of x; unit: that of gamma and beta
    cache : FixedCache
        for ``batch_norm_eval_backward``

    Raises
    ------
    TypeError, ValueError
        a dtype or shape does not fit, ``var`` or ``eps`` is negative, or ``var + eps`` is 0.
    """
    require_array("x", x, min_ndim=2)
    for name, value in (("mean", mean), ("var", var)):
        require_same(name, value, x.shape[1:2], x.dtype)
    if (var < 0).any():
        raise ValueError(f"var must be at least 0, got {var.min()}: was it computed in two passes?")
    eps = require_number("eps", eps, low=0)
    require_optional(x.shape[1:2], x.dtype, gamma=gamma, beta=beta)
    require_spread(var, eps)
    ones, zeros = np.ones_like(var), np.zeros_like(var)
    given = (mean, var, ones if gamma is None else gamma, zeros if beta is None else beta)
    mean, var, weight, bias = (values.reshape(by_channel(x)) for values in given)
    deviation = x - mean
    y = normalize(deviation, var, weight, bias, eps)
    has_affine = gamma is not None, beta is not None
    return y, FixedCache("batch_norm_eval", deviation, inverse_std(var, eps), weight, has_affine)


def batch_norm_eval_backward(grad: np.ndarray, cache: FixedCache) -> Gradients:
    """Return dL/dx, dL/dgamma, dL/dbeta for ``batch_norm_eval``.

    ``dx = gamma * inv_std * grad``: the statistics are constants, so nothing flows through them,
    and this is *not* the gradient of ``batch_norm``. Parameters, results and errors are those of
    ``batch_norm_backward``.
    """
    require_cache(cache, "batch_norm_eval")
    _, deviation, inv_std, weight, (has_gamma, has_beta) = cache
    require_same("grad", grad, deviation.shape, deviation.dtype)
    dgamma = products_to(grad, deviation, inv_std.shape) * inv_std if has_gamma else None
    dbeta = sum_to(grad, inv_std.shape) if has_beta else None
    dgamma, dbeta = (None if d is None else d.reshape(-1) for d in (dgamma, dbeta))
    return grad * (weight * inv_std), dgamma, dbeta
