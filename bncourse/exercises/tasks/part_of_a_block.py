"""Which part of the stream each block of a residual network has added, before the first step."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise

RULES = {
    "of-what-leaves": lambda n, blocks: 1 / (n + 1),
    "of-what-came-in": lambda n, blocks: 1 / n,
    "as-without-a-norm": lambda n, blocks: np.full(blocks, 0.5),
    "of-the-last-stream": lambda n, blocks: np.full(blocks, 1 / (blocks + 1)),
    "halving": lambda n, blocks: 0.5**n,
    "of-what-it-finds": lambda n, blocks: n / (n + 1),
}


def parts(blocks, *, rule="of-what-leaves", power=1.0):
    """Return the part of the variance that each block adds to what leaves it, (blocks,)."""
    return RULES[rule](np.arange(1, blocks + 1), blocks) ** power


EXERCISE = function_exercise(
    parts,
    outputs=("parts",),
    probes=(Probe("two", (2,)), Probe("three", (3,)), Probe("twenty", (20,))),
)
