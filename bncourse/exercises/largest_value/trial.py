"""A batch in which one value stands out as far as any can."""

import numpy as np

from bncourse.checker.exercise import trial_of_numbers

LEAST = 5  # values


def what_stands_out(batch):
    """Return whether the batch is large enough, and how many values differ from the others.

    ``|x_hat| = sqrt(N - 1)`` is reached if and only if one value differs from all others, and these
    are equal: of all numbers that sum to -d, equal ones have the smallest sum of squares.
    """
    x = np.asarray(batch, dtype=float)
    x = x[:, 0] if x.ndim == 2 and x.shape[1] == 1 else x
    if x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError(f"a batch of one feature is a list of finite numbers, got {batch!r}")
    rounding = 1e-12 * np.ptp(x) + 1e-15 * np.abs(x).max()
    _, counts = np.unique(np.round((x - x.min()) / (rounding or 1)), return_counts=True)
    return {"large enough": float(len(x) >= LEAST), "values apart": min(len(x) - counts.max(), 2.0)}


TRIAL = trial_of_numbers(
    "large enough", "values apart", observe=what_stands_out, case="batch", tolerance=1e-7
)
