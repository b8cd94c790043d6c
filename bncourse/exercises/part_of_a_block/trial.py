"""Which part of the stream each block of a residual network has added, before the first step."""

from bncourse.checker.exercise import Probe, Trial

TRIAL = Trial(
    outputs=("parts",),
    probes=(Probe("two", (2,)), Probe("three", (3,)), Probe("twenty", (20,))),
)
