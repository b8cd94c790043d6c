"""How many layers it takes until little is left of the gradient."""

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("layers",),
    cases=(
        Case("tanh", (0.95, 0.1)),
        Case("half", (0.5, 0.25)),
        Case("relu", (0.4, 1e-3)),
        Case("sigmoid", (0.24, 1e-6)),
        Case("steep", (0.14, 0.1)),
        Case("one-step", (0.3, 0.5)),
    ),
)
