"""Five norms of images as five choices of what shares its statistics."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def images(*shape, seed, scale=3.0, mean=2.0):
    """Return images, (N, C, H, W): each channel of each has a mean and a spread of its own."""
    rng = np.random.default_rng(seed)
    spread = rng.uniform(0.5, 2, (shape[0], shape[1], 1, 1))
    return mean + scale * spread * rng.normal(size=shape) + rng.normal(size=spread.shape)


def observe(answer, x, norm, groups, eps=1e-5):
    """Return what comes for one norm, and nothing for the others, so that each is judged alone."""
    y = answer(x, norm, groups, eps)
    return None if y is None else dict.fromkeys(OUTPUTS, np.empty(0)) | {f"{norm} norm": y}


OUTPUTS = ("batch norm", "layer norm", "instance norm", "rms norm", "group norm")
PALE = 1e-3 * images(2, 4, 2, 2, seed=7)
IN_32_BITS = images(2, 4, 2, 2, seed=13).astype(np.float32)
FAR = images(2, 4, 2, 2, seed=14, scale=0.5, mean=1e8)

TRIAL = Trial(
    outputs=OUTPUTS,
    observe=observe,
    arguments=("x", "norm", "groups", "eps"),
    cases=(
        Case("batch", (images(2, 2, 1, 3, seed=1), "batch", 2)),
        Case("layer", (images(2, 2, 1, 3, seed=2), "layer", 2)),
        Case("instance", (images(2, 2, 2, 3, seed=3), "instance", 2)),
        Case("rms", (images(2, 2, 1, 3, seed=4), "rms", 2)),
        Case("group", (images(2, 6, 2, 3, seed=5), "group", 3)),
        Case("group-of-four", (images(3, 8, 2, 2, seed=6), "group", 2)),
        Case("pale", (PALE, "layer", 2)),
        Case("pale-rms", (PALE, "rms", 2)),
        Case("large-eps", (images(2, 4, 2, 2, seed=9), "batch", 2, 0.5)),
        Case("large-eps-rms", (images(2, 4, 2, 2, seed=10), "rms", 2, 0.5)),
        Case("one-pixel", (images(3, 4, 1, 1, seed=11), "instance", 2)),
        Case("square", (images(3, 3, 3, 3, seed=12), "batch", 3)),
        Case("float32", (IN_32_BITS, "group", 2), tolerance=1e-4),
        Case("far", (FAR, "layer", 2), tolerance=1e-3),
    ),
)
