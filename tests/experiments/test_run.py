"""What a run records, shows while it lasts, and gives back when it is interrupted."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest
import torch
import xarray as xr
from joblib import parallel_config
from tqdm import tqdm

from bncourse.experiments import Config, grid, run, sweep

STEPS = 3  # of an epoch: 28 samples, batches of 8


@pytest.fixture
def configs(tiny):
    config = Config(data=tiny, depth=1, width=4, batch_size=8, epochs=2)
    return grid(config, learning_rate=[0.1, 0.01, 0.2])


@pytest.fixture
def shown(monkeypatch):
    """Let the bar be seen, whatever the environment says."""
    monkeypatch.setattr(sweep, "tqdm", partial(tqdm, disable=False))


def slow(network, x, y):
    time.sleep(0.36)
    return {}


class Interrupt:
    """A probe that is the keyboard: Ctrl-C at its call number ``at``, from 0."""

    def __init__(self, at):
        self.calls_left = at

    def __call__(self, network, x, y):
        if self.calls_left == 0:
            raise KeyboardInterrupt
        self.calls_left -= 1
        return {"rows": x.new_full((x.shape[1],), len(x)), "two_layers": x.new_ones(x.shape[1], 2)}


def without_time(history):
    return history.data.drop_vars("seconds")


def test_record_has_a_value_for_each_step_and_epoch(configs):
    history = run(configs, [0, 1], test=True)
    sizes = {name: dict(values.sizes) for name, values in history.data.items()}
    runs = {"config": 3, "seed": 2}
    assert sizes == {
        "train_loss": runs | {"step": 2 * STEPS},
        "validation_loss": runs | {"epoch": 3},
        "validation_accuracy": runs | {"epoch": 3},
        "test_loss": runs,
        "test_accuracy": runs,
        "seconds": runs,
        "diverged": runs,
    }
    assert not history.interrupted


def test_test_split_is_not_touched_unless_asked_for(configs):
    assert not {"test_loss", "test_accuracy"} & set(run(configs[:1], [0]).data)


def test_one_config_need_not_be_in_a_list(configs):
    assert run(configs[0], np.arange(2))["train_loss"].sizes["config"] == 1


def test_runs_of_different_length_are_aligned_by_step_and_epoch(configs):
    short, long = grid(configs[0], epochs=[1, 2])
    both, alone = run([long, short], [0, 1]), run([short], [0, 1])
    assert both["train_loss"].isel(config=1, step=slice(STEPS, None)).isnull().all()
    assert both["validation_loss"].isel(config=1).isnull().sum("epoch").values.tolist() == [1, 1]
    for name in ("train_loss", "validation_loss"):
        found, expected = both[name].isel(config=1), alone[name].isel(config=0)
        values = found.isel({found.dims[1]: slice(expected.shape[1])}).values
        np.testing.assert_array_equal(values, expected.values)


def test_rows_keep_the_order_in_which_configurations_and_seeds_were_given(configs):
    deeper, shallower = grid(configs[0], depth=[2, 1])
    history = run([deeper, configs[1], shallower], [7, 3])
    assert history["train_loss"]["seed"].values.tolist() == [7, 3]
    for number, config in enumerate([deeper, configs[1], shallower]):
        alone = run(config, [7, 3])["train_loss"]
        np.testing.assert_allclose(history["train_loss"][number], alone[0], rtol=1e-5)


def test_probes_are_called_every_so_many_steps_and_at_the_end(configs):
    def scale(network, x, y):
        return {"scale": network.head.weight.std((1, 2)), "layers": network.head.weight[:, :2, 0]}

    history = run(configs, [0, 1], probes=[scale], every=4)
    assert history["scale"]["probed"].values.tolist() == [0, 4, 6]
    assert history["layers"].dims == ("config", "seed", "probed", "layer")
    assert history["layers"]["layer"].values.tolist() == [1, 2]
    before = history["scale"].sel(probed=0)
    assert (before == before[0]).all()  # arms start alike, and then they part
    assert (history["scale"].sel(probed=6) != before).all()


def test_probe_sees_a_network_in_training(configs):
    def mode(network, x, y):
        return {"training": x.new_full((x.shape[1],), network.training)}

    assert run(configs[0], [0], probes=[mode], every=1)["training"].values.all()


def test_time_is_shared_out_among_the_members_and_leaves_out_the_probes(configs):
    seconds = run(configs, [0, 1], probes=[slow], every=6)["seconds"]
    assert (seconds == seconds[0, 0]).all()
    assert 0 < seconds.sum() < 2 * 0.36


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([], [0]), TypeError, r"configs must be a list of at least one Config, got \[\]"),
        ((["batch"], [0]), TypeError, r"configs must be .* Config, got \['batch'\]"),
        (([Config(), Config()], [0]), ValueError, "configs holds a configuration twice"),
        ((Config(), []), TypeError, r"seeds must be a list of at least one integer .*, got \[\]"),
        ((Config(), [0.5]), TypeError, r"seeds must be .* from 0, got \[0.5\]"),
        ((Config(), [-1]), TypeError, r"seeds must be .* from 0, got \[-1\]"),
        ((Config(), [2, 3, 2]), ValueError, r"seeds holds a seed twice, got \[2, 3, 2\]"),
    ],
)
def test_unsuitable_configs_and_seeds_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        run(*arguments)


@pytest.mark.parametrize("name", ["every", "members"])
def test_unsuitable_counts_are_refused(configs, name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        run(configs, [0], **{name: 0})


def test_threads_of_torch_are_given_back(configs):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        run(configs[0], [0])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_bar_appears_after_two_seconds_and_counts_epochs(configs, shown, capsys):
    run(configs[:2], [0, 1], probes=[slow], every=1)
    bar = capsys.readouterr().err
    assert "8/8" in bar
    assert "epoch" in bar


def test_no_bar_appears_in_a_short_run(configs, shown, capsys):
    run(configs[:2], [0, 1])
    assert capsys.readouterr().err == ""


def test_keyboard_gives_back_what_is_finished_and_the_rest_is_nan(configs):
    whole = run(configs, [0, 1], members=2, probes=[Interrupt(at=100)], every=1)
    with pytest.warns(UserWarning, match="interrupted: what was not reached is nan") as caught:
        part = run(configs, [0, 1], members=2, probes=[Interrupt(at=7 + 2)], every=1)
    assert caught[0].filename == __file__
    assert part.interrupted
    assert "interrupted" in repr(part)
    done = [without_time(history).isel(config=[0, 1], seed=0) for history in (whole, part)]
    arms = without_time(whole), without_time(part)
    assert done[0].equals(done[1])
    first, second = (arm.isel(config=[0, 1], seed=1) for arm in arms)
    xr.testing.assert_equal(second["train_loss"][:, :2], first["train_loss"][:, :2])
    assert second["train_loss"][:, 2:].isnull().all()
    assert second["validation_loss"].isnull().sum("epoch").values.tolist() == [2, 2]
    assert second["rows"].isnull().sum("probed").values.tolist() == [5, 5]
    assert arms[1]["train_loss"].isel(config=2).isnull().all()


def test_keyboard_before_the_first_step_is_a_keyboard_interrupt(configs):
    with pytest.raises(KeyboardInterrupt):
        run(configs, [0], probes=[Interrupt(at=0)])


@pytest.mark.filterwarnings("ignore:.*tasks which were still being processed")  # joblib: cancelled
def test_keyboard_in_parallel_gives_back_what_is_finished(configs):
    with parallel_config(backend="threading"):
        whole = run(configs, [0, 1], members=1)
        with pytest.warns(UserWarning, match="interrupted"):
            part = run(configs, [0, 1], members=1, jobs=2, probes=[Interrupt(at=9)], every=3)
    finished = part["train_loss"].notnull()
    assert part.interrupted
    assert 0 < finished.sum() < finished.size
    np.testing.assert_array_equal(
        part["train_loss"].values[finished], whole["train_loss"].values[finished]
    )


SCRIPT = """
import sys
from bncourse.experiments import Config, run

def ready(network, x, y):
    print("ready", flush=True)
    return {}

history = run(Config(depth=1, width=4, epochs=10_000), [0], probes=[ready], every=100)
found = history["train_loss"].notnull().sum().item()
print("found", 100 < found, history.interrupted)
"""


def test_signal_of_the_keyboard_gives_back_what_is_finished_and_no_bar_if_unwanted():
    environment = os.environ | {"TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", SCRIPT]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        start = [process.stdout.readline() for _ in range(3)]
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert start == ["ready\n"] * 3
    assert out.splitlines()[-1] == "found True True"
    assert err == ""
