"""Activation functions as layers."""

import numpy as np

from bncourse.scratch.arguments import require_array, require_same
from bncourse.scratch.layers import Layer


class Activation(Layer):
    """A function of each element alone.

    A subclass defines ``_curve(x)``, which returns the function's values and its slopes.
    """

    def _forward(self, x):
        require_array("x", x)
        return self._curve(x)  # pyrefly: ignore[missing-attribute]

    def _backward(self, grad, slope):
        require_same("grad", grad, slope.shape, slope.dtype)
        return grad * slope


class ReLU(Activation):
    """Rectifier ``y = max(x, 0)``; its slope is 1 where ``x > 0`` and 0 elsewhere."""

    def _curve(self, x):
        return np.maximum(x, 0), (x > 0).astype(x.dtype)


class Sigmoid(Activation):
    """Logistic function ``y = 1 / (1 + exp(-x))``; its slope ``y * (1 - y)`` is at most 1/4."""

    def _curve(self, x):
        # exp(-x) overflows for very negative x; tanh does not, and is the same function rescaled.
        y = 0.5 * np.tanh(0.5 * x) + 0.5
        return y, y * (1 - y)


class Tanh(Activation):
    """Hyperbolic tangent ``y = tanh(x)``; its slope ``1 - y**2`` is at most 1."""

    def _curve(self, x):
        y = np.tanh(x)
        return y, 1 - y * y
