"""Inputs on which mistakes show."""

import numpy as np
import pytest


@pytest.fixture
def rng():
    return np.random.default_rng(2015)


@pytest.fixture
def hard(rng):
    """Return a maker of inputs: not centred, one channel with var near eps, one far off."""

    def make(shape, dtype=np.float64):
        x = 3 + 2 * rng.standard_normal(shape)
        x[:, 0] = 1 + np.sqrt(1e-5) * rng.standard_normal(x[:, 0].shape)
        x[:, 1] += 1000
        return x.astype(dtype)

    return make
