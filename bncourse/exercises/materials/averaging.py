"""Running averages with switches."""

# How the old value and that of the batch are combined: the first is right.
RULES = {
    "average": lambda old, new, rate: (1 - rate) * old + rate * new,
    "reversed": lambda old, new, rate: rate * old + (1 - rate) * new,
    "without-old": lambda old, new, rate: rate * new,
    "only-new": lambda old, new, rate: new,
    "old-kept-whole": lambda old, new, rate: old + rate * new,
    "new-added-whole": lambda old, new, rate: (1 - rate) * old + new,
    "halves": lambda old, new, rate: (old + new) / 2,
    "fixed-rate": lambda old, new, rate: 0.9 * old + 0.1 * new,
    "away": lambda old, new, rate: old - rate * (new - old),
    "start-taken-out": lambda old, new, rate: ((1 - rate) * old + rate * new) / rate,
}
# What the sum of squares is divided by: the first is right.
DIVISORS = {
    "unbiased": lambda n: n - 1,
    "biased": lambda n: n,
    "bessel-reversed": lambda n: n**2 / (n - 1),
    "bessel-twice": lambda n: (n - 1) ** 2 / n,
    "one-more": lambda n: n**2 / (n + 1),
    "nothing": lambda n: 1,
}
