"""Right in training mode, right in evaluation mode, and the company: of a small network."""

import numpy as np

from bncourse.checker.exercise import Case, Trial

RATE = 0.5  # of the running statistics: one call in training mode shows


class Network:
    """Batch norm and a linear layer, with running statistics that a call in training mode moves."""

    def __init__(self, weight, mean, var, leaks=False):
        self.weight, self.mean, self.var, self.leaks = weight, mean, var, leaks

    def clone(self):
        """Return a network that can be moved without moving this one."""
        return Network(self.weight, self.mean, self.var, self.leaks)

    def __repr__(self):
        """Return what a check shows of a network."""
        means, variances = self.mean.round(2), self.var.round(2)
        return f"a network with the running means {means} and variances {variances}"

    def __call__(self, x, training):
        """Return the scores of a batch, one row a sample."""
        mean, var = self.mean, self.var
        if training or self.leaks:
            mean, var = x.mean(axis=0), x.var(axis=0)
        if training:
            self.mean = (1 - RATE) * self.mean + RATE * mean
            self.var = (1 - RATE) * self.var + RATE * var
        return (x - mean) / np.sqrt(var + 1e-5) @ self.weight


def given(samples, classes, seed, mean=None, var=None, right=1.0, **look):
    """Return a network, samples of so many classes, and labels that it gets right to a share."""
    rng = np.random.default_rng(seed)
    x = np.arange(1, classes + 1) * (3 + rng.normal(size=(samples, classes)))
    scores = (x - x.mean(axis=0)) / x.std(axis=0)
    labels = scores.argmax(axis=1)
    wrong = rng.permutation(samples)[round(right * samples) :]
    labels[wrong] = (labels[wrong] + 1) % classes
    mean = x.mean(axis=0) if mean is None else np.full(classes, mean)
    var = x.var(axis=0) if var is None else np.full(classes, var)
    return Network(np.eye(classes), mean, var, **look), x, labels


TRIAL = Trial(
    outputs=("trained", "evaluated", "company"),
    cases=(
        Case("healthy", given(8, 3, seed=1, right=0.875)),
        Case("lost", given(10, 4, seed=2, mean=0.0, var=1.0, right=0.9)),
        Case("lagging", given(12, 3, seed=3, mean=2.0, var=4.0)),
        Case("poor", given(10, 3, seed=4, right=0.3)),
        Case("leaking", given(9, 3, seed=5, mean=1.0, leaks=True, right=0.8)),
        Case("leaking-and-lost", given(7, 3, seed=6, mean=0.0, var=1.0, leaks=True)),
    ),
)
