"""A running mean is as precise as the mean of N(2 − u)/u examples. With PyTorch's default and
batches of 64 these are `n = 64 * 1.9 / 0.1`. From 4(2 − u)/u = n follows u = 8/(n + 4), a little more
than a sixteenth of `0.1`. The start weighs (1 − u)ᵗ, which falls below a hundredth after
`log(0.01) / log(1 - u)` steps: some sixteen times as many, too. The variance is not as precise: for it
(N − 1)(2 − u)/u counts, and 63 is twenty-one times 3, not sixteen times.
"""

import math

n = 64 * (2 - 0.1) / 0.1
rate = 8 / (n + 4)
kept = 1 - rate
steps = math.ceil(math.log(0.01) / math.log(kept))
my_trust = rate, steps
