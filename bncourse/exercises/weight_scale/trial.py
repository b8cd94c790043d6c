"""The standard deviation of initial weights by the rules of Xavier and He."""

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("std",),
    cases=(
        Case("linear", (3, 5, "linear")),
        Case("tanh", (12, 4, "tanh")),
        Case("relu", (6, 15, "relu")),
        Case("narrowing-relu", (50, 7, "relu")),
        Case("widening-tanh", (5, 40, "tanh")),
        Case("narrowing-linear", (100, 11, "linear")),
    ),
)
