"""Batch normalization of a batch of images, in training."""

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant
from bncourse.exercises.materials.standardizing import AFFINE, standardize


def _kept(x):
    return x


def _cut_into_rows(x):
    n, c, h, w = x.shape
    return x.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def _put_together(y):
    n, c, h, w = y.shape
    return y.transpose(0, 2, 3, 1).reshape(n, c, h, w)


def _channels_last(y):
    return y.transpose(0, 2, 3, 1)


def _cut_into_channels(x):
    n, c, h, w = x.shape
    return x.reshape(c, n, h, w).transpose(1, 0, 2, 3)


def _join_channels(y):
    return y.transpose(1, 0, 2, 3).reshape(y.shape)


def _moved_on(y):
    return y.transpose(0, 2, 3, 1).transpose(0, 2, 3, 1)


def _turned(y):
    return y.transpose(0, 1, 3, 2)


# How the axes are arranged for the computation, and how the result is arranged after it.
ARRANGEMENTS = {
    "kept": (_kept, _kept),
    "reshaped-for-transposed": (_cut_into_rows, _put_together),
    "reshaped-to-channel-rows": (_cut_into_channels, _join_channels),
    "moved-on": (_kept, _moved_on),
    "turned": (_kept, _turned),
    "reshaped-back": (_kept, _put_together),
    "left-last": (_kept, _channels_last),
}


def batch_norm_images(
    x,
    gamma,
    beta,
    eps=1e-5,
    *,
    axes=(0, 2, 3),
    along=1,
    beta_along=None,
    fixed_eps=None,
    affine="both",
    arranged="kept",
    count="all",
    **switches,
):
    """Return batch norm of `x`, (N, C, H, W); the switches make it wrong."""
    arrange, put_back = ARRANGEMENTS[arranged]
    eps = eps if fixed_eps is None else fixed_eps
    too_large = x[0, 0].size if count == "images" else 1
    x_hat = standardize(arrange(x), axes, eps, too_large=too_large, **switches)
    gamma, beta = _lying(gamma, along), _lying(beta, along if beta_along is None else beta_along)
    return put_back(AFFINE[affine](x_hat, gamma, beta))


def _lying(parameter, along):
    return parameter.reshape([-1 if axis == along else 1 for axis in range(4)])


EXERCISE = function_exercise(
    batch_norm_images,
    outputs=("y",),
    probes=(
        Probe("pictures", batch(2, 3, 2, 4, seed=11)),
        Probe("all-two", batch(2, 2, 2, 2, seed=12)),
        Probe("large-eps", (*batch(3, 2, 2, 1, seed=13), 0.5)),
        Probe("constant", nearly_constant(2, 3, 2, 2, seed=14)),
        Probe("one-pixel", batch(4, 2, 1, 1, seed=15)),
        Probe("one-picture", batch(1, 2, 3, 2, seed=16)),
        Probe("float32", in_32_bits(batch(3, 2, 2, 3, seed=17)), tolerance=1e-4),
        Probe(
            "far",
            batch(3, 2, 2, 2, seed=18, scale=0.5, mean=1e8),
            tolerance=1e-3,
            rounding="one-pass-variance",
        ),
    ),
)
