"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np


def by_hand(x, running_mean, running_var, update_rate):
    n, c, h, w = x.shape
    mean = x.sum(axis=(0, 2, 3)) / (n * h * w)
    squares = ((x - mean[None, :, None, None]) ** 2).sum(axis=(0, 2, 3))
    var = squares / (n * h * w - 1)
    return running_mean + update_rate * (mean - running_mean), running_var + update_rate * (
        var - running_var
    )


def by_rows(x, running_mean, running_var, update_rate):
    rows = np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])
    keep = 1 - update_rate
    return (
        keep * running_mean + update_rate * rows.mean(0),
        keep * running_var + update_rate * np.var(rows, axis=0, ddof=1),
    )


def by_loops(x, running_mean, running_var, update_rate):
    new_mean, new_var = running_mean.copy(), running_var.copy()
    for c in range(x.shape[1]):
        values = x[:, c].ravel()
        new_mean[c] += update_rate * (values.mean() - new_mean[c])
        new_var[c] += update_rate * (values.var(ddof=1) - new_var[c])
    return new_mean, new_var


def with_bessels_factor(x, running_mean, running_var, update_rate):
    count = x.size / x.shape[1]
    var = x.var((0, 2, 3)) * count / (count - 1)
    mix = lambda old, new: (1 - update_rate) * old + update_rate * new  # noqa: E731
    return mix(running_mean, x.mean((0, 2, 3))), mix(running_var, var)


def by_einsum(x, running_mean, running_var, update_rate):
    count = len(x) * x.shape[2] * x.shape[3]
    mean = np.einsum("nchw->c", x) / count
    d = x - mean[:, None, None]
    var = np.einsum("nchw,nchw->c", d, d) / (count - 1)
    u = update_rate
    return np.array([(1 - u) * running_mean + u * mean, (1 - u) * running_var + u * var])


RIGHT = [by_hand, by_rows, by_loops, with_bessels_factor, by_einsum]


def as_for_vectors(x, running_mean, running_var, update_rate):
    shape = (-1, 1, 1)
    old_mean, old_var = running_mean.reshape(shape), running_var.reshape(shape)
    return (
        (1 - update_rate) * old_mean + update_rate * x.mean(0),
        (1 - update_rate) * old_var + update_rate * x.var(0, ddof=1),
    )


def n_minus_one(x, running_mean, running_var, update_rate):
    n = x.shape[0]
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3)) * n / (n - 1)
    return (
        running_mean * (1 - update_rate) + mean * update_rate,
        running_var * (1 - update_rate) + var * update_rate,
    )


def summed_squares_over_n(x, running_mean, running_var, update_rate):
    mean = x.mean((0, 2, 3))
    var = np.sum((x - mean.reshape(1, -1, 1, 1)) ** 2, axis=(0, 2, 3)) / x.shape[0]
    return (
        running_mean * (1 - update_rate) + mean * update_rate,
        running_var * (1 - update_rate) + var * update_rate,
    )


def image_by_image(x, running_mean, running_var, update_rate):
    mean = np.mean([image.mean((1, 2)) for image in x], axis=0)
    var = np.mean([image.var((1, 2), ddof=1) for image in x], axis=0)
    return (
        running_mean * (1 - update_rate) + mean * update_rate,
        running_var * (1 - update_rate) + var * update_rate,
    )


def numpys_variance(x, running_mean, running_var, update_rate):
    return (
        running_mean + update_rate * (x.mean((0, 2, 3)) - running_mean),
        running_var + update_rate * (x.var((0, 2, 3)) - running_var),
    )


def as_keras_mixes(x, running_mean, running_var, update_rate):
    new = x.mean((0, 2, 3)), x.var((0, 2, 3), ddof=1)
    old = running_mean, running_var
    return tuple(update_rate * o + (1 - update_rate) * n for o, n in zip(old, new, strict=True))


def as_keras_mixes_and_divides(x, running_mean, running_var, update_rate):
    momentum = update_rate
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    return (
        momentum * running_mean + (1 - momentum) * mean,
        momentum * running_var + (1 - momentum) * var,
    )


def deviations(x, running_mean, running_var, update_rate):
    mean, std = x.mean((0, 2, 3)), x.std((0, 2, 3), ddof=1)
    return (
        running_mean * (1 - update_rate) + mean * update_rate,
        running_var * (1 - update_rate) + std * update_rate,
    )


def nothing_new(x, running_mean, running_var, update_rate):
    return running_mean.copy(), running_var.copy()


def spread_of_means(x, running_mean, running_var, update_rate):
    means = x.mean((2, 3))
    new_mean = running_mean + update_rate * (means.mean(0) - running_mean)
    spread = means.var(0, ddof=1) if len(x) > 1 else np.zeros_like(new_mean)
    return new_mean, running_var + update_rate * (spread - running_var)


def corrected_by_pixels(x, running_mean, running_var, update_rate):
    hw = x.shape[2] * x.shape[3]
    var = np.var(x, axis=(0, 2, 3)) * hw / (hw - 1)
    mean = np.mean(x, axis=(0, 2, 3))
    keep = 1 - update_rate
    return keep * running_mean + update_rate * mean, keep * running_var + update_rate * var


def no_update_for_one(x, running_mean, running_var, update_rate):
    if x.shape[0] == 1:
        return running_mean.copy(), running_var.copy()
    return by_rows(x, running_mean, running_var, update_rate)


def corrected_at_the_end(x, running_mean, running_var, update_rate):
    n, u = x[:, 0].size, update_rate
    new_mean = (1 - u) * running_mean + u * x.mean((0, 2, 3))
    return new_mean, ((1 - u) * running_var + u * x.var((0, 2, 3))) * n / (n - 1)


WRONG = [
    (as_for_vectors, {"shape"}),
    (n_minus_one, {"bessel-of-images"}),
    (summed_squares_over_n, {"squares-over-images"}),
    (image_by_image, {"variances-of-images-averaged"}),
    (numpys_variance, {"biased-variance-averaged"}),
    (as_keras_mixes, {"update-rate-reversed"}),
    (as_keras_mixes_and_divides, {"update-rate-reversed", "biased-variance-averaged"}),
    (deviations, {"running-deviation"}),
    (nothing_new, {"mean-not-updated", "variance-not-updated"}),
    (spread_of_means, {"variance-of-image-means"}),
    (corrected_by_pixels, {"bessel-of-positions"}),
    (no_update_for_one, {"single-image-skipped"}),
    (corrected_at_the_end, {"bessel-on-the-average"}),
]
