"""Batch norm in pools: a few samples at a time share their statistics."""

from functools import partial

import numpy as np

from bncourse.exercises.exercise import Probe, function_exercise
from bncourse.exercises.materials.batches import batch, in_32_bits, nearly_constant
from bncourse.exercises.materials.standardizing import AFFINE, SPREADS, moments


def _in_a_row(rows, size):
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _in_turn(rows, pools):
    return [rows[start::pools] for start in range(min(pools, len(rows)))]


def _full(rows, size):
    return [pool for pool in _in_a_row(rows, size) if len(pool) == size]


def _without_rest(rows, size):
    if len(rows) % size:
        raise ValueError(f"{len(rows)} rows cannot be reshaped to pools of {size}")
    return _in_a_row(rows, size)


def _rest_merged(rows, size):
    start = max(len(rows) // size - 1, 0) * size
    return [*_in_a_row(rows[:start], size), rows[start:]]


# The rows of each pool: the first is right. A row that is in two pools gets what the later one
# gives; what becomes of a row that is in none, ALONE says.
CUTS = {
    "in-a-row": _in_a_row,
    "in-turn": lambda rows, size: _in_turn(rows, len(_in_a_row(rows, size))),
    "in-turn-by-size": _in_turn,
    "as-many-pools": lambda rows, size: np.array_split(rows, min(size, len(rows))),
    "even": lambda rows, size: np.array_split(rows, len(_in_a_row(rows, size))),
    "even-and-fewer": lambda rows, size: np.array_split(rows, max(len(rows) // size, 1)),
    "whole": lambda rows, size: [rows],
    "full": _full,
    "without-rest": _without_rest,
    "rest-merged": _rest_merged,
    "rest-from-before": lambda rows, size: [*_full(rows, size), rows[-size:]],
    "more-than-one": lambda rows, size: [p for p in _in_a_row(rows, size) if len(p) > 1],
}
# What becomes of rows that are in no pool.
ALONE = {
    "kept": lambda y, x, alone, affine: np.where(alone, x, y),
    "affine": lambda y, x, alone, affine: np.where(alone, affine(x), y),
    "zeros": lambda y, x, alone, affine: np.where(alone, 0, y),
    "affine-of-zeros": lambda y, x, alone, affine: np.where(alone, affine(0 * x), y),
    "left-out": lambda y, x, alone, affine: y[~alone.ravel()],
}
# What becomes of a pool that may be too small, and switches for its moments: the first is right.
RESTS = {
    "as-it-is": lambda pool, size: (pool, {}),
    "filled": lambda pool, size: (np.pad(pool, ((0, max(size - len(pool), 0)), (0, 0))), {}),
    "divided-by-size": lambda pool, size: (pool, {"too_large": len(pool) / size}),
    "unbiased-but-one": lambda pool, size: (pool, {"ddof": min(len(pool) - 1, 1)}),
}
# The mean and the variance that are used, from those of the pool, of the first one, and of the
# whole batch: the first is right.
STATISTICS = {
    "own": lambda pool, first, batch: pool,
    "of-first": lambda pool, first, batch: first,
    "mean-of-batch": lambda pool, first, batch: (batch[0], pool[1]),
    "variance-of-batch": lambda pool, first, batch: (pool[0], batch[1]),
    "about-mean-of-batch": lambda pool, first, batch: (
        batch[0],
        pool[1] + (pool[0] - batch[0]) ** 2,
    ),
}


def pooled_norm(
    x,
    size,
    gamma,
    beta,
    eps=1e-5,
    *,
    cut="in-a-row",
    alone="kept",
    in_order=True,
    fixed_eps=None,
    affine="both",
    **switches,
):
    """Return batch norm of `x`, (N, C), in pools of `size`; the switches make it wrong."""
    eps = eps if fixed_eps is None else fixed_eps
    scaled = partial(AFFINE[affine], gamma=gamma, beta=beta)
    pools = CUTS[cut](np.arange(len(x)), size)
    y = np.zeros(x.shape)
    for rows in pools:
        y[rows] = scaled(_x_hat(x, rows, size, eps, **switches))
    order = np.concatenate([*pools, np.zeros(0, int)])
    y = ALONE[alone](y, x, ~np.isin(np.arange(len(x)), order)[:, None], scaled)
    return y if in_order else y[order]


def _x_hat(
    x,
    rows,
    size,
    eps,
    *,
    axis=0,
    statistics="own",
    rest="as-it-is",
    spread="root",
    **switches,
):
    pool, more = RESTS[rest](x[rows], size)
    of_pool = moments(pool, axis, **(switches | more))
    of_others = (moments(part, axis, **switches) for part in (x[:size], x))
    mean, var = STATISTICS[statistics](of_pool, *of_others)
    return ((pool - mean) / SPREADS[spread](var, eps))[: len(rows)]


def _probe(name, x, gamma, beta, eps=1e-5, *, size, **fields):
    return Probe(name, (x, size, gamma, beta, eps), **fields)


EXERCISE = function_exercise(
    pooled_norm,
    outputs=("y",),
    probes=(
        _probe("even", *batch(4, 2, seed=1), size=2),
        _probe("three-pools", *batch(6, 3, seed=2), size=2),
        _probe("rest", *batch(8, 2, seed=3), size=3),
        _probe("rest-of-one", *batch(7, 2, seed=4), size=3),
        _probe("larger", *batch(3, 2, seed=5), size=5),
        _probe("ones", *batch(4, 3, seed=6), size=1),
        _probe("large-eps", *batch(9, 2, seed=7), 0.5, size=4),
        _probe("constant", *nearly_constant(5, 3, seed=8), size=3),
        _probe("square", *batch(3, 3, seed=9), size=3),
        _probe("float32", *in_32_bits(batch(10, 2, seed=10)), size=4, tolerance=1e-4),
        _probe(
            "far",
            *batch(8, 2, seed=11, scale=0.5, mean=1e8),
            size=4,
            tolerance=1e-3,
            rounding="one-pass-variance",
        ),
    ),
)
