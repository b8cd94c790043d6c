"""The backward pass of batch norm in training, with its parameters."""

import numpy as np

from bncourse.checker.exercise import Case, Trial
from bncourse.exercises.materials.batches import batch, given, in_32_bits


def hardly_varying(*shape, seed, eps=1e-3):
    """Return a batch, gamma, beta and eps; the first two features vary less than eps."""
    x, gamma, beta = batch(*shape, seed=seed)
    return np.array([1e-3, 1e-2, 1])[: shape[1]] * x, gamma, beta, eps


TRIAL = Trial(
    outputs=("dx", "dgamma", "dbeta"),
    cases=(
        Case("four", given(*batch(4, 2, seed=31))),
        Case("large-eps", given(*batch(5, 3, seed=32), 0.5)),
        Case("square", given(*batch(3, 3, seed=33))),
        Case("small", given(*hardly_varying(5, 3, seed=34))),
        Case("float32", given(*in_32_bits(batch(6, 2, seed=35))), tolerance=1e-3),
    ),
    properties=(
        ("dx-sums-to-zero", lambda out, given: np.allclose(out["dx"].sum(0), 0, atol=1e-6)),
    ),
)
