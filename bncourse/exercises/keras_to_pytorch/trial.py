"""The numbers of a trained batch norm of Keras, as PyTorch would have stored them."""

import numpy as np

from bncourse.checker.exercise import Case, Trial


def trained(features, seed, count, momentum=0.99, epsilon=1e-3, scale=True):
    """Return gamma, beta, moving mean and variance, momentum, epsilon, and values of a channel."""
    rng = np.random.default_rng(seed)
    gamma = rng.uniform(0.5, 2, features) if scale else None
    beta, mean = rng.normal(size=(2, features))
    return gamma, beta, 2 + mean, rng.uniform(0.2, 3, features), momentum, epsilon, count


TRIAL = Trial(
    outputs=("weight", "bias", "running_mean", "running_var", "momentum", "eps"),
    arguments=("gamma", "beta", "mean", "var", "momentum", "epsilon", "count"),
    cases=(
        Case("defaults", trained(2, seed=71, count=4)),
        Case("fast", trained(3, seed=72, count=8, momentum=0.8, epsilon=0.02)),
        Case("single", trained(1, seed=73, count=3, momentum=0.7, epsilon=1e-4)),
        Case("without-gamma", trained(3, seed=74, count=5, momentum=0.95, scale=False)),
    ),
)
