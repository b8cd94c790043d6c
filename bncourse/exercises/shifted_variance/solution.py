"""Let d = x − c. The mean of d is sums / n, and c on top of it is the mean of x. The variance does
not change when a constant is subtracted, so it is that of d: the mean of d² minus the square of the
mean of d. Here both are small, and little is lost. With c put back, x² would be huge and the two
terms would cancel.
"""


def my_moments(n, c, sums, squares):
    offset = sums / n
    mean = c + offset
    var = squares / n - offset**2
    return mean, var
