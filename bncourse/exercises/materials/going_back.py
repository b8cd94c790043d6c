"""The backward pass of standardizing with switches, for all exercises about gradients."""

# What the gradient for x loses, from g = dL/dx_hat, x_hat, and what averages over a pool: the part
# by the road of the mean, and the part by that of the variance. The first of each is right.
MEAN_PARTS = {
    "mean": lambda g, mean: mean(g),
    "nothing": lambda g, mean: 0,
    "added": lambda g, mean: -mean(g),
    "both-ways": lambda g, mean: mean(g) + g.mean(0) - g.mean(),
}
HAT_PARTS = {
    "product": lambda g, x_hat, mean: x_hat * mean(g * x_hat),
    "nothing": lambda g, x_hat, mean: 0,
    "added": lambda g, x_hat, mean: -x_hat * mean(g * x_hat),
    "without-x-hat-outside": lambda g, x_hat, mean: mean(g * x_hat),
    "without-x-hat-inside": lambda g, x_hat, mean: x_hat * mean(g),
    "g-for-x-hat": lambda g, x_hat, mean: g * mean(g * x_hat),
    "x-hat-squared": lambda g, x_hat, mean: x_hat**2 * mean(g * x_hat),
    "inside-squared": lambda g, x_hat, mean: mean(g * x_hat**2),
    "exact": lambda g, x_hat, mean: x_hat * mean(g * x_hat) / mean(x_hat**2),
    "half": lambda g, x_hat, mean: x_hat * mean(g * x_hat) / 2,
    "twice": lambda g, x_hat, mean: 2 * x_hat * mean(g * x_hat),
}
# How a pool is averaged, from its values and its axes.
AVERAGES = {
    "mean": lambda values, axes: values.mean(axes, keepdims=True),
    "sum": lambda values, axes: values.sum(axes, keepdims=True),
    "mean-over-count": lambda values, axes: values.mean(axes, keepdims=True) / _count(values, axes),
    "count-less-one": lambda values, axes: (
        values.sum(axes, keepdims=True) / (_count(values, axes) - 1)
    ),
    "over-everything": lambda values, axes: values.mean(keepdims=True),
    "other-axis": lambda values, axes: values.mean(1 if axes == 0 else 0, keepdims=True),
    "laid-along-last-axis": lambda values, axes: values.mean(axes),
    "other-count": lambda values, axes: (
        values.sum(axes, keepdims=True) / values.shape[1 if axes == 0 else 0]
    ),
    "over-batch": lambda values, axes: values.mean(0, keepdims=True),
}
# What becomes of the gradient that is left, from it, the standard deviation, and the count.
SCALES = {
    "divided": lambda left, std, count: left / std,
    "kept": lambda left, std, count: left,
    "divided-twice": lambda left, std, count: left / std**2,
    "multiplied": lambda left, std, count: left * std,
    "times-count": lambda left, std, count: left / std * count,
    "over-count": lambda left, std, count: left / std / count,
    "count-less-one": lambda left, std, count: left / std * count / max(count - 1, 1),
    "opposite": lambda left, std, count: -left / std,
}


def standardize_backward(
    g,
    x_hat,
    std,
    axes,
    averaged=None,
    *,
    mean_part="mean",
    hat_part="product",
    hat_power=0,
    average="mean",
    average_of_g=None,
    average_of_product=None,
    scaled="divided",
):
    """Return dL/dx from g = dL/dx_hat, or what the switches make of it.

    `averaged` is what is averaged in place of g, if it is not g; `hat_power` is the power of the
    standard deviation that is too much in the part along x_hat. There are averages for each of the
    two parts where they differ.
    """
    averaged = g if averaged is None else averaged
    of_g, of_product = AVERAGES[average_of_g or average], AVERAGES[average_of_product or average]
    by_mean = MEAN_PARTS[mean_part](averaged, lambda values: of_g(values, axes))
    by_var = HAT_PARTS[hat_part](averaged, x_hat, lambda values: of_product(values, axes))
    return SCALES[scaled](g - by_mean - by_var * std**hat_power, std, _count(g, axes))


def _count(values, axes):
    return values.size // values.sum(axes).size
