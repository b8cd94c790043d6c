"""What weight decay takes away in a step, and how long the weights remember their length."""

import math

from bncourse.exercises.exercise import Probe, function_exercise

# What stands for the product of rate and decay: the first is right.
PRODUCTS = {
    "product": lambda rate, decay: rate * decay,
    "rate": lambda rate, decay: rate,
    "decay": lambda rate, decay: decay,
    "angle": lambda rate, decay: math.sqrt(2 * rate * decay),
    "quotient": lambda rate, decay: decay / rate,
    "rate-over-decay": lambda rate, decay: rate / decay,
    "squared": lambda rate, decay: rate**2 * decay,
}
SHARES = {
    "lost": lambda product: product,
    "left": lambda product: 1 - product,
    "lost-of-square": lambda product: 1 - (1 - product) ** 2,
    "angle": lambda product: math.sqrt(2 * product),
    "negative": lambda product: -product,
    "percent": lambda product: 100 * product,
}
STEPS = {
    "length": lambda product: math.log(2) / -math.log1p(-product),
    "continuous": lambda product: math.log(2) / product,
    "square": lambda product: math.log(2) / -math.log1p(-product) / 2,
    "linear": lambda product: 0.5 / product,
    "time-constant": lambda product: 1 / product,
    "negative": lambda product: math.log(2) / math.log1p(-product),
    "decimal": lambda product: math.log10(2) / product,
    "to-a-quarter": lambda product: math.log(4) / -math.log1p(-product),
}


def memory(
    learning_rate, weight_decay, *, product="product", share="lost", steps="length", swapped=False
):
    """Return the share of its length that a step takes, and the steps until half is left."""
    product = PRODUCTS[product](learning_rate, weight_decay)
    results = SHARES[share](product), STEPS[steps](product)
    return results[::-1] if swapped else results


EXERCISE = function_exercise(
    memory,
    outputs=("share", "steps"),
    tolerance=0.01,
    probes=(
        Probe("chapter", (0.5, 0.01)),
        Probe("other", (0.8, 0.004)),
        Probe("slow", (0.1, 5e-4)),
        Probe("small-rate", (0.05, 0.01)),
    ),
)
