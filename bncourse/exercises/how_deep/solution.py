"""With L hidden layers there are L − 1 steps from the last to the first, and each multiplies the
gradient by the factor f. So the question is for the smallest L with fᴸ⁻¹ ≤ share, that is, with L
− 1 ≥ log(share) / log(f): the inequality turns round, because log(f) is negative. The number of
steps is rounded up, and there is one layer more than steps.

For the sigmoid with Xavier's rule, f is `0.24` (in the table), and a millionth is reached with 10 steps: 11
layers.
"""

import math


def my_depth(factor, share):
    steps = math.log(share) / math.log(factor)
    whole_steps = math.ceil(steps)
    return whole_steps + 1
