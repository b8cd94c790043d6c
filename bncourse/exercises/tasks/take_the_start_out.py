"""A running average that starts at 0, with the weight of its start divided out."""

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.tasks.running_statistics import RULES

# What the average after t steps is divided by: the first is right.
DIVISORS = {
    "power": lambda rate, t, steps: 1 - (1 - rate) ** t,
    "nothing": lambda rate, t, steps: 1.0,
    "without-power": lambda rate, t, steps: 1 - (1 - rate),
    "power-of-rate": lambda rate, t, steps: 1 - rate**t,
    "weight-of-start": lambda rate, t, steps: (1 - rate) ** t,
    "plus": lambda rate, t, steps: 1 + (1 - rate) ** t,
    "from-zero": lambda rate, t, steps: 1 - (1 - rate) ** (t - 1),
    "from-second": lambda rate, t, steps: 1 - (1 - rate) ** (t - 1) if t > 1 else 1.0,
    "one-late": lambda rate, t, steps: 1 - (1 - rate) ** (t + 1),
    "last": lambda rate, t, steps: 1 - (1 - rate) ** steps,
    "product": lambda rate, t, steps: 1 - (1 - rate) * t,
}
RATES = {"same": lambda rate, t: rate, "one-over-t": lambda rate, t: 1 / t}
# How the weight of all that is not the start is taken out.
CORRECTIONS = {
    "divided": lambda average, weight: average / weight,
    "multiplied": lambda average, weight: average * weight,
    "brackets-missing": lambda average, weight: average / 1 - (1 - weight),
}
STARTS = {
    "zero": lambda values: 0.0 * values[0],
    "one": lambda values: 0.0 * values[0] + 1,
    "first": lambda values: values[0],
}


def debias(
    values,
    update_rate,
    *,
    divisor="power",
    correction="divided",
    rule="average",
    rate="same",
    start="zero",
    fed_back=False,
    backwards=False,
    returned="all",
):
    """Return the running average after each row of `values`, (T, C), with its start taken out."""
    average, found = STARTS[start](values), []
    for t, new in enumerate(values[::-1] if backwards else values, 1):
        average = RULES[rule](average, new, RATES[rate](update_rate, t))
        weight = np.float64(DIVISORS[divisor](update_rate, t, len(values)))
        found.append(CORRECTIONS[correction](average, weight))
        average = found[-1] if fed_back else average
    return np.array(found) if returned == "all" else found[-1]


def _values(*shape, rate, seed):
    rng = np.random.default_rng(seed)
    return 5 + 2 * rng.normal(size=shape), rate


EXERCISE = function_exercise(
    debias,
    outputs=("averages",),
    probes=(
        Probe("one", _values(1, 2, rate=0.25, seed=1)),
        Probe("three", _values(3, 1, rate=0.25, seed=2)),
        Probe("square", _values(3, 3, rate=0.7, seed=3)),
        Probe("slow", _values(20, 2, rate=0.01, seed=4)),
        Probe("plain", (np.full((4, 2), 3.0), 0.1)),
    ),
    properties=(
        (
            "first-is-first-batch",
            lambda out, given: np.allclose(out["averages"][0], given["values"][0]),
        ),
    ),
)
