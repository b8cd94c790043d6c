"""From a library's momentum to the update rate, and to how long the start is remembered."""

import math

from bncourse.exercises.exercise import Probe, function_exercise

# The libraries whose momentum is the weight of the batch; in the others it is what is kept.
WEIGHT_OF_BATCH = {
    "right": {"pytorch"},
    "reversed": {"keras", "flax"},
    "all": {"pytorch", "keras", "flax"},
    "none": set(),
    "flax-like-pytorch": {"pytorch", "flax"},
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
}
# The rate that the steps are computed with, from the update rate and from the momentum.
RATES = {
    "update-rate": lambda rate, momentum: rate,
    "momentum-is-kept": lambda rate, momentum: 1 - momentum,
    "momentum-is-rate": lambda rate, momentum: momentum,
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
    swapped=False,
):
    """Return the update rate, and the steps until the start weighs less than `share`."""
    rate = momentum if library in WEIGHT_OF_BATCH[weight] else 1 - momentum
    steps = DURATIONS[duration](RATES[steps_from](rate, momentum), share)
    steps = ROUNDINGS[rounding](steps)
    return (steps, rate) if swapped else (rate, steps)


EXERCISE = function_exercise(
    memory,
    outputs=("update_rate", "steps"),
    probes=(
        Probe("pytorch", (0.1, "pytorch", 0.01)),
        Probe("keras", (0.99, "keras", 0.01)),
        Probe("flax", (0.9, "flax", 0.2)),
        Probe("slow-pytorch", (0.003, "pytorch", 0.05)),
        Probe("fast-keras", (0.3, "keras", 1e-4)),
        Probe("half", (0.03, "pytorch", 0.5)),
    ),
)
