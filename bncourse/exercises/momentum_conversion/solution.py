"""In PyTorch, `momentum` is the weight of the batch, so the update rate u itself; in Keras and Flax
it is what is kept, 1 − u. Each step multiplies the weight of the start by 1 − u. So (1 − u)ᵗ has to
fall below the share: t · log(1 − u) < log(share). Both logarithms are negative, and dividing by one
turns the sign round: t > log(share) / log(1 − u).
"""

import math


def my_memory(momentum, library, share):
    update_rate = momentum if library == "pytorch" else 1 - momentum
    kept = 1 - update_rate
    duration = math.log(share) / math.log(kept)
    steps = math.ceil(duration)
    return update_rate, steps
