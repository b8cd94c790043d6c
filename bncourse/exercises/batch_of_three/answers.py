"""Answers to the exercise as people give them."""

from fractions import Fraction

import numpy as np

x = np.array([0.0, 1.0, 5.0])
x_hat = (x - x.mean()) / x.std()
g = np.array([1.0, 0.0, 0.0])

RIGHT = [
    (4, -5, 1),
    [-8, 10, -2],
    g - g.mean() - x_hat * (g * x_hat).mean(),
    np.array([[0.617], [-0.772], [0.154]]),
    (4e200, -5e200, 1e200),
    (Fraction(4, 5), -1, 0.2),
    1e-9 * np.cross(x, np.ones(3)),
]
WRONG = [
    ((1, 2, 6), {"what-is-removed"}),
    ((-1, 0, 4), {"what-is-removed"}),
    ((4, -5, 1.03), {"direction-not-precise"}),
    ((0.62, -0.77, 0.15), {"direction-not-precise"}),
    ((-2, -1, 3), {"part-along-x-hat", "nothing-left"}),
    ((1, 1, 1), {"part-along-ones", "nothing-left"}),
    ((0, 1, 5), {"what-is-removed"}),
    ((1, -2, 1), {"part-along-x-hat"}),
    ((1, -1, 0), {"part-along-x-hat"}),
    ((4, 5, 1), {"sign-of-a-number"}),
    ((4, -5, -1), {"sign-of-a-number"}),
    ((-0.617, -0.772, 0.154), {"sign-of-a-number"}),
    ((1, -5, 4), {"numbers-reversed"}),
    ((-4, 5, 0), {"part-along-x-hat", "part-along-ones"}),
    ((0.6, -0.8, 0.2), {"direction-not-precise"}),
    ((0, 5, -1), {"part-along-ones", "part-along-x-hat"}),
    ((1, 1, 1.001), {"part-along-ones", "nothing-left"}),
    ((0, 0, 0), {"nothing-left"}),
    ((4, -5), {"raises-reading"}),
    (4, {"raises-reading"}),
    (("a", "b", "c"), {"raises-reading"}),
    (lambda g: g, {"callable"}),
]
