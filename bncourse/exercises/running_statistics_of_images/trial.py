"""One step of the running statistics, for a batch of images."""

import numpy as np

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch


def step(*shape, rate, seed):
    """Return a batch of images, running statistics, and the update rate."""
    x, *_ = batch(*shape, seed=seed)
    rng = np.random.default_rng(seed)
    return x, rng.normal(size=shape[1]), rng.uniform(1, 9, shape[1]), rate


TRIAL = Trial(
    outputs=("new_mean", "new_var"),
    cases=(
        Case("images", step(2, 3, 2, 4, rate=0.1, seed=91)),
        Case("square", step(3, 3, 3, 3, rate=0.3, seed=92)),
        Case("one-image", step(1, 2, 3, 2, rate=0.25, seed=93)),
        Case("whole", step(4, 2, 2, 2, rate=1.0, seed=94)),
    ),
)
