"""What weight decay takes away in a step, and how long the weights remember their length."""

from bncourse.checker.exercise import Probe, Trial

TRIAL = Trial(
    outputs=("share", "steps"),
    probes=(
        Probe("chapter", (0.5, 0.01)),
        Probe("other", (0.8, 0.004)),
        Probe("slow", (0.1, 5e-4)),
        Probe("small-rate", (0.05, 0.01)),
    ),
    tolerance=0.01,
)
