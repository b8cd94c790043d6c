"""What a History gives back: of known numbers, made by hand."""

import numpy as np
import pytest

from bncourse.data import digits, random_labels
from bncourse.evidence import Config, History, grid


def number(config, seed, step):
    return 100 * config + 10 * seed + step


@pytest.fixture
def make():
    def make(configs, seeds=(4, 2), steps=3, interrupted=False):
        diverged = np.zeros((len(configs), len(seeds)), bool)
        diverged[-1, 0] = True
        arrays = {
            "train_loss": np.fromfunction(number, (len(configs), len(seeds), steps)),
            "diverged": diverged,
        }
        times, axes = {"step": range(steps)}, {"train_loss": "step"}
        lengths = [steps] * len(configs)
        return History(configs, seeds, arrays, times, axes, lengths, interrupted)

    return make


@pytest.fixture
def history(make):
    return make(grid(Config(norm="batch"), norm_batch=[None, 8], learning_rate=[0.3, 0.1]))


def test_array_that_was_not_recorded_is_named_with_those_that_were(history):
    with pytest.raises(KeyError, match="'loss' was not recorded: choose from train_loss, diverged"):
        history["loss"]


def test_it_can_be_asked_what_was_recorded(history):
    assert "train_loss" in history
    assert "loss" not in history


def test_selection_is_of_the_configurations_with_all_the_settings(history):
    chosen = history.select(learning_rate=0.1, norm_batch=8)
    assert chosen.configs == [Config(norm="batch", norm_batch=8, learning_rate=0.1)]
    assert chosen["train_loss"].tolist() == [[[300, 301, 302], [310, 311, 312]]]
    assert chosen.seeds == [4, 2]
    assert chosen.steps == [3]


def test_selection_of_a_common_setting_keeps_all(history):
    assert history.select(norm="batch").configs == history.configs


def test_selection_of_nothing_is_refused(history):
    with pytest.raises(ValueError, match="no configuration has {'learning_rate': 0.2}, the first"):
        history.select(learning_rate=0.2)


def test_array_of_one_configuration_has_no_axis_for_it(history):
    found = history.of("train_loss", learning_rate=0.1, norm_batch=8)
    assert found.tolist() == [[300, 301, 302], [310, 311, 312]]


def test_array_of_several_configurations_is_refused(history):
    with pytest.raises(ValueError, match="2 configurations have {'norm_batch': 8}: name more"):
        history.of("train_loss", norm_batch=8)


@pytest.mark.parametrize(
    "ask",
    [
        lambda history: history.select(lr=1),
        lambda history: history.of("train_loss", lr=1),
        lambda history: history.values("lr"),
        lambda history: history.table("train_loss", "lr"),
    ],
)
def test_unknown_setting_is_refused_with_the_known_ones(history, ask):
    with pytest.raises(
        AttributeError, match="unknown setting 'lr': choose from data, model, depth"
    ):
        ask(history)


def test_table_has_an_axis_of_sorted_values_for_each_setting(history):
    table = history.table("train_loss", "learning_rate", "norm_batch")
    assert history.values("learning_rate") == [0.1, 0.3]
    assert history.values("norm_batch") == [8, None]
    assert table.shape == (2, 2, 2, 3)
    assert table[1, 0, 1, 1] == number(2, 1, 1)
    assert table[0, 1, 0, 2] == number(1, 0, 2)


def test_table_of_one_setting(history):
    table = history.select(norm_batch=8).table("train_loss", "learning_rate")
    assert table[0].tolist() == [[300, 301, 302], [310, 311, 312]]


def test_table_is_nan_where_nothing_was_run(make):
    configs = [Config(depth=1, width=4), Config(depth=2, width=8)]
    table = make(configs).table("train_loss", "width", "depth")
    assert np.isnan(table[0, 1]).all()
    assert table[1, 1, 0].tolist() == [100, 101, 102]


def test_values_that_are_functions_are_sorted_by_name(make):
    history = make([Config(data=random_labels), Config(data=digits)])
    assert history.values("data") == [digits, random_labels]


@pytest.mark.parametrize("settings", [("norm_batch",), ()])
def test_table_that_would_mix_configurations_is_refused(history, settings):
    with pytest.raises(ValueError, match="do not tell all configurations apart: name more"):
        history.table("train_loss", *settings)


def test_summary_counts_the_diverged(make, history):
    assert "4 configurations and 2 seeds: 1 of 8 runs diverged" in repr(history)
    assert "2 seeds, interrupted: 1 of 2 runs diverged" in repr(make([Config()], interrupted=True))
