"""The rate that is chosen, of accuracies made by hand."""

import numpy as np
import pytest
import xarray as xr

from bncourse.experiments import Config, History, grid, tuned

RATES = [0.01, 0.1, 1.0, 10.0]


def history_of(configs, last, epochs=10):
    """Return a history whose accuracies, (config, seed), come after the last epoch."""
    values = np.full((*np.shape(last), epochs + 1), 0.99)  # best before the end, which is no use
    for config, row, found in zip(configs, values, last, strict=True):
        row[:, config.epochs] = found
        row[:, config.epochs + 1 :] = np.nan
    axes = ("config", "seed", "epoch")
    data = xr.Dataset(
        {"validation_accuracy": (axes, values), "other": (axes, -values)},
        {"config": range(len(configs)), "seed": [5, 6], "epoch": range(epochs + 1)},
    )
    return History(configs, data)


def test_each_arm_gets_the_rate_of_its_best_mean():
    configs = grid(Config(), learning_rate=RATES, norm=["none", "batch"])
    means = {"none": [0.2, 0.8, 0.5, 0.1], "batch": [0.2, 0.6, 0.9, 0.1]}
    last = [
        [means[c.norm][RATES.index(c.learning_rate)] + d for d in (-0.05, 0.05)] for c in configs
    ]
    assert tuned(history_of(configs, last)) == [
        Config(learning_rate=0.1),
        Config(norm="batch", learning_rate=1.0),
    ]


def test_mean_counts_and_not_the_best_seed():
    configs = grid(Config(), learning_rate=RATES)
    last = [[0, 0], [0.6, 0.6], [1.0, 0.1], [0, 0]]
    assert tuned(history_of(configs, last))[0].learning_rate == 0.1


def test_rate_with_a_seed_that_is_not_finite_is_not_chosen():
    configs = grid(Config(), learning_rate=RATES)
    last = [[0.1, 0.1], [0.5, 0.5], [0.9, np.nan], [np.inf, 0.1]]
    assert tuned(history_of(configs, last))[0].learning_rate == 0.1


def test_last_value_is_that_of_the_arms_own_last_epoch():
    configs = grid(Config(), epochs=[4, 10], learning_rate=RATES)
    last = [[v, v] for v in (0.1, 0.7, 0.2, 0.1, 0.1, 0.2, 0.7, 0.1)]
    chosen = tuned(history_of(configs, last))
    assert [(c.epochs, c.learning_rate) for c in chosen] == [(4, 0.1), (10, 1.0)]


def test_another_array_can_be_made_large():
    configs = grid(Config(), learning_rate=RATES)
    last = [[0.9, 0.9], [0.5, 0.5], [0.2, 0.2], [0.7, 0.7]]
    assert tuned(history_of(configs, last), "other")[0].learning_rate == 1.0


@pytest.mark.parametrize(
    ("last", "edge"),
    [([0.9, 0.5, 0.3, 0.1], 0.01), ([0.1, 0.2, 0.3, 0.4], 10.0), ([np.nan] * 4, 0.01)],
)
def test_best_rate_at_the_edge_is_refused(last, edge):
    configs = grid(Config(norm="batch"), learning_rate=RATES)
    message = f"learning_rate={edge} is best and at the edge of its grid, 0.01 to 10.0, for Config"
    with pytest.raises(ValueError, match=message):
        tuned(history_of(configs, [[v, v] for v in last]))
