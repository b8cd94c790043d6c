"""Both averages take the same step, from the old value towards that of the batch: new = old +
u · (batch − old), which is (1 − u) · old + u · batch. The variance of the batch is the unbiased one
(`ddof=1`), because that is right on average for the distribution from which the batch came.
"""


def my_update(x, running_mean, running_var, update_rate):
    mean = x.mean(axis=0)
    new_mean = (1 - update_rate) * running_mean + update_rate * mean
    var = x.var(axis=0, ddof=1)
    new_var = (1 - update_rate) * running_var + update_rate * var
    return new_mean, new_var
