"""From a library's momentum to the update rate, and to how long the start is remembered."""

from bncourse.checker.exercise import Case, Trial

TRIAL = Trial(
    outputs=("update_rate", "steps"),
    # No power of what is kept, right or mistaken, comes near the share: rounding decides nothing.
    cases=(
        Case("pytorch", (0.1, "pytorch", 0.03)),
        Case("keras", (0.99, "keras", 0.015)),
        Case("flax", (0.93, "flax", 0.2)),
        Case("slow-pytorch", (0.003, "pytorch", 0.05)),
        Case("fast-keras", (0.3, "keras", 1e-4)),
        Case("half", (0.03, "pytorch", 0.5)),
        Case("very-slow", (0.9993, "keras", 0.003)),
    ),
)
