"""How many layers it takes until little is left of the gradient."""

from bncourse.checker.exercise import Probe, Trial

TRIAL = Trial(
    outputs=("layers",),
    probes=(
        Probe("tanh", (0.95, 0.1)),
        Probe("half", (0.5, 0.25)),
        Probe("relu", (0.4, 1e-3)),
        Probe("sigmoid", (0.24, 1e-6)),
        Probe("steep", (0.14, 0.1)),
        Probe("one-step", (0.3, 0.5)),
    ),
)
