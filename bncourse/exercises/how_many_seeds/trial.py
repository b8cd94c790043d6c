"""How many seeds an interval of a wanted width takes."""

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("seeds",),
    cases=(
        Case("half", (0.5, 36, 0.25)),
        Case("third", (0.75, 10, 0.26)),
        Case("slightly", (0.625, 12, 0.5)),
        Case("tenth", (1.3, 21, 0.131)),
        Case("wider", (0.25, 40, 0.4)),
        Case("nearest", (0.7, 10, 0.3)),
    ),
)
