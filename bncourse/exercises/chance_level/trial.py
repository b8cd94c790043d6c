"""How much the accuracy of guessing scatters."""

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("spread",),
    cases=(
        Case("ten", (1000, 10)),
        Case("two", (50, 2)),
        Case("five", (7, 5)),
        Case("hundred", (500, 100)),
        Case("three", (300, 3)),
    ),
    tolerance=1e-3,
)
