"""Five norms of images as five choices of what shares its statistics."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.standardizing import standardize

# How (N, C) is cut into three axes, and which of (N, first, second, H, W) are pooled: the first is
# right.
GROUPINGS = {
    "blocks": lambda count, groups, size: (count, groups, size, (2, 3, 4)),
    "blocks-of-size": lambda count, groups, size: (count, size, groups, (2, 3, 4)),
    "strided": lambda count, groups, size: (count, size, groups, (1, 3, 4)),
    "across-groups": lambda count, groups, size: (count, groups, size, (1, 3, 4)),
    "two": lambda count, groups, size: (count, 2, groups * size // 2, (2, 3, 4)),
    "one": lambda count, groups, size: (count, 1, groups * size, (2, 3, 4)),
    "each-channel": lambda count, groups, size: (count, groups * size, 1, (2, 3, 4)),
    "across-samples": lambda count, groups, size: (count, groups, size, (0, 2, 3, 4)),
    "rows-of-everything": lambda count, groups, size: (1, groups, count * size, (2, 3, 4)),
    "per-pixel": lambda count, groups, size: (count, groups, size, (2,)),
}
# What RMS norm subtracts and divides by: the first is right.
RMS = {
    "mean-square": {"centre": 0, "variance": "second-moment"},
    "centred": {"centre": 1, "variance": "mean"},
    "deviation": {"centre": 0, "variance": "mean"},
    "numerator-centred": {"centre": 1, "variance": "second-moment"},
    "length": {"centre": 0, "variance": "sum-about-zero"},
}


def normalize(
    x,
    norm,
    groups,
    eps=1e-5,
    *,
    fixed_eps=None,
    always=None,
    channels=1,
    rms=(1, 2, 3),
    rms_of="mean-square",
    rms_spread=None,
    spread="root",
    rms_ddof=0,
    **switches,
):
    """Return one of five norms of `x`, (N, C, H, W); the switches make it wrong."""
    norm, eps = always or norm, eps if fixed_eps is None else fixed_eps
    x = np.moveaxis(x, channels, 1)
    if norm == "rms":
        y = standardize(x, rms, eps, ddof=rms_ddof, spread=rms_spread or spread, **RMS[rms_of])
    else:
        y = _centred(x, norm, groups, eps, spread=spread, **switches)
    return y if y.ndim > 4 else np.moveaxis(y, 1, channels)


def _centred(
    x,
    norm,
    groups,
    eps,
    *,
    batch=(0, 2, 3),
    layer=(1, 2, 3),
    instance=(2, 3),
    grouping="blocks",
    view_returned=False,
    **switches,
):
    if norm != "group":
        axes = {"batch": batch, "layer": layer, "instance": instance}[norm]
        return standardize(x, axes, eps, **switches)
    count, channels, *positions = x.shape
    *cut, axes = GROUPINGS[grouping](count, groups, channels // groups)
    view = x.reshape(*cut, *positions)
    y = standardize(view, axes, eps, **switches)
    return y if view_returned else y.reshape(x.shape)


def _images(*shape, seed, scale=3.0, mean=2.0):
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.5, 2, (shape[0], shape[1], 1, 1))
    return mean + scale * spread * rng.normal(size=shape) + rng.normal(size=spread.shape)


PALE = 1e-3 * _images(2, 4, 2, 2, seed=7)

EXERCISE = function_exercise(
    normalize,
    outputs=("y",),
    probes=(
        Probe("batch", (_images(2, 2, 1, 3, seed=1), "batch", 2)),
        Probe("layer", (_images(2, 2, 1, 3, seed=2), "layer", 2)),
        Probe("instance", (_images(2, 2, 2, 3, seed=3), "instance", 2)),
        Probe("rms", (_images(2, 2, 1, 3, seed=4), "rms", 2)),
        Probe("group", (_images(2, 6, 2, 3, seed=5), "group", 3)),
        Probe("group-of-four", (_images(3, 8, 2, 2, seed=6), "group", 2)),
        Probe("pale", (PALE, "layer", 2)),
        Probe("pale-rms", (PALE, "rms", 2)),
        Probe("large-eps", (_images(2, 4, 2, 2, seed=9), "batch", 2, 0.5)),
        Probe("large-eps-rms", (_images(2, 4, 2, 2, seed=10), "rms", 2, 0.5)),
        Probe("one-pixel", (_images(3, 4, 1, 1, seed=11), "instance", 2)),
        Probe("square", (_images(3, 3, 3, 3, seed=12), "batch", 3)),
        Probe(
            "float32",
            (_images(2, 4, 2, 2, seed=13).astype(np.float32), "group", 2),
            tolerance=1e-4,
        ),
        Probe(
            "far",
            (_images(2, 4, 2, 2, seed=14, scale=0.5, mean=1e8), "layer", 2),
            tolerance=1e-3,
            rounding="one-pass-variance",
        ),
    ),
)
