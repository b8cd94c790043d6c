"""How many seeds an interval of a wanted width takes."""

from bncourse.checker.exercise import Probe, Trial

TRIAL = Trial(
    outputs=("seeds",),
    probes=(
        Probe("half", (0.5, 36, 0.25)),
        Probe("third", (0.75, 10, 0.26)),
        Probe("slightly", (0.625, 12, 0.5)),
        Probe("tenth", (1.3, 21, 0.131)),
        Probe("wider", (0.25, 40, 0.4)),
        Probe("nearest", (0.7, 10, 0.3)),
    ),
)
