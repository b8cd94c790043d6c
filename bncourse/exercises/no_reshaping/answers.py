"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np

from bncourse import scratch


def with_none(x, gamma, beta, eps=1e-5):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
    x_hat = (x - mean[:, None, None]) / np.sqrt(var[:, None, None] + eps)
    return gamma[:, None, None] * x_hat + beta[:, None, None]


def channel_by_channel(x, gamma, beta, eps=1e-5):
    y = np.empty_like(x)
    for c in range(x.shape[1]):
        channel = x[:, c]
        x_hat = (channel - channel.mean()) / np.sqrt(channel.var() + eps)
        y[:, c] = gamma[c] * x_hat + beta[c]
    return y


def pixels_as_rows(x, gamma, beta, eps=1e-5):
    n, c, h, w = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(-1, c)
    rows = (rows - rows.mean(0)) / (rows.var(0) + eps) ** 0.5 * gamma + beta
    return rows.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def channels_first_of_all(x, gamma, beta, eps=1e-5):
    swapped = x.swapaxes(0, 1)
    flat = swapped.reshape(len(gamma), -1)
    flat = flat - flat.mean(1, keepdims=True)
    flat = flat / np.sqrt((flat**2).mean(1, keepdims=True) + eps)
    return (gamma[:, None] * flat + beta[:, None]).reshape(swapped.shape).swapaxes(0, 1)


def by_einsum(x, gamma, beta, eps=1e-5):
    n, _, h, w = x.shape
    d = x - np.einsum("nchw->c", x)[None, :, None, None] / (n * h * w)
    var = np.einsum("nchw,nchw->c", d, d) / (n * h * w)
    return np.einsum("nchw,c->nchw", d, gamma / np.sqrt(var + eps)) + beta[:, None, None]


def mean_of_means(x, gamma, beta, eps=1e-5):
    """Right, as all pictures are of the same size."""
    mean = x.mean(3).mean(2).mean(0).reshape(1, -1, 1, 1)
    var = ((x - mean) ** 2).mean(-1).mean(-1).mean(0).reshape(1, -1, 1, 1)
    shape = mean.shape
    return (x - mean) / np.sqrt(var + eps) * gamma.reshape(shape) + beta.reshape(shape)


def gamma_moved_to_the_end(x, gamma, beta, eps=1e-5):
    last = np.moveaxis(x, 1, -1)
    x_hat = (last - last.mean((0, 1, 2))) / np.sqrt(last.var((0, 1, 2)) + eps)
    return np.moveaxis(gamma * x_hat + beta, -1, 1)


def the_package(x, gamma, beta, eps=1e-5):
    return scratch.batch_norm(x, gamma, beta, eps=eps)[0]


RIGHT = [
    with_none,
    channel_by_channel,
    pixels_as_rows,
    channels_first_of_all,
    by_einsum,
    mean_of_means,
    gamma_moved_to_the_end,
    the_package,
]


def dense(x, gamma, beta, eps=1e-5):
    """The function of the chapter for rows, as it stands."""
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def dense_with_shapes(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma[:, None, None] * x_hat + beta[:, None, None]


def bare_gamma(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean((0, 2, 3), keepdims=True)) / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps)
    return x_hat * gamma + beta


def nothing_kept(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean((0, 2, 3))) / np.sqrt(x.var((0, 2, 3)) + eps) + beta


def statistics_not_kept(x, gamma, beta, eps=1e-5):
    x_hat = (x - x.mean((0, 2, 3))) / np.sqrt(x.var((0, 2, 3)) + eps)
    return gamma[:, None, None] * x_hat + beta[:, None, None]


def instance(x, gamma, beta, eps=1e-5):
    y = np.zeros_like(x)
    for n, picture in enumerate(x):
        for c, channel in enumerate(picture):
            y[n, c] = gamma[c] * (channel - channel.mean()) / np.sqrt(channel.var() + eps) + beta[c]
    return y


def wrong_rows(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, x.shape[1])
    y = gamma * (rows - rows.mean(0)) / np.sqrt(rows.var(0) + eps) + beta
    return y.reshape(x.shape)


def rows_not_moved_back(x, gamma, beta, eps=1e-5):
    rows = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    y = gamma * (rows - rows.mean(0)) / np.sqrt(rows.var(0) + eps) + beta
    return y.reshape(x.shape)


def averaged_variances(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdims=True)
    var = x.var((2, 3)).mean(0).reshape(1, -1, 1, 1)
    return gamma[:, None, None] * (x - mean) / np.sqrt(var + eps) + beta[:, None, None]


def keras_order(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + eps) + beta


def counts_the_pictures(x, gamma, beta, eps=1e-5):
    mean = x.sum((0, 2, 3), keepdims=True) / x.shape[0]
    var = ((x - mean) ** 2).sum((0, 2, 3), keepdims=True) / x.shape[0]
    return gamma[:, None, None] * (x - mean) / np.sqrt(var + eps) + beta[:, None, None]


def textbook(x, gamma, beta, eps=1e-5):
    mean = x.mean((0, 2, 3), keepdims=True)
    var = (x * x).mean((0, 2, 3), keepdims=True) - mean**2
    return gamma[:, None, None] * (x - mean) / np.sqrt(var + eps) + beta[:, None, None]


def in_place(x, gamma, beta, eps=1e-5):
    x -= x.mean((0, 2, 3), keepdims=True)
    x /= np.sqrt((x**2).mean((0, 2, 3), keepdims=True) + eps)
    return gamma[:, None, None] * x + beta[:, None, None]


def a_list(x, gamma, beta, eps=1e-5):
    return with_none(x, gamma, beta, eps).tolist()


def forgets_to_return(x, gamma, beta, eps=1e-5):
    with_none(x, gamma, beta, eps)


def centred_one_by_one(x, gamma, beta, eps=1e-5):
    deviation = x - x.mean((2, 3), keepdims=True)
    x_hat = deviation / np.sqrt(x.var((0, 2, 3), keepdims=True) + eps)
    return gamma[:, None, None] * x_hat + beta[:, None, None]


def channels_first_by_reshape(x, gamma, beta, eps=1e-5):
    rows = x.reshape(len(gamma), -1)
    x_hat = (rows - rows.mean(1, keepdims=True)) / np.sqrt(rows.var(1, keepdims=True) + eps)
    return (gamma[:, None] * x_hat + beta[:, None]).reshape(x.shape)


def moved_back_as_moved(x, gamma, beta, eps=1e-5):
    last = x.transpose(0, 2, 3, 1)
    x_hat = (last - last.mean((0, 1, 2))) / np.sqrt(last.var((0, 1, 2)) + eps)
    return (gamma * x_hat + beta).transpose(0, 2, 3, 1)


def back_with_the_wrong_transpose(x, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out = gamma * (flat - flat.mean(0)) / np.sqrt(flat.var(0) + eps) + beta
    return out.reshape(N, H, W, C).transpose(0, 3, 2, 1).reshape(N, C, H, W)


def one_axis_after_the_other(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=0).mean(axis=1).mean(axis=1).reshape(1, -1, 1, 1)
    var = x.var(axis=0).var(axis=1).var(axis=1).reshape(1, -1, 1, 1)
    return gamma[:, None, None] * (x - mean) / np.sqrt(var + eps) + beta[:, None, None]


def channels_first_and_rows_of_channels(x, gamma, beta, eps=1e-5):
    first = x.transpose(1, 0, 2, 3)
    rows = first.reshape(-1, x.shape[1])
    y = gamma * (rows - rows.mean(0)) / np.sqrt(rows.var(0) + eps) + beta
    return y.reshape(first.shape).transpose(1, 0, 2, 3)


WRONG = [
    (back_with_the_wrong_transpose, {"height-and-width-swapped"}),
    (one_axis_after_the_other, {"variance-axis-after-axis"}),
    (channels_first_and_rows_of_channels, {"moved-then-cut-wrongly"}),
    (centred_one_by_one, {"centred-within-images"}),
    (channels_first_by_reshape, {"reshaped-to-channel-rows"}),
    (moved_back_as_moved, {"moved-back-wrong-way"}),
    (dense, {"per-pixel-statistics", "gamma-along-width"}),
    (dense_with_shapes, {"per-pixel-statistics"}),
    (bare_gamma, {"gamma-along-width"}),
    (nothing_kept, {"statistics-along-width", "gamma-along-width"}),
    (statistics_not_kept, {"statistics-along-width"}),
    (instance, {"per-image-and-channel-statistics"}),
    (wrong_rows, {"reshaped-for-transposed"}),
    (rows_not_moved_back, {"reshaped-back-for-transposed"}),
    (averaged_variances, {"variance-within-images"}),
    (keras_order, {"columns-as-channels", "gamma-along-width"}),
    (counts_the_pictures, {"divided-by-images"}),
    (textbook, {"one-pass-variance"}),
    (forgets_to_return, {"returns-none"}),
    (lambda x, gamma, beta, eps=1e-5: x.mean((0, 2, 3)), None),
]

# Right, and earning a remark.
UNWISE = [in_place, a_list]
