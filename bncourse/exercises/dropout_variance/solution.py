"""A feature is kept with probability 1 − p, and then divided by 1 − p. So its mean stays. The mean
of its squares becomes (1 − p) · E[x²] / (1 − p)² = E[x²] / (1 − p), where E[x²] is the variance
plus the squared mean. The variance is that minus the squared mean, which is (var + p · mean²) / (1
− p).

In evaluation nothing is dropped, and the variance is what it was. With half dropped, that of
training is twice as large if the mean is 0, and three times as large if the mean is as large as
the spread. What comes out of a ReLU has such means.
"""


def my_variance(mean, var, rate):
    kept = 1 - rate
    mean_square = (var + mean**2) / kept
    new_mean = mean
    new_var = mean_square - new_mean**2
    return new_var
