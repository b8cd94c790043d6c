"""Standardizing with switches, for all exercises in which something is standardized."""

import numpy as np

# The number that each deviation is divided by, from the variance: the first is right.
SPREADS = {
    "root": lambda var, eps: np.sqrt(var + eps),
    "root-without-eps": lambda var, eps: np.sqrt(var),
    "eps-outside": lambda var, eps: np.sqrt(var) + eps,
    "variance": lambda var, eps: var + eps,
    "eps-as-floor": lambda var, eps: np.sqrt(np.maximum(var, eps)),
    "eps-as-floor-of-root": lambda var, eps: np.maximum(np.sqrt(var), eps),
    "eps-squared": lambda var, eps: np.sqrt(var + eps**2),
    "eps-added-to-inverse": lambda var, eps: 1 / (1 / np.sqrt(var) + eps),
    "one-for-zero": lambda var, eps: np.sqrt(np.where(var == 0, 1, var)),
    "inverse": lambda var, eps: 1 / np.sqrt(var + eps),
    "one": lambda var, eps: np.ones_like(var),
}
CENTRES = {"mean": np.mean, "median": np.median}
# The variance, or what was taken for it, from the values and their deviations from the mean.
VARIANCES = {
    "mean": lambda x, deviation, axes: (deviation**2).mean(axes, keepdims=True),
    "sum": lambda x, deviation, axes: (deviation**2).sum(axes, keepdims=True),
    "second-moment": lambda x, deviation, axes: (x**2).mean(axes, keepdims=True),
    "sum-about-zero": lambda x, deviation, axes: (x**2).sum(axes, keepdims=True),
    "sum-over-samples": lambda x, deviation, axes: (deviation**2).sum(axes, keepdims=True) / len(x),
    "one": lambda x, deviation, axes: np.ones_like(x.mean(axes, keepdims=True)),
    "absolute": lambda x, deviation, axes: np.abs(deviation).mean(axes, keepdims=True) ** 2,
    "range": lambda x, deviation, axes: np.ptp(x, axes, keepdims=True) ** 2,
    "within-samples": lambda x, deviation, axes: x.var(tuple(range(2, x.ndim)), keepdims=True).mean(
        axes, keepdims=True
    ),
}


def moments(x, axes, *, ddof=0, variance="mean", too_large=1):
    """Return the mean over `axes`, and the variance, or what the switches make of them.

    `too_large` is the factor that both get from sums that are divided by too small a count.
    """
    mean = too_large * x.mean(axes, keepdims=True)
    var = too_large * VARIANCES[variance](x, x - mean, axes)
    count = x.size // mean.size
    if ddof:
        var = var * count / (count - ddof) if count > ddof else var * np.nan
    return mean, var


def standardize(
    x,
    axes,
    eps,
    *,
    spread="root",
    centre=1,
    centre_is="mean",
    centre_axes=None,
    brackets=True,
    moved=None,
    **switches,
):
    """Return ``(x - mean) / sqrt(var + eps)`` over `axes`, or what the switches make of it.

    `centre` is what the mean is multiplied by before it is subtracted: 0 leaves it in. `moved` is
    an axis of the moments, and where it is moved to. What is subtracted may be another centre than
    that of the variance. The other switches are those of `moments`.
    """
    mean, var = moments(x, axes, **switches)
    if centre_is != "mean" or centre_axes:
        mean = CENTRES[centre_is](x, centre_axes or axes, keepdims=True)
    if moved:
        mean, var = np.moveaxis(mean, *moved), np.moveaxis(var, *moved)
    spread = SPREADS[spread](var, eps)
    return (x - centre * mean) / spread if brackets else x - mean / spread


# What becomes of x_hat, gamma and beta: the first is right.
AFFINE = {
    "both": lambda x_hat, gamma, beta: gamma * x_hat + beta,
    "without-gamma": lambda x_hat, gamma, beta: x_hat + beta,
    "without-beta": lambda x_hat, gamma, beta: gamma * x_hat,
    "without-both": lambda x_hat, gamma, beta: x_hat,
    "swapped": lambda x_hat, gamma, beta: beta * x_hat + gamma,
    "beta-first": lambda x_hat, gamma, beta: gamma * (x_hat + beta),
    "beta-subtracted": lambda x_hat, gamma, beta: gamma * x_hat - beta,
    "gamma-absolute": lambda x_hat, gamma, beta: np.abs(gamma) * x_hat + beta,
    "gamma-plus-one": lambda x_hat, gamma, beta: (1 + gamma) * x_hat + beta,
    "first-of-each": lambda x_hat, gamma, beta: gamma.flat[0] * x_hat + beta.flat[0],
    "gamma-divides": lambda x_hat, gamma, beta: x_hat / gamma + beta,
}
