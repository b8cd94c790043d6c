"""What weight decay takes away in a step, and how long the weights remember their length."""

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("share", "steps"),
    cases=(
        Case("chapter", (0.5, 0.01)),
        Case("other", (0.8, 0.004)),
        Case("slow", (0.1, 5e-4)),
        Case("small-rate", (0.05, 0.01)),
    ),
    tolerance=0.01,
)
