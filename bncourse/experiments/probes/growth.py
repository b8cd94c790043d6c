"""By which factor gradients grow from layer to layer on their way back, measured and in theory."""

import math

import numpy as np
from numpy.typing import ArrayLike

NODES = 64  # of each quadrature
LARGE = 1e12  # a batch as good as infinite: what it changes is below rounding


def growth_factor(norms: ArrayLike, *, skip: int = 1) -> np.ndarray:
    """Return the factor by which the squared gradient norm grows per layer, toward the input.

    ``exp(-b)``, where b is the slope of the straight line fitted to ``log(norm^2)`` over the number
    of the layer: above 1 gradients explode, below 1 they vanish.

    Parameters
    ----------
    norms : array_like, (..., layers)
        gradient norms in forward order, as from `gradient_norms`
    skip : int
        layers to leave out at each end: the last ones feel the head, the first ones the data

    Returns
    -------
    ndarray, (...)
        0, inf or nan where a norm is 0 or not finite

    Raises
    ------
    ValueError
        ``skip`` is negative, or leaves fewer than two layers.
    """
    norms = np.asarray(norms)
    layers = norms.shape[-1]
    if not 0 <= skip <= layers / 2 - 1:
        raise ValueError(
            f"skip={skip} at each end must leave two of the {layers} layers of norms to fit a line "
            "to: take a deeper network or a smaller skip"
        )
    place = np.arange(layers - 2 * skip) - (layers - 1) / 2 + skip
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = 2 * np.log(norms[..., skip : layers - skip])
        return np.exp(-(logs * place).sum(-1) / (place**2).sum())


def growth_in_theory(activation: str, batch: float = math.inf) -> float:
    r"""Return the growth factor of plain fully connected networks with batch norm, at the start.

    For wide networks with the norm before the activation phi, random weights of any scale, no
    dropout, and large batches it is

    .. math:: \frac{E[\varphi'(z)^2]}{\mathrm{Var}[\varphi(z)]}, \qquad z \sim N(0, 1).

    Why: (1) batch norm makes each unit's z standard normal over the batch. (2) The next linear map,
    with weights of variance ``s / width``, gives sums of variance ``s Var[phi(z)]`` over the batch:
    the means of its inputs are the same for all samples and do not count. (3) Batch norm divides
    the sums by the root of it, and so the squared gradient on its way back by ``s Var[phi(z)]``.
    (4) The linear map multiplies the squared gradient by s, and phi by ``E[phi'(z)^2]``. (5) s
    cancels: no scale of the weights helps.

    For the relu it is ``(1/2) / (1/2 - 1/(2 pi)) = pi / (pi - 1)`` (Yang et al. 2019, arXiv
    1902.08129). It is never below 1 (the Gaussian Poincaré inequality), and 1 only for a straight
    line.

    With B samples in a batch, z is uniform on a sphere: B numbers of mean 0 and mean square 1. In
    (3), ``1 / variance`` has a mean above 1 / mean, by (B - 1) / (B - 3), and batch norm takes two
    directions from the gradient, that of the constants and that of z. With
    ``phi_i = phi(z_i)`` for two samples of the same batch, the factor is

    .. math::
        \frac{(B - 1) E[\varphi_1'^2] + E[\varphi_1' \varphi_2'] - E[z_1^2 \varphi_1'^2]
        + E[z_1 \varphi_1' z_2 \varphi_2']}{(B - 3) (E[\varphi_1^2] - E[\varphi_1 \varphi_2])},

    which is (B - 2) / (B - 3) for a straight line. It holds where all samples of the batch are
    equally correlated, which deep relu networks bring about by themselves and nearly linear ones
    only slowly: on correlated data, these feel a batch smaller than it is. At four or five samples
    it is a mean over units of which few, with small variances, weigh most: it takes widths of
    thousands to measure it.

    Parameters
    ----------
    activation : str
        as in ``Config``
    batch : int or inf
        samples that share their statistics, at least 4

    Returns
    -------
    float
        factor of the squared norm of dL/dz per layer, toward the input

    Raises
    ------
    ValueError
        The activation is unknown, or ``batch`` is below 4.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
    if not batch >= 4:
        raise ValueError(f"batch must be at least 4, got {batch}: below, the mean is infinite")
    batch = min(batch, LARGE)
    z, weight = _pairs(batch)
    phi, slopes = ACTIVATIONS[activation](z)
    mean_square, product = _moments(phi, weight)
    slope_square, slope_product = _moments(slopes, weight)
    along_square, along_product = _moments(z * slopes, weight)
    small = (slope_product - slope_square - along_square + along_product) / batch
    return float((slope_square + small) / ((1 - 3 / batch) * (mean_square - product)))


def _moments(values, weight):
    """Return the mean of v1^2 and of v1 v2 for pairs of values (2, points)."""
    return (values[0] ** 2) @ weight, (values[0] * values[1]) @ weight


def _relu(z):
    return np.maximum(z, 0), (z > 0).astype(z.dtype)


def _tanh(z):
    phi = np.tanh(z)
    return phi, 1 - phi**2


def _sigmoid(z):
    phi = 1 / (1 + np.exp(-z))
    return phi, phi * (1 - phi)


def _gelu(z):
    below = np.vectorize(math.erfc)(-z / math.sqrt(2)) / 2  # of a standard normal number
    return z * below, below + z * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def _identity(z):
    return z, np.ones_like(z)


# The activations of ``Config``, in NumPy: theory needs no PyTorch. Each gives values and slopes.
ACTIVATIONS = {
    "relu": _relu,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "gelu": _gelu,
    "identity": _identity,
}


def _pairs(batch):
    """Return two samples of a normalized unit, (2, points), and the weights of the points.

    In polar coordinates: the angle is uniform. The squared radius is ``(B - 1) (1 - u)``, where
    ``u^((B - 3) / 2)`` is uniform, so that the logarithm of u has an exponential distribution.
    """
    correlation = -1 / (batch - 1)
    lean = math.sqrt(1 - correlation**2)
    nodes, radial = np.polynomial.laguerre.laggauss(NODES)
    radius = np.sqrt(-(batch - 1) * np.expm1(-2 * nodes / (batch - 3)))
    angle, angular = _angles(math.atan2(-correlation, lean))
    pair = np.stack([np.cos(angle), correlation * np.cos(angle) + lean * np.sin(angle)])
    return (radius[:, None] * pair[:, None]).reshape(2, -1), np.outer(radial, angular).ravel()


def _angles(zero):
    """Cut the circle where one of the samples is 0, at ``zero`` for the second: phi may kink."""
    cuts = np.array([-np.pi / 2, zero, np.pi / 2, zero + np.pi, 3 * np.pi / 2])
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    middle, half = (cuts[1:] + cuts[:-1]) / 2, np.diff(cuts) / 2
    angle = middle[:, None] + half[:, None] * nodes
    return angle.ravel(), np.outer(half, weights).ravel() / (2 * np.pi)
