"""Measure networks at the start, for the explorable `layers`, and store what it draws.

The networks are those of the chapters on vanishing gradients and on very deep networks: digits,
hidden layers of 64 units, weights that are random numbers, biases 0. Of each of 20 seeds one is
measured, and of each quantity the median, the smallest and the largest value are stored.
"""

import json
import sys
from itertools import product
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bncourse.data import digits
from bncourse.scratch import BatchNorm, Linear, ReLU, Sequential, Sigmoid, Tanh, backpropagate
from bncourse.scratch.layers import Layer

FILE = Path(__file__).parents[1] / "_static" / "explorables" / "layers-data.js"
START = "explorables.measured = "  # the file is a script, so that it loads from a disk, too
WIDTH, IMAGES, SEEDS = 64, 128, range(20)
DEPTHS = (4, 8, 16, 32)
CHOICES = {
    "activation": {"sigmoid": Sigmoid, "tanh": Tanh, "relu": ReLU},
    "weights": {  # their standard deviation
        "naive": (3 * WIDTH) ** -0.5,
        "xavier": WIDTH**-0.5,
        "he": (2 / WIDTH) ** 0.5,
    },
    "norm": {"none": False, "batch": True},
    "skips": {"none": None, "post": "post", "pre": "pre"},
}
SMALLEST = 1e-10  # differences in parts of the outputs: below, rounding is a part of them
STORED = {  # what is rounded to a whole number
    "size": lambda values: 100 * np.log10(values),
    "difference": lambda values: 100 * np.log10(values),
    "classes": lambda values: 1000 * values,
    "gradient": lambda values: 100 * np.log10(values),
}


class Noted(Layer):
    """The identity, which keeps what passes it forwards and backwards."""

    def _forward(self, x):
        self.output = x
        return x, ()

    def _backward(self, grad, _):
        self.grad = grad
        return grad


class Skip(Layer):
    """A branch, to whose output its input is added: ``x + branch(x)``."""

    def __init__(self, *branch):
        super().__init__()
        self.branch = Sequential(*branch)

    def _forward(self, x):
        return x + self.branch.forward(x), ()

    def _backward(self, grad, _):
        return grad + self.branch.backward(grad)


class Network:
    """A network with hidden layers of one kind, and places where it is looked at.

    Parameters
    ----------
    depth : int
        hidden layers
    activation, weights, norm, skips : str
        keys of ``CHOICES``; the blocks are those of ``bncourse.experiments``
    rng : numpy.random.Generator
        source of the weights, layer by layer: so a deeper network begins as a shallower one
    """

    def __init__(self, depth, activation, weights, norm, skips, rng):
        chosen = {"activation": activation, "weights": weights, "norm": norm, "skips": skips}
        self.chosen = {name: CHOICES[name][key] for name, key in chosen.items()}
        self.rng, self.linears, self.ends = rng, [], []
        layers = [layer for number in range(depth) for layer in self._hidden(number)]
        if self.chosen["skips"] == "pre":
            layers += self._bend()
        self.all = Sequential(*layers, self._linear(10))

    def _hidden(self, number):
        """Return the layers of one hidden layer, and note where it ends."""
        skips = self.chosen["skips"]
        if skips == "pre":
            layers = [self._mix()] if number == 0 else [Skip(*self._bend(), self._mix())]
        elif skips == "post" and number > 0:
            layers = [Skip(self._mix(), *self._norm()), self.chosen["activation"]()]
        else:
            layers = [self._mix(), *self._bend()]
        self.ends.append(Noted())
        return [*layers, self.ends[-1]]

    def _mix(self):
        """Return a linear map, and note where its output is."""
        self.linears.append(Noted())
        return Sequential(self._linear(WIDTH), self.linears[-1])

    def _bend(self):
        return [*self._norm(), self.chosen["activation"]()]

    def _norm(self):
        return [BatchNorm(WIDTH, dtype=np.float64)] if self.chosen["norm"] else []

    def _linear(self, n_out):
        return Linear(WIDTH, n_out, rng=self.rng, init=self.chosen["weights"], dtype=np.float64)


def measured(network, images, labels):
    """Return what is measured in each hidden layer, for one batch.

    Parameters
    ----------
    network : Network
        before any training
    images : ndarray, (N, 64)
        the batch
    labels : ndarray of int, (N,)
        their classes

    Returns
    -------
    dict of str to ndarray, (depth,)
        ``size``, the root mean square of a layer's outputs; ``difference``, their standard
        deviation over the images as a part of it; ``classes``, the part of their variance that
        lies between classes; ``gradient``, the norm of dL/dz, z being what its linear map gives
    """
    backpropagate(network.all, images, labels)
    outputs = [end.output for end in network.ends]
    size = [np.sqrt(np.mean(output**2)) for output in outputs]
    spread = [np.sqrt(output.var(axis=0).mean()) for output in outputs]
    difference = np.divide(spread, size)
    told_apart = difference > SMALLEST
    classes = [class_share(output, labels) for output in outputs]
    return {
        "size": np.array(size),
        "difference": np.where(told_apart, difference, np.nan),
        "classes": np.where(told_apart, classes, np.nan),
        "gradient": np.array([np.linalg.norm(linear.grad) for linear in network.linears]),
    }


def class_share(outputs, labels):
    """Return the part of the variance of outputs (N, C) between classes, unbiased.

    That of ``bncourse.experiments.probes.class_share``: 1 where the images of a class give the
    same, 0 on average where the labels say nothing about the outputs.
    """
    kinds, number = np.unique(labels, return_inverse=True)
    means = np.stack([outputs[labels == kind].mean(axis=0) for kind in kinds])
    within = ((outputs - means[number]) ** 2).sum() / (len(outputs) - len(kinds))
    whole = ((outputs - outputs.mean(axis=0)) ** 2).sum() / (len(outputs) - 1)
    return 1 - within / whole if whole else np.nan


def batch(seed):
    """Return the images and labels of one seed."""
    data = digits(seed, dtype=np.float64)
    return data.x_train[:IMAGES], data.y_train[:IMAGES]


def over_seeds(choice, depth, batches):
    """Return for each quantity the median, the smallest and the largest value, layer by layer."""
    runs = [
        measured(Network(depth, *choice, np.random.default_rng(seed)), *batches[seed])
        for seed in batches
    ]
    return {name: _stored(name, np.array([run[name] for run in runs])) for name in STORED}


def _stored(name, values):
    """Return whole numbers, and None where a seed has none."""
    rows = np.median(values, 0), values.min(0), values.max(0)
    return [[None if np.isnan(v) else round(float(v)) for v in STORED[name](row)] for row in rows]


def entry(choice, batches):
    """Return what is stored of one kind of network: forwards of the deepest, backwards of each."""
    found = {depth: over_seeds(choice, depth, batches) for depth in DEPTHS}
    forwards = {name: found[DEPTHS[-1]][name] for name in STORED if name != "gradient"}
    return forwards | {"gradient": {str(d): found[d]["gradient"] for d in DEPTHS}}


def load():
    """Return what is stored."""
    return json.loads(FILE.read_text("utf-8").removeprefix(START).rstrip().removesuffix(";"))


def main():
    """Measure all, and store it."""
    batches = {seed: batch(seed) for seed in SEEDS}
    choices = list(product(*CHOICES.values()))
    networks = {" ".join(c): entry(c, batches) for c in tqdm(choices, disable=None)}
    stored = {"seeds": len(SEEDS), "depths": DEPTHS, "networks": networks}
    FILE.write_text(f"{START}{json.dumps(stored, separators=(',', ':'))};\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
