"""How much the accuracy of guessing scatters."""

from bncourse.checker.exercise import Probe, Trial

TRIAL = Trial(
    outputs=("spread",),
    probes=(
        Probe("ten", (1000, 10)),
        Probe("two", (50, 2)),
        Probe("five", (7, 5)),
        Probe("hundred", (500, 100)),
        Probe("three", (300, 3)),
    ),
    tolerance=1e-3,
)
