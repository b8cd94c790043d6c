"""Answers to the exercise as people write them: right ones in many styles, and wrong ones."""

import math

import numpy as np


def by_a_loop(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    weight, steps = 1.0, 0
    while weight >= share:
        weight *= 1 - u
        steps += 1
    return u, steps


def with_numpy(momentum, library, share):
    keep = {"pytorch": 1 - momentum, "keras": momentum, "flax": momentum}[library]
    return 1 - keep, int(np.ceil(np.log(share) / np.log(keep)))


def with_a_whole_float(momentum, library, share):
    u = 1 - momentum if library in ("keras", "flax") else momentum
    return u, np.ceil(np.log(share) / np.log1p(-u))


def with_logarithms_to_base_ten(momentum, library, share):
    u = abs((library != "pytorch") - momentum)
    return [u, math.floor(math.log10(share) / math.log10(1 - u)) + 1]


def by_searching_a_table(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    weights = (1 - u) ** np.arange(100_000)
    return {"update_rate": np.float64(u), "steps": np.argmax(weights < share)}


RIGHT = [
    by_a_loop,
    with_numpy,
    with_a_whole_float,
    with_logarithms_to_base_ten,
    by_searching_a_table,
]


def always_pytorch(momentum, library, share):
    return with_numpy(momentum, "pytorch", share)


def keras_the_wrong_way(momentum, library, share):
    return with_numpy(momentum, "keras" if library == "pytorch" else "pytorch", share)


def numpy_log10_of_the_share(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    return u, math.ceil(math.log10(share) / math.log(1 - u))


def cut_off(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    return u, int(math.log(share) / math.log(1 - u))


def counting_from_one(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    steps = 1
    while (1 - u) ** (steps - 1) >= share:
        steps += 1
    return u, steps


def power_of_u(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    return u, math.ceil(math.log(share, u))


def in_words(momentum, library, share):
    return f"{momentum}", "44 steps"


def always_pytorch_by_a_loop(momentum, library, share):
    return by_a_loop(momentum, "pytorch", share)


def the_wrong_way_by_a_loop(momentum, library, share):
    return by_a_loop(momentum, "keras" if library == "pytorch" else "pytorch", share)


def what_is_kept(momentum, library, share):
    u, steps = by_a_loop(momentum, library, share)
    return 1 - u, steps


def up_to_a_thousand(momentum, library, share):
    u, steps = by_a_loop(momentum, library, share)
    return u, min(1000, steps)


def of_two_libraries(momentum, library, share):
    u = {"pytorch": momentum, "keras": 1 - momentum}[library]
    return u, math.ceil(math.log(share) / math.log(1 - u))


def weight_of_oldest_batch(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    n = 0
    while u * (1 - u) ** n >= share:
        n += 1
    return u, n


def share_in_per_cent(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    return u, math.ceil(math.log(share / 100) / math.log(1 - u))


def of_keras_as_pytorch_rounded_down(momentum, library, share):
    u = momentum if library in ("pytorch", "keras") else 1 - momentum
    return u, int(math.log(share) / math.log(1 - u))


def until_a_batch_hardly_counts(momentum, library, share):
    u = momentum if library == "pytorch" else 1 - momentum
    n = 1
    while u * (1 - u) ** n >= share:
        n += 1
    return u, n


WRONG = [
    (always_pytorch_by_a_loop, {"momentum-taken-as-rate"}),
    (the_wrong_way_by_a_loop, {"libraries-reversed"}),
    (what_is_kept, {"weight-of-old-returned"}),
    (up_to_a_thousand, None),
    (of_two_libraries, {"library-not-known"}),
    (always_pytorch, {"momentum-taken-as-rate"}),
    (keras_the_wrong_way, {"libraries-reversed"}),
    (numpy_log10_of_the_share, {"logarithms-mixed"}),
    (cut_off, {"steps-rounded-down"}),
    (counting_from_one, {"one-step-too-many"}),
    (power_of_u, {"power-of-update-rate"}),
    (in_words, {"not-numbers"}),
    (weight_of_oldest_batch, {"weight-of-one-batch"}),
    (share_in_per_cent, {"share-taken-as-percentage"}),
    (of_keras_as_pytorch_rounded_down, {"keras-read-as-pytorch", "steps-rounded-down"}),
    (until_a_batch_hardly_counts, {"weight-of-one-batch"}),
]
