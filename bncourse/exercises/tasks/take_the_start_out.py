"""A running average that starts at 0, with the weight of its start divided out."""

from functools import partial

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.averaging import RULES

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
    "fixed-rate": lambda rate, t, steps: 1 - 0.9**t,
    "rate-times-steps": lambda rate, t, steps: rate * t,
    "brackets-misplaced": lambda rate, t, steps: 1 - (1 - rate**t),
    "root-of-squares": lambda rate, t, steps: (1 - (1 - rate) ** (2 * t)) ** 0.5,
}
RATES = {"same": lambda rate, t: rate, "one-over-t": lambda rate, t: 1 / t}
# How the weight of all that is not the start is taken out.
CORRECTIONS = {
    "divided": lambda average, weight: average / weight,
    "multiplied": lambda average, weight: average * weight,
    "one-taken-out": lambda average, weight: (average - (1 - weight)) / weight,
    "brackets-missing": lambda average, weight: average / 1 - (1 - weight),
}
STARTS = {
    "zero": lambda values: 0.0 * values[0],
    "one": lambda values: 0.0 * values[0] + 1,
    "first": lambda values: values[0],
    "mean": lambda values: values.mean(0),
}
# The order in which the rows are taken, and that in which they are returned: the first is right.
ORDERS = {"oldest-first": (1, 1), "newest-first": (-1, 1), "newest-first-and-back": (-1, -1)}


def window_means(values, update_rate):
    """Return, for each row, the plain mean of the latest 1 / `update_rate` rows."""
    size = int(1 / update_rate)
    return [values[max(0, end - size) : end].mean(0) for end in range(1, len(values) + 1)]


def corrected_averages(
    values,
    update_rate,
    *,
    divisor="power",
    correction="divided",
    rule="average",
    rate="same",
    start="zero",
    fed_back=False,
    aliased=False,
):
    """Return the running average after each row of `values`, with its start taken out."""
    steps = range(1, len(values) + 1)
    weights = [np.float64(DIVISORS[divisor](update_rate, t, len(values))) for t in steps]
    average, found = STARTS[start](values), []
    for t, new, weight in zip(steps, values, weights, strict=True):
        average = RULES[rule](average, new, RATES[rate](update_rate, t))
        found.append(CORRECTIONS[correction](average, weight))
        average = found[-1] if fed_back else average
    if aliased:
        return [CORRECTIONS[correction](average, weight) for weight in weights]
    return found


def debias(
    values,
    update_rate,
    *,
    across=False,
    order="oldest-first",
    window=False,
    late=False,
    whole=False,
    returned="all",
    **switches,
):
    """Return the average after each row of `values`, (T, C), or what the switches make of it."""
    values = values.T if across else values
    taken, back = ORDERS[order]
    average = window_means if window else partial(corrected_averages, **switches)
    found = average(values[::taken], update_rate)
    found = [0 * found[0], *found[:-1]] if late else found
    found = np.array(found[::back], dtype=values.dtype if whole else float)
    found = found.T if across else found
    return found if returned == "all" else found[-1]


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
        Probe("whole", (np.array([[1, 4], [2, 9], [5, 2]]), 0.25)),
        Probe("long", _values(350, 1, rate=0.01, seed=5)),
        Probe("long-fast", _values(350, 1, rate=0.9, seed=6), rounding="powers-of-kept-vanish"),
    ),
    properties=(
        ("right-for-a-few-steps", lambda out, given: len(given["values"]) < 100),
        (
            "first-is-first-batch",
            lambda out, given: np.allclose(out["averages"][0], given["values"][0]),
        ),
    ),
)
