"""Choose the best of several rates from scores that are uncertain.

The largest mean is a matter of luck where neighbours are about equal. A parabola over the logarithm
of the rate, through the rates near the best one, is steadier: ``tuning.tuned`` has the comparison.
"""

import numpy as np

REACH = 2.5  # standard errors: as much worse, a rate weighs 0.6 of the best one; 0.14 at twice that
APART = 2  # standard errors by which rates are told apart


def choice(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the chosen rate, and which rates cannot be told from the best.

    Parameters
    ----------
    scores : ndarray, (..., rate, seed)
        finite, larger is better, paired by seed

    Returns
    -------
    chosen : ndarray of int, (...)
    plateau : ndarray of bool, (..., rate)
        from the chosen rate to the best one, and on until one is worse by two standard errors
    """
    places = np.arange(scores.shape[-2])
    mean = scores.mean(-1)
    best = mean.argmax(-1)[..., None]
    behind = np.take_along_axis(scores, best[..., None], -2) - scores
    worse, error = _mean_and_error(behind, places == best)
    chosen = _top_of_parabola(worse, error, places - best)[..., None]
    out = worse > APART * error
    low, high = np.minimum(best, chosen), np.maximum(best, chosen)
    below = np.where(out & (places < low), places, -1).max(-1, keepdims=True)
    above = np.where(out & (places > high), places, places.size).min(-1, keepdims=True)
    plateau = (places > below) & (places < above)
    middle = (places.size - 1) // 2
    return np.where(plateau.all(-1), middle, chosen[..., 0]), plateau


def _mean_and_error(behind, is_best):
    """Return by how much each rate is worse than the best, and the standard error, never 0."""
    worse = behind.mean(-1)
    error = behind.std(-1, ddof=1) / np.sqrt(behind.shape[-1])
    error = np.maximum(error, 1e-6 * np.abs(behind).max((-1, -2))[..., None] + 1e-300)
    smallest = np.where(is_best, np.inf, error).min(-1, keepdims=True)
    return worse, np.where(is_best, smallest, error)


def _top_of_parabola(worse, error, steps):
    """Return the number of the rate at which the weighted parabola is largest; ties: the middle."""
    weight = np.exp(-0.5 * (worse / error / REACH) ** 2)
    weight = weight * (error.min(-1, keepdims=True) / error) ** 2
    powers = np.stack([steps**0.0, steps, steps**2], -1)
    moments = np.einsum("...r,...ri,...rj->...ij", weight, powers, powers)
    moments = moments + np.diag([1e-9, 1e-6, 1e-6])  # where fewer than three rates have a weight
    right = np.einsum("...r,...ri->...i", weight * -worse, powers)
    fit = (powers @ np.linalg.solve(moments, right[..., None]))[..., 0]
    fit = np.where(weight > 0.05, fit, -np.inf)
    top = fit >= fit.max(-1, keepdims=True) - 1e-3 * error.min(-1, keepdims=True)
    first, last = top.argmax(-1), top.shape[-1] - 1 - top[..., ::-1].argmax(-1)
    return (first + last) // 2
