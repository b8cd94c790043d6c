"""The standard deviation of initial weights by the rules of Xavier and He."""

import math

from bncourse.exercises.exercise import Probe, function_exercise

# The number of connections that the variance is shared among.
COUNTS = {
    "mean": lambda fan_in, fan_out: (fan_in + fan_out) / 2,
    "in": lambda fan_in, fan_out: fan_in,
    "out": lambda fan_in, fan_out: fan_out,
    "sum": lambda fan_in, fan_out: fan_in + fan_out,
    "product": lambda fan_in, fan_out: fan_in * fan_out,
    "geometric": lambda fan_in, fan_out: math.sqrt(fan_in * fan_out),
    "larger": max,
    "smaller": min,
    "in-squared": lambda fan_in, fan_out: fan_in**2,
    "sum-squared": lambda fan_in, fan_out: (fan_in + fan_out) ** 2 / 2,
    "in-and-bias": lambda fan_in, fan_out: fan_in + 1,
}
# The activation functions that follow He's rule: the first is right.
HE = {
    "relu": {"relu"},
    "none": set(),
    "all": {"relu", "tanh", "linear"},
    "relu-and-tanh": {"relu", "tanh"},
    "relu-and-linear": {"relu", "linear"},
    "reversed": {"tanh", "linear"},
}
# What becomes of the variance: the first is right.
RESULTS = {
    "deviation": math.sqrt,
    "variance": lambda var: var,
    "inverse": lambda var: 1 / math.sqrt(var),
    "inverse-variance": lambda var: 1 / var,
    "bound": lambda var: math.sqrt(3 * var),
    "spread-of-bound": lambda var: math.sqrt(var / 3),
}


def std(
    fan_in,
    fan_out,
    activation,
    *,
    he="relu",
    he_count="in",
    he_gain=2,
    xavier_count="mean",
    tanh_gain=1,
    result="deviation",
):
    """Return the standard deviation of the weights of a layer."""
    if activation in HE[he]:
        return RESULTS[result](he_gain / COUNTS[he_count](fan_in, fan_out))
    gain = tanh_gain if activation == "tanh" else 1
    return RESULTS[result](gain / COUNTS[xavier_count](fan_in, fan_out))


EXERCISE = function_exercise(
    std,
    outputs=("std",),
    probes=(
        Probe("linear", (3, 5, "linear")),
        Probe("tanh", (12, 4, "tanh")),
        Probe("relu", (6, 15, "relu")),
        Probe("narrowing-relu", (50, 7, "relu")),
        Probe("widening-tanh", (5, 40, "tanh")),
        Probe("narrowing-linear", (100, 11, "linear")),
    ),
)
