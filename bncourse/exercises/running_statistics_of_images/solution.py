"""A channel of a batch of images is one pool of N·H·W values. Its mean and its variance go into the
averages with the weight u, and the variance is the unbiased one: the sum of squares divided by one
less than the number of values in the pool, not by one less than the number of images.
"""


def my_image_update(x, running_mean, running_var, update_rate):
    axes = (0, 2, 3)
    mean = x.mean(axis=axes)
    new_mean = (1 - update_rate) * running_mean + update_rate * mean
    var = x.var(axis=axes, ddof=1)
    new_var = (1 - update_rate) * running_var + update_rate * var
    return new_mean, new_var
