"""Check a backward pass against finite differences of its forward pass."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from bncourse.scratch.arguments import require_number


class GradientCheck(NamedTuple):
    """Two values of one directional derivative, and how far they are apart."""

    analytic: float
    numeric: float
    relative_error: float


def check_gradient(
    forward: Callable[..., tuple[np.ndarray, Any]],
    backward: Callable[[np.ndarray, Any], np.ndarray | tuple[np.ndarray | None, ...]],
    *inputs: np.ndarray | None,
    rng: np.random.Generator,
    step: float = 1e-5,
    tolerance: float = 1e-6,
) -> list[GradientCheck | None]:
    """Compare a backward pass with finite differences along one random direction for each input.

    For random weights ``w`` and a random direction ``v``, the backward pass gives ``sum(dx * v)``
    with ``dx = backward(w, cache)``, and the central difference gives ``sum(w * (forward(x + step
    * v) - forward(x - step * v))) / (2 * step)``. One direction tests all elements of an input at
    once, so an error is weighed against the derivative along it as a whole: one that is smaller
    than ``tolerance`` times that is not seen. Keep the elements of an input at one scale.

    Parameters
    ----------
    forward : callable
        ``y, cache = forward(*inputs)``, without randomness
    backward : callable
        ``backward(grad, cache)`` returns the gradient of each input, a tuple if there are several
    *inputs : ndarray or None
        float64; None where an input is left out, then its gradient must be None too
    rng : numpy.random.Generator
        source of weights and directions
    step : float
        small against the scale on which ``forward`` bends; unit: that of the inputs
    tolerance : float
        largest relative error that passes; more than the rounding of float64, 2e-16

    Returns
    -------
    list of GradientCheck or None
        one for each input

    Raises
    ------
    AssertionError
        the two values differ; the message has both, the relative error and the input.
    TypeError
        an input is not float64: in float32 the difference is mostly rounding.
    ValueError
        ``backward`` returns another number of gradients, or another shape, than there are inputs,
        or ``step`` or ``tolerance`` is too small.
    """
    step = require_number("step", step, low=np.finfo(float).tiny)
    tolerance = require_number("tolerance", tolerance, low=np.finfo(float).eps)
    _require_float64(inputs)
    y, cache = forward(*inputs)
    weights = np.asarray(rng.standard_normal(np.shape(y)))
    grads = backward(weights, cache)
    grads = grads if isinstance(grads, tuple | list) else (grads,)
    _require_grads_fit(grads, inputs)
    return [
        None
        if grad is None
        else _check_one(forward, inputs, i, grad, weights, rng, step, tolerance)
        for i, grad in enumerate(grads)
    ]


def _check_one(forward, inputs, i, grad, weights, rng, step, tolerance):
    direction = rng.standard_normal(inputs[i].shape)
    moved = (np.asarray(inputs[i] + sign * step * direction) for sign in (1, -1))
    ahead, behind = (weights * forward(*inputs[:i], x, *inputs[i + 1 :])[0] for x in moved)
    analytic = float(np.sum(grad * direction))
    numeric = float(np.sum(ahead - behind) / (2 * step))
    # Differences of numbers this large carry this much rounding: below it, nothing to compare.
    rounding = 8 * np.finfo(float).eps * np.linalg.norm(ahead) / step
    scale = max(abs(analytic), abs(numeric), rounding / tolerance)
    error = abs(analytic - numeric) / scale if scale else 0.0
    # Written so that nan fails.
    if not error <= tolerance:
        raise AssertionError(
            f"input {i} of {len(inputs)}, shape {inputs[i].shape}: the backward pass gives "
            f"{analytic:.10g}, finite differences give {numeric:.10g}, "
            f"relative error {error:.2g} > tolerance {tolerance:.2g}"
        )
    return GradientCheck(analytic, numeric, error)


def _require_float64(inputs):
    for i, x in enumerate(inputs):
        if x is not None and getattr(x, "dtype", None) != np.float64:
            raise TypeError(
                f"input {i} must be a float64 array, got {getattr(x, 'dtype', type(x).__name__)}: "
                "convert it with .astype(np.float64), float32 rounds too much for differences"
            )


def _require_grads_fit(grads, inputs):
    grad_shapes, shapes = ([None if a is None else a.shape for a in s] for s in (grads, inputs))
    if grad_shapes != shapes:
        raise ValueError(
            f"backward must return one gradient for each input, in its shape {shapes}, "
            f"got {grad_shapes}"
        )
