"""What a History gives back: of known numbers, made by hand."""

from functools import partial

import numpy as np
import pytest
import xarray as xr

from bncourse.data import digits
from bncourse.experiments import Config, History, grid


def number(config, seed, step):
    return 100 * config + 10 * seed + step


@pytest.fixture
def make():
    def make(configs, seeds=(4, 2), steps=3, interrupted=False):
        values = np.fromfunction(number, (len(configs), len(seeds), steps))
        diverged = np.zeros(values.shape[:2], bool)
        diverged[-1, 0] = True
        data = xr.Dataset(
            {
                "train_loss": (("config", "seed", "step"), values),
                "diverged": (("config", "seed"), diverged),
            },
            {"config": range(len(configs)), "seed": list(seeds), "step": range(steps)},
        )
        return History(configs, data, interrupted)

    return make


@pytest.fixture
def history(make):
    return make(grid(Config(norm="batch"), norm_batch=[None, 8], learning_rate=[0.3, 0.1]))


def test_array_that_was_not_recorded_is_named_with_those_that_were(history):
    with pytest.raises(KeyError, match="'loss' was not recorded: choose from train_loss, diverged"):
        history["loss"]


def test_settings_that_differ_are_coordinates_and_the_others_are_not(history):
    assert history["train_loss"]["learning_rate"].values.tolist() == [0.3, 0.1, 0.3, 0.1]
    assert history["train_loss"]["norm_batch"].values.tolist() == [None, None, 8, 8]
    assert "depth" not in history["train_loss"].coords


def test_selection_is_of_the_configurations_with_all_the_settings(history):
    chosen = history.select(learning_rate=0.1, norm_batch=8)
    assert chosen.configs == [Config(norm="batch", norm_batch=8, learning_rate=0.1)]
    assert chosen["train_loss"].values.tolist() == [[[300, 301, 302], [310, 311, 312]]]
    assert "norm_batch" not in chosen["train_loss"].coords


def test_selection_of_a_common_setting_keeps_all(history):
    assert history.select(norm="batch").configs == history.configs


def test_selection_of_nothing_is_refused(history):
    with pytest.raises(ValueError, match="no configuration has {'learning_rate': 0.2}, the first"):
        history.select(learning_rate=0.2)


@pytest.mark.parametrize("ask", [lambda h: h.select(lr=1), lambda h: h.table("train_loss", "lr")])
def test_unknown_setting_is_refused_with_the_known_ones(history, ask):
    with pytest.raises(
        AttributeError, match="unknown setting 'lr': choose from data, model, depth"
    ):
        ask(history)


def test_table_has_an_axis_of_sorted_values_for_each_setting(history):
    table = history.table("train_loss", "learning_rate", "norm_batch")
    assert table.dims == ("learning_rate", "norm_batch", "seed", "step")
    assert table["learning_rate"].values.tolist() == [0.1, 0.3]
    assert table["norm_batch"].values.tolist() == [8, None]
    assert table.sel(learning_rate=0.3, norm_batch=8, seed=2, step=1).item() == number(2, 1, 1)
    assert table.sel(learning_rate=0.1, norm_batch=None, seed=4, step=2).item() == number(1, 0, 2)


def test_table_of_one_setting(history):
    table = history.select(norm_batch=8).table("train_loss", "learning_rate")
    assert table.dims == ("learning_rate", "seed", "step")
    assert table.sel(learning_rate=0.1).values.tolist() == [[300, 301, 302], [310, 311, 312]]


def test_table_is_nan_where_nothing_was_run(make):
    configs = [Config(depth=1, width=4), Config(depth=2, width=8)]
    table = make(configs).table("train_loss", "width", "depth")
    assert np.isnan(table.sel(width=4, depth=2)).all()
    assert table.sel(width=8, depth=2, seed=4).values.tolist() == [100, 101, 102]


def test_table_of_data_is_labelled_with_names(make):
    configs = [Config(data=digits), Config(data=partial(digits, test=0.3))]
    labels = make(configs).table("train_loss", "data")["data"].values.tolist()
    assert "digits" in labels
    assert any("test=0.3" in label for label in labels)


def test_table_that_would_mix_configurations_is_refused(history):
    message = r"the settings \('norm_batch',\) do not tell all configurations apart: name more"
    with pytest.raises(ValueError, match=message):
        history.table("train_loss", "norm_batch")


def test_frame_has_a_row_for_each_number_and_its_settings(history):
    frame = history.to_frame()
    assert set(frame.columns) == {
        *("config", "seed", "step", "learning_rate", "norm_batch", "train_loss")
    }
    assert len(frame) == 4 * 2 * 3
    row = frame.query("config == 2 and seed == 2 and step == 1").iloc[0]
    assert (row["learning_rate"], row["norm_batch"], row["train_loss"]) == (0.3, 8, 211)


def test_frame_of_an_array_without_time(history):
    frame = history.to_frame("diverged")
    assert frame["diverged"].sum() == 1
    assert frame.loc[frame["diverged"], ["config", "seed"]].values.tolist() == [[3, 4]]


def test_summary_counts_the_diverged(make, history):
    assert "4 configurations and 2 seeds: 1 of 8 runs diverged" in repr(history)
    assert "2 seeds, interrupted: 1 of 2 runs diverged" in repr(make([Config()], interrupted=True))
