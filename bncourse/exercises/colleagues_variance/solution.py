"""With S for the sum of the squared deviations, your variance is S/N and theirs S/(N − 1), which
is larger. x̂ is divided by the root of it, so their x̂ are yours times √((N − 1)/N): `0.866` for a
batch of 4, and `0.998` for a batch of 256. The `assert` against PyTorch asks for twelve digits and
notices both; one with a tolerance of a hundredth would let the second pass. A test that the loss
falls notices neither: a constant factor on x̂ is what γ is there to undo.
"""

import math

factor_of_4 = math.sqrt(3 / 4)
factor_of_256 = math.sqrt(255 / 256)
my_factors = (factor_of_4, factor_of_256)
