"""The standard deviation of initial weights by the rules of Xavier and He."""

from bncourse.checker.exercise import Probe, Trial

TRIAL = Trial(
    outputs=("std",),
    probes=(
        Probe("linear", (3, 5, "linear")),
        Probe("tanh", (12, 4, "tanh")),
        Probe("relu", (6, 15, "relu")),
        Probe("narrowing-relu", (50, 7, "relu")),
        Probe("widening-tanh", (5, 40, "tanh")),
        Probe("narrowing-linear", (100, 11, "linear")),
    ),
)
