"""Layers with parameters and an explicit mode.

Every layer has ``forward(x)`` and ``backward(grad)``, its trainable arrays in ``parameters``, and
a mode that changes only through ``train()`` and ``eval()``. The mathematics of batch norm lives
in pure functions; a layer adds what has to be remembered between calls.
"""

import math
from typing import Literal, Self

import numpy as np
from numpy.typing import DTypeLike

from bncourse.scratch.arguments import (
    require_array,
    require_count,
    require_dtype,
    require_number,
    require_same,
)
from bncourse.scratch.norms import batch_norm, batch_norm_backward
from bncourse.scratch.running import (
    RunningStatistics,
    batch_norm_eval,
    batch_norm_eval_backward,
    update_running,
)


class Parameter:
    """A trainable array and the gradient of the loss for it.

    Parameters
    ----------
    value : ndarray
        changed in place by the optimizer
    """

    def __init__(self, value: np.ndarray) -> None:
        self.value = value
        self.grad = np.zeros_like(value)


class Layer:
    """What all layers share: a mode, parameters, and the cache between forward and backward.

    A subclass defines ``_forward(x)``, which returns ``(y, cache)``, and ``_backward(grad,
    cache)``, which sets the gradients of the parameters and returns that of the input.
    ``backward`` replaces the gradients of the call before; it does not add to them.
    """

    def __init__(self) -> None:
        self.training = True
        self.parameters = {}
        self._cache = None

    def train(self) -> Self:
        """Switch to training mode and return the layer."""
        self.training = True
        return self

    def eval(self) -> Self:
        """Switch to evaluation mode and return the layer."""
        self.training = False
        return self

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the layer's output for ``x``."""
        y, self._cache = self._forward(x)  # pyrefly: ignore[missing-attribute]
        return y

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Return dL/dx given ``grad``, dL/dy of the last call of ``forward``."""
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}: call forward before backward")
        return self._backward(grad, self._cache)  # pyrefly: ignore[missing-attribute]


INITIAL_STD = {
    "xavier": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
    "he": lambda n_in, n_out: math.sqrt(2 / n_in),
}


class Linear(Layer):
    """Affine map ``y = x @ weight + bias``, with normally distributed initial weights, bias 0.

    Parameters
    ----------
    n_in, n_out : int
        features of input and output
    rng : numpy.random.Generator
        source of the initial weights
    init : {"xavier", "he"} or float
        the standard deviation of the initial weights: ``sqrt(2 / (n_in + n_out))`` (Glorot &
        Bengio 2010, equation 12), ``sqrt(2 / n_in)`` (He et al. 2015, equation 10), or the given
        number
    dtype : dtype
        float32 or float64
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        *,
        rng: np.random.Generator,
        init: Literal["xavier", "he"] | float = "he",
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        require_count("n_in", n_in)
        require_count("n_out", n_out)
        require_dtype(dtype)
        std = _initial_std(init, n_in, n_out)
        self.parameters = {
            "weight": Parameter((std * rng.standard_normal((n_in, n_out))).astype(dtype)),
            "bias": Parameter(np.zeros(n_out, dtype)),
        }

    def _forward(self, x):
        weight, bias = (p.value for p in self.parameters.values())
        require_array("x", x, min_ndim=2)
        require_same("x", x, (len(x), len(weight)), weight.dtype)
        return x @ weight + bias, x

    def _backward(self, grad, x):
        weight, bias = self.parameters.values()
        require_same("grad", grad, (len(x), len(bias.value)), x.dtype)
        weight.grad, bias.grad = x.T @ grad, grad.sum(0)
        return grad @ weight.value.T


def _initial_std(init, n_in, n_out):
    if not isinstance(init, str):
        return require_number("init", init, low=0)
    if init not in INITIAL_STD:
        raise ValueError(
            f"init must be one of {sorted(INITIAL_STD)} or a standard deviation, got {init!r}"
        )
    return INITIAL_STD[init](n_in, n_out)


class BatchNorm(Layer):
    """Batch norm of ``(N, C, *S)``: by the batch in training, by running statistics in evaluation.

    Parameters
    ----------
    channels : int
        ``C``
    eps : float
        at least 0; unit: x squared
    update_rate : float or None
        weight of the newest batch in the running statistics; None for the average of all batches
    dtype : dtype
        float32 or float64
    """

    def __init__(
        self,
        channels: int,
        *,
        eps: float = 1e-5,
        update_rate: float | None = 0.1,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__()
        require_count("channels", channels)
        self.eps = require_number("eps", eps, low=0)
        if update_rate is not None:
            require_number("update_rate", update_rate, low=0, high=1)
        self.update_rate = update_rate
        self.running = RunningStatistics.start(channels, dtype)
        self.parameters = {
            "gamma": Parameter(np.ones(channels, dtype)),
            "beta": Parameter(np.zeros(channels, dtype)),
        }

    def _forward(self, x):
        gamma, beta = (p.value for p in self.parameters.values())
        require_array("x", x, min_ndim=2)
        require_same("x", x, (len(x), len(gamma), *x.shape[2:]), gamma.dtype)
        if not self.training:
            mean, var, _ = self.running
            y, cache = batch_norm_eval(x, mean, var, gamma, beta, eps=self.eps)
            return y, (batch_norm_eval_backward, cache)
        y, cache = batch_norm(x, gamma, beta, eps=self.eps)
        self.running = update_running(self.running, cache.moments, self.update_rate)
        return y, (batch_norm_backward, cache)

    def _backward(self, grad, cache):
        # The mode may have changed since forward: go back the way forward came.
        backward, norm_cache = cache
        gamma, beta = self.parameters.values()
        dx, gamma.grad, beta.grad = backward(grad, norm_cache)
        return dx
