"""After t steps the weights of the batches are u, u(1 − u), …, u(1 − u)ᵗ⁻¹, latest first. Their sum
is 1 − (1 − u)ᵗ, and the rest is the weight of the start, which is 0 and adds nothing. Divided by
their sum, the weights sum to 1: if all batches come from one distribution with the variance σ²,
the mean of the average is σ² after every step.
"""

import numpy as np


def my_debiased(values, update_rate):
    average = np.zeros(values.shape[1])
    averages = []
    for t, batch in enumerate(values, start=1):
        average = (1 - update_rate) * average + update_rate * batch
        weight = 1 - (1 - update_rate) ** t
        averages.append(average / weight)
    return np.array(averages)
