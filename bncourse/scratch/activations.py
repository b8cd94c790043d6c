"""Activation functions as layers."""

import numpy as np

from bncourse.scratch.arguments import require_array
from bncourse.scratch.layers import Layer


class ReLU(Layer):
    """Rectifier ``y = max(x, 0)``."""

    def _forward(self, x):
        require_array("x", x)
        return np.maximum(x, 0), x > 0

    def _backward(self, grad, positive):
        return grad * positive


class Sigmoid(Layer):
    """Logistic function ``y = 1 / (1 + exp(-x))``; its slope ``y * (1 - y)`` is at most 1/4."""

    def _forward(self, x):
        require_array("x", x)
        # exp(-x) overflows for very negative x; tanh does not, and is the same function rescaled.
        y = 0.5 * np.tanh(0.5 * x) + 0.5
        return y, y

    def _backward(self, grad, y):
        return grad * (y * (1 - y))


class Tanh(Layer):
    """Hyperbolic tangent ``y = tanh(x)``; its slope ``1 - y**2`` is at most 1."""

    def _forward(self, x):
        require_array("x", x)
        y = np.tanh(x)
        return y, y

    def _backward(self, grad, y):
        return grad * (1 - y * y)
