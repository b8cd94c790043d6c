"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import numpy as np

from bncourse.scratch import standardize

AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3), "rms": (1, 2, 3)}


def one_branch_a_norm(x, norm, groups, eps=1e-5):
    n, c, h, w = x.shape
    if norm == "rms":
        return x / np.sqrt((x**2).mean((1, 2, 3), keepdims=True) + eps)
    if norm == "batch":
        mean, var = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), keepdims=True)
    elif norm == "layer":
        mean, var = x.mean((1, 2, 3), keepdims=True), x.var((1, 2, 3), keepdims=True)
    elif norm == "instance":
        mean, var = x.mean((2, 3), keepdims=True), x.var((2, 3), keepdims=True)
    else:
        x = x.reshape(n, groups, -1)
        mean, var = x.mean(2, keepdims=True), x.var(2, keepdims=True)
    return ((x - mean) / np.sqrt(var + eps)).reshape(n, c, h, w)


def with_the_package(x, norm, groups, eps=1e-5):
    if norm == "group":
        view = x.reshape(x.shape[0] * groups, -1)
        return standardize(view, 1.0, 0.0, (1,), eps)[0].reshape(x.shape)
    return standardize(x, 1.0, 0.0, AXES[norm], eps, centred=norm != "rms")[0]


def by_loops(x, norm, groups, eps=1e-5):
    n, c = x.shape[:2]
    size = c // groups
    blocks = {
        "batch": [(slice(None), slice(k, k + 1)) for k in range(c)],
        "layer": [(slice(i, i + 1), slice(None)) for i in range(n)],
        "instance": [(slice(i, i + 1), slice(k, k + 1)) for i in range(n) for k in range(c)],
        "group": [
            (slice(i, i + 1), slice(g * size, (g + 1) * size))
            for i in range(n)
            for g in range(groups)
        ],
    }
    blocks["rms"] = blocks["layer"]
    y = np.empty_like(x)
    for block in blocks[norm]:
        pool = x[block]
        if norm != "rms":
            pool = pool - pool.mean()
        y[block] = pool / np.sqrt(np.mean(pool * pool) + eps)
    return y


def as_rows(x, norm, groups, eps=1e-5):
    n, c, h, w = x.shape
    if norm == "batch":
        return (
            as_rows(x.swapaxes(0, 1).reshape(1, c, n * h, w), "instance", 1, eps)
            .reshape(c, n, h, w)
            .swapaxes(0, 1)
        )
    rows = {"layer": n, "instance": n * c, "group": n * groups, "rms": n}[norm]
    flat = x.reshape(rows, -1).copy()
    if norm != "rms":
        flat -= flat.mean(1)[:, None]
    flat *= (np.einsum("ij,ij->i", flat, flat) / flat.shape[1] + eps)[:, None] ** -0.5
    return flat.reshape(n, c, h, w)


def by_labels(x, norm, groups, eps=1e-5):
    n, c, _, _ = x.shape
    sample, channel = np.indices((n, c))
    block = channel // (c // groups)
    label = {
        "batch": channel,
        "layer": sample,
        "instance": sample * c + channel,
        "group": sample * groups + block,
        "rms": sample,
    }[norm]
    y = x.astype(float)
    for k in np.unique(label):
        pool = y[label == k]
        mean = 0 if norm == "rms" else pool.mean()
        y[label == k] = (pool - mean) / np.sqrt(((pool - mean) ** 2).mean() + eps)
    return y


def by_match(x, norm, groups, eps=1e-5):
    shape = x.shape
    match norm:
        case "batch":
            axes = (0, -2, -1)
        case "instance":
            axes = (-2, -1)
        case "group":
            x, axes = x.reshape(shape[0], groups, shape[1] // groups, *shape[2:]), (-3, -2, -1)
        case _:
            axes = (-3, -2, -1)
    mean = 0.0 if norm == "rms" else np.mean(x, axis=axes, keepdims=True)
    scale = np.reciprocal(np.sqrt(np.mean(np.square(x - mean), axis=axes, keepdims=True) + eps))
    return np.reshape((x - mean) * scale, shape)


RIGHT = [one_branch_a_norm, with_the_package, by_loops, as_rows, by_labels, by_match]


def _from_table(**changed):
    axes = {**AXES, "group": (2, 3, 4), **changed}

    def answer(x, norm, groups, eps=1e-5):
        shape = x.shape
        if norm == "group":
            x = x.reshape(shape[0], groups, shape[1] // groups, *shape[2:])
        mean = 0 if norm == "rms" else x.mean(axes[norm], keepdims=True)
        var = ((x - mean) ** 2).mean(axes[norm], keepdims=True)
        return ((x - mean) / np.sqrt(var + eps)).reshape(shape)

    return answer


def reshaped_the_other_way(x, norm, groups, eps=1e-5):
    if norm != "group":
        return one_branch_a_norm(x, norm, groups, eps)
    n, c, h, w = x.shape
    view = x.reshape(n, c // groups, groups, h, w)
    view = (view - view.mean((2, 3, 4), keepdims=True)) / np.sqrt(
        view.var((2, 3, 4), keepdims=True) + eps
    )
    return view.reshape(x.shape)


def every_second_channel(x, norm, groups, eps=1e-5):
    if norm != "group":
        return one_branch_a_norm(x, norm, groups, eps)
    y = np.empty_like(x)
    for g in range(groups):
        y[:, g::groups] = one_branch_a_norm(x[:, g::groups], "layer", 1, eps)
    return y


def rms_is_layer_norm(x, norm, groups, eps=1e-5):
    return one_branch_a_norm(x, "layer" if norm == "rms" else norm, groups, eps)


def rms_by_std(x, norm, groups, eps=1e-5):
    if norm == "rms":
        return x / np.sqrt(x.var((1, 2, 3), keepdims=True) + eps)
    return one_branch_a_norm(x, norm, groups, eps)


def rms_as_a_norm(x, norm, groups, eps=1e-5):
    if norm == "rms":
        flat = x.reshape(len(x), -1)
        return x / np.linalg.norm(flat, axis=1)[:, None, None, None]
    return one_branch_a_norm(x, norm, groups, eps)


def sample_variance(x, norm, groups, eps=1e-5):
    shape, axes = x.shape, {**AXES, "group": (2, 3, 4)}[norm]
    if norm == "rms":
        return x / np.sqrt((x**2).mean(axes, keepdims=True) + eps)
    if norm == "group":
        x = x.reshape(shape[0], groups, shape[1] // groups, *shape[2:])
    var = x.var(axes, ddof=1, keepdims=True)
    return ((x - x.mean(axes, keepdims=True)) / np.sqrt(var + eps)).reshape(shape)


def one_pass(x, norm, groups, eps=1e-5):
    shape, axes = x.shape, {**AXES, "group": (2, 3, 4)}[norm]
    if norm == "group":
        x = x.reshape(shape[0], groups, shape[1] // groups, *shape[2:])
    mean = x.mean(axes, keepdims=True) if norm != "rms" else 0
    var = (x**2).mean(axes, keepdims=True) - mean**2
    return ((x - mean) / np.sqrt(var + eps)).reshape(shape)


def forgets_keepdims(x, norm, groups, eps=1e-5):
    axes = AXES.get(norm, (2, 3))
    return (x - x.mean(axes)) / np.sqrt(x.var(axes) + eps)


def works_in_place(x, norm, groups, eps=1e-5):
    y = one_branch_a_norm(x, norm, groups, eps)
    x[...] = y
    return y


def forgets_rms(x, norm, groups, eps=1e-5):
    if norm != "rms":
        return one_branch_a_norm(x, norm, groups, eps)


def eps_outside_but_for_rms(x, norm, groups, eps=1e-5):
    n, c, h, w = x.shape
    if norm == "rms":
        return x / np.sqrt((x**2).mean((1, 2, 3), keepdims=True) + eps)
    view = x.reshape(n, groups, c // groups, h, w) if norm == "group" else x
    axes = {**AXES, "group": (2, 3, 4)}[norm]
    mean, std = view.mean(axes, keepdims=True), view.std(axes, keepdims=True)
    return ((view - mean) / (std + eps)).reshape(x.shape)


def whole_array_cut(x, norm, groups, eps=1e-5):
    if norm != "group":
        return one_branch_a_norm(x, norm, groups, eps)
    rows = x.reshape(groups, -1)
    mean, var = rows.mean(1, keepdims=True), rows.var(1, keepdims=True)
    return ((rows - mean) / np.sqrt(var + eps)).reshape(x.shape)


def rows_of_channels(x, norm, groups, eps=1e-5):
    if norm != "batch":
        return one_branch_a_norm(x, norm, groups, eps)
    rows = x.reshape(-1, x.shape[1])
    return ((rows - rows.mean(0)) / np.sqrt(rows.var(0) + eps)).reshape(x.shape)


def groups_taken_last(x, norm, groups, eps=1e-5):
    if norm != "group":
        return one_branch_a_norm(x, norm, groups, eps)
    n, c, h, w = x.shape
    view = x.reshape(n, h, w, groups, c // groups)
    mean, var = view.mean((1, 2, 4), keepdims=True), view.var((1, 2, 4), keepdims=True)
    return ((view - mean) / np.sqrt(var + eps)).reshape(x.shape)


def not_moved_back(x, norm, groups, eps=1e-5):
    if norm != "batch":
        return one_branch_a_norm(x, norm, groups, eps)
    rows = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    return ((rows - rows.mean(0)) / np.sqrt(rows.var(0) + eps)).reshape(x.shape)


def groups_used_by_layer_and_rms(x, norm, groups, eps=1e-5):
    n, c, h, w = x.shape
    if norm in ("batch", "instance"):
        return one_branch_a_norm(x, norm, groups, eps)
    z = x.reshape(n, groups, -1)
    if norm != "rms":
        z = z - z.mean(-1, keepdims=True)
    return (z / np.sqrt((z**2).mean(-1, keepdims=True) + eps)).reshape(n, c, h, w)


def layer_over_everything_and_no_eps_in_rms(x, norm, groups, eps=1e-5):
    if norm == "layer":
        return (x - x.mean()) / np.sqrt(x.var() + eps)
    if norm == "rms":
        return x / np.linalg.norm(x.reshape(len(x), -1), axis=1)[:, None, None, None]
    return one_branch_a_norm(x, norm, groups, eps)


def one_branch_another(x, norm, groups, eps=1e-5):
    n, c, h, w = x.shape
    if norm == "group":
        x = x.reshape(n, groups, c // groups, h, w)
        mean, std = x.mean((2, 3, 4), keepdims=True), x.std((2, 3, 4), keepdims=True)
        return ((x - mean) / (std + eps)).reshape(n, c, h, w)
    if norm == "batch":
        mean, var = x.mean((0, 2, 3), keepdims=True), x.var((0, 2, 3), ddof=1, keepdims=True)
        return (x - mean) / np.sqrt(var + eps)
    return one_branch_a_norm(x, norm, groups, eps)


WRONG = [
    (rows_of_channels, {"reshaped-without-moving"}),
    (groups_taken_last, {"reshaped-without-moving"}),
    (not_moved_back, {"channels-not-moved-back"}),
    (groups_used_by_layer_and_rms, {"groups-used-by-others"}),
    (
        layer_over_everything_and_no_eps_in_rms,
        {"layer-norm-across-samples", "rms-norm-by-length", "rms-norm-eps-missing"},
    ),
    (one_branch_another, {"one-norm-unbiased", "one-norm-eps-outside-root"}),
    (eps_outside_but_for_rms, {"centred-eps-outside-root"}),
    (whole_array_cut, {"groups-cut-from-everything"}),
    (_from_table(rms=(2, 3)), {"rms-norm-per-channel"}),
    (_from_table(batch=(0, 1)), {"batch-norm-over-samples-and-channels"}),
    (_from_table(batch=(0,)), {"batch-norm-per-pixel"}),
    (
        _from_table(batch=(0, 1, 2), instance=(1, 2)),
        {"batch-norm-channels-last", "instance-norm-channels-last"},
    ),
    (_from_table(layer=(1,)), {"layer-norm-over-channels-alone"}),
    (_from_table(layer=(-1,), rms=(-1,)), {"layer-norm-over-last-axis", "rms-norm-over-last-axis"}),
    (_from_table(instance=(0,)), {"instance-norm-over-samples-alone"}),
    (
        _from_table(instance=(1, 2, 3), layer=(2, 3)),
        {"instance-norm-across-channels", "layer-norm-per-channel"},
    ),
    (_from_table(group=(1, 3, 4)), {"groups-mixed"}),
    (_from_table(group=(3, 4)), {"groups-of-one-channel"}),
    (_from_table(group=(2,)), {"groups-per-pixel"}),
    (_from_table(group=(0, 2, 3, 4)), {"groups-across-samples"}),
    (reshaped_the_other_way, {"groups-taken-for-size"}),
    (every_second_channel, {"groups-strided"}),
    (rms_is_layer_norm, {"rms-norm-centred"}),
    (rms_by_std, {"rms-norm-by-deviation"}),
    (rms_as_a_norm, {"rms-norm-by-length", "rms-norm-eps-missing"}),
    (sample_variance, {"unbiased-variance"}),
    (one_pass, {"one-pass-variance"}),
    (forgets_keepdims, None),
    (forgets_rms, {"returns-none"}),
    (lambda x, norm, groups, eps=1e-5: x, None),
    (lambda x, norm, groups, eps=1e-5: one_branch_a_norm(x, norm, groups).tolist(), None),
]

# Right, and earning a remark.
UNWISE = [works_in_place]
