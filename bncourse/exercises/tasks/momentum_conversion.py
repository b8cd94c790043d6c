"""From a library's momentum to the update rate, and to how long the start is remembered."""

import math

from bncourse.exercises.exercise import Probe, function_exercise

# Whether the momentum is the weight of the batch, and not what is kept of the old value, for each
# library that is known.
IS_WEIGHT_OF_BATCH = {
    "right": {"pytorch": True, "keras": False, "flax": False},
    "reversed": {"pytorch": False, "keras": True, "flax": True},
    "all": {"pytorch": True, "keras": True, "flax": True},
    "none": {"pytorch": False, "keras": False, "flax": False},
    "flax-like-pytorch": {"pytorch": True, "keras": False, "flax": True},
    "without-flax": {"pytorch": True, "keras": False},
}
# After how many steps, not yet rounded, the start weighs `share`.
DURATIONS = {
    "power": lambda rate, share: math.log(share) / math.log(1 - rate),
    "mixed-logarithms": lambda rate, share: math.log10(share) / math.log(1 - rate),
    "mixed-the-other-way": lambda rate, share: math.log(share) / math.log10(1 - rate),
    "upside-down": lambda rate, share: math.log(1 - rate) / math.log(share),
    "power-of-rate": lambda rate, share: math.log(share) / math.log(rate),
    "complement": lambda rate, share: math.log(1 - share) / math.log(1 - rate),
    "straight-line": lambda rate, share: (1 - share) / rate,
    "inverse-rate": lambda rate, share: 1 / rate,
    "inverse-share": lambda rate, share: 1 / (share * rate),
    "small-rate": lambda rate, share: -math.log(share) / rate,
    "half-life": lambda rate, share: math.log(0.5) / math.log(1 - rate),
    "hundredth": lambda rate, share: math.log(0.01) / math.log(1 - rate),
    "half-the-share": lambda rate, share: math.log(share / 2) / math.log(1 - rate),
    "one-batch": lambda rate, share: max(1.0, 1 + math.log(share / rate) / math.log(1 - rate)),
    "both-squared": lambda rate, share: math.log(share) / math.log(1 - rate) / 2,
    "span": lambda rate, share: 2 / rate - 1,
    "odds": lambda rate, share: math.log(share / (1 + share)) / math.log(1 - rate),
}
# The rate that the steps are computed with, from the update rate and from the momentum.
RATES = {
    "update-rate": lambda rate, momentum: rate,
    "momentum-is-kept": lambda rate, momentum: 1 - momentum,
    "momentum-is-rate": lambda rate, momentum: momentum,
}
# What is returned in the place of the update rate: the first is right.
RETURNED = {
    "rate": lambda rate: rate,
    "kept": lambda rate: 1 - rate,
    "rounded": lambda rate: round(rate, 2),
}
ROUNDINGS = {
    "up": math.ceil,
    "down": math.floor,
    "nearest": round,
    "one-more": lambda steps: math.ceil(steps) + 1,
    "none": lambda steps: steps,
}


def memory(
    momentum,
    library,
    share,
    *,
    weight="right",
    steps_from="update-rate",
    duration="power",
    rounding="up",
    returned="rate",
    swapped=False,
):
    """Return the update rate, and the steps until the start weighs less than `share`."""
    rate = momentum if IS_WEIGHT_OF_BATCH[weight][library] else 1 - momentum
    steps = DURATIONS[duration](RATES[steps_from](rate, momentum), share)
    results = RETURNED[returned](rate), ROUNDINGS[rounding](steps)
    return results[::-1] if swapped else results


EXERCISE = function_exercise(
    memory,
    outputs=("update_rate", "steps"),
    # No power of what is kept, right or mistaken, comes near the share: rounding decides nothing.
    probes=(
        Probe("pytorch", (0.1, "pytorch", 0.03)),
        Probe("keras", (0.99, "keras", 0.015)),
        Probe("flax", (0.93, "flax", 0.2)),
        Probe("slow-pytorch", (0.003, "pytorch", 0.05)),
        Probe("fast-keras", (0.3, "keras", 1e-4)),
        Probe("half", (0.03, "pytorch", 0.5)),
        Probe("very-slow", (0.9993, "keras", 0.003)),
    ),
)
