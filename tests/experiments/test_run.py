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
from joblib import parallel_config
from tqdm import tqdm

from bncourse.experiments import Config, Stack, grid, run, sweep
from bncourse.experiments.chunks import chunks

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


def test_record_has_a_value_for_each_step_and_epoch(configs):
    history = run(configs, [0, 1], test=True, losses=True)
    assert {name: values.shape for name, values in history.arrays.items()} == {
        "train_loss": (3, 2, 2 * STEPS),
        "first_losses": (3, 2, 5),
        "epoch_loss": (3, 2, 2),
        "validation_loss": (3, 2, 3),
        "validation_accuracy": (3, 2, 3),
        "test_loss": (3, 2),
        "test_accuracy": (3, 2),
        "diverged": (3, 2),
    }
    assert history.times == {"step": list(range(2 * STEPS)), "epoch": [0, 1, 2]}
    assert history.steps == [2 * STEPS] * 3
    assert not history.interrupted


def test_losses_of_epochs_are_means_over_their_steps(configs):
    history = run(configs, [0, 1], losses=True)
    by_epoch = history["train_loss"].reshape(3, 2, 2, STEPS).mean(3)
    np.testing.assert_allclose(history["epoch_loss"], by_epoch, rtol=1e-4)
    np.testing.assert_array_equal(history["first_losses"], history["train_loss"][..., :5])


def test_losses_of_every_step_and_the_test_split_are_left_out_unless_asked_for(configs):
    plain = run(configs[:1], [0])
    assert not {"train_loss", "test_loss", "test_accuracy"} & set(plain.arrays)


def test_one_config_need_not_be_in_a_list(configs):
    assert run(configs[0], np.arange(2))["epoch_loss"].shape == (1, 2, 2)


def test_runs_of_different_length_are_aligned_by_step_and_epoch(configs):
    short, long = grid(configs[0], epochs=[1, 2])
    both, alone = (run(arms, [0, 1], losses=True) for arms in ([long, short], [short]))
    assert np.isnan(both["train_loss"][1, :, STEPS:]).all()
    assert np.isnan(both["validation_loss"][1]).sum(1).tolist() == [1, 1]
    assert both.steps == [2 * STEPS, STEPS]
    for name in ("train_loss", "validation_loss", "epoch_loss"):
        expected = alone[name][0]
        np.testing.assert_array_equal(both[name][1, :, : expected.shape[1]], expected)


def test_networks_of_different_depth_are_aligned_by_layer(configs):
    def layers(network, x, y):
        return {"layers": x.new_ones(x.shape[1], len(network.blocks))}

    found = run(grid(configs[0], depth=[2, 1]), [0, 1], probes=[layers], every=100)["layers"]
    assert found.shape == (2, 2, 2, 2)
    assert np.isnan(found[1, ..., 1]).all()
    assert (found[0] == 1).all()


def test_rows_keep_the_order_in_which_configurations_and_seeds_were_given(configs):
    deeper, shallower = grid(configs[0], depth=[2, 1])
    history = run([deeper, configs[1], shallower], [7, 3])
    assert history.seeds == [7, 3]
    for number, config in enumerate([deeper, configs[1], shallower]):
        alone = run(config, [7, 3])["epoch_loss"]
        np.testing.assert_allclose(history["epoch_loss"][number], alone[0], rtol=1e-4)


def test_probes_are_called_every_so_many_steps_and_at_the_end(configs):
    history = run(configs, [0, 1], probes=[scale], every=4)
    assert history.times["probed"] == [0, 4, 6]
    assert history["layers"].shape == (3, 2, 3, 2)
    before, after = history["scale"][:, :, 0], history["scale"][:, :, 2]
    assert (before == before[0]).all()  # arms start alike, and then they part
    assert (after != before).all()


def scale(network, x, y):
    return {"scale": network.head.weight.std((1, 2)), "layers": network.head.weight[:, :2, 0]}


def test_probes_are_called_at_the_steps_that_are_named(configs):
    history = run(configs, [0, 1], probes=[scale], every=[5, 1, 6])
    assert history.times["probed"] == [1, 5, 6]
    often = run(configs, [0, 1], probes=[scale], every=1)
    np.testing.assert_array_equal(history["scale"], often["scale"][:, :, [1, 5, 6]])


def test_probe_sees_a_network_in_training(configs):
    def mode(network, x, y):
        return {"training": x.new_full((x.shape[1],), network.training)}

    assert run(configs[0], [0], probes=[mode], every=1)["training"].all()


def test_measurements_are_made_of_the_trained_stack(configs):
    def weights(stack):
        return {"weights": stack.network.head.weight.flatten(1), **stack.score("test")}

    history = run(configs, [0, 1], after=[weights], test=True)
    assert history["weights"].shape == (3, 2, 16)
    again = run(configs, [0, 1], test=True)
    np.testing.assert_array_equal(history["test_accuracy"], again["test_accuracy"])


def test_step_of_a_readers_own_takes_the_place_of_the_usual_one(configs):
    def twice(stack, x, y):
        losses = stack.step(x, y)
        return {"train_loss": losses, "second": stack.step(x, y)}

    history = run(configs, [0, 1], step=twice, losses=True)
    assert history["second"].shape == (3, 2, 2 * STEPS)
    usual = run(configs, [0, 1], losses=True)
    np.testing.assert_array_equal(history["train_loss"][..., 0], usual["train_loss"][..., 0])
    assert (history["train_loss"][..., 1] != usual["train_loss"][..., 1]).all()
    np.testing.assert_array_equal(
        run(configs, [0, 1], step=Stack.step)["epoch_loss"], usual["epoch_loss"]
    )


def test_jitter_changes_rounding_and_nothing_more(configs):
    losses = [run(configs, [0, 1], jitter=k)["first_losses"] for k in range(8)]
    for moved in losses[1:]:
        np.testing.assert_allclose(moved, losses[0], rtol=1e-4)
    assert len({moved.tobytes() for moved in losses}) > 2


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([], [0]), TypeError, r"configs must be a list of at least one Config, got \[\]"),
        ((["batch"], [0]), TypeError, r"configs must be .* Config, got \['batch'\]"),
        (([Config(), Config()], [0]), ValueError, "configs holds a configuration twice"),
        ((Config(), []), TypeError, r"seeds must be a list of at least one integer .*, got \[\]"),
        ((Config(), [0.5]), TypeError, r"seeds must be .* from 0, got \[0.5\]"),
        ((Config(), [-1]), TypeError, r"seeds must be .* from 0, got \[-1\]"),
        ((Config(), [2**32]), ValueError, "seeds must be below 2³², got 4294967296"),
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


@pytest.mark.parametrize("every", [[], [-1], "often"])
def test_unsuitable_steps_to_look_at_are_refused(configs, every):
    with pytest.raises(ValueError, match="every must be a number of steps, or a list of steps"):
        run(configs, [0], every=every)


def test_unknown_dtype_is_refused(configs):
    with pytest.raises(ValueError, match="dtype is 'half': use one of float32, float64"):
        run(configs, [0], dtype="half")


def test_flushing_of_small_numbers_is_left_as_it_was(configs):
    torch.set_flush_denormal(True)
    try:
        run(configs[0], [0])
        assert torch.tensor(1e-38) / 10 == 0
    finally:
        torch.set_flush_denormal(False)
    run(configs[0], [0])
    assert torch.tensor(1e-38) / 10 > 0


def test_there_is_work_for_every_process(configs):
    assert len(chunks(configs, range(10), processes=4)) >= 4
    assert len(chunks(configs, range(10))) == 1


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
    whole = run(configs, [0, 1], members=2, probes=[Interrupt(at=100)], every=1, losses=True)
    with pytest.warns(UserWarning, match="interrupted: what was not reached is nan") as caught:
        probe = Interrupt(at=7 + 2)
        part = run(configs, [0, 1], members=2, probes=[probe], every=1, losses=True)
    assert caught[0].filename == __file__
    assert part.interrupted
    assert "interrupted" in repr(part)
    np.testing.assert_array_equal(part["train_loss"][:2, 0], whole["train_loss"][:2, 0])
    np.testing.assert_array_equal(part["train_loss"][:2, 1, :2], whole["train_loss"][:2, 1, :2])
    assert np.isnan(part["train_loss"][:2, 1, 2:]).all()
    assert np.isnan(part["validation_loss"][:2, 1]).sum(1).tolist() == [2, 2]
    assert np.isnan(part["rows"][:2, 1]).sum(1).tolist() == [5, 5]
    assert np.isnan(part["train_loss"][2]).all()


def test_keyboard_before_the_first_step_is_a_keyboard_interrupt(configs):
    with pytest.raises(KeyboardInterrupt):
        run(configs, [0], probes=[Interrupt(at=0)])


@pytest.mark.filterwarnings("ignore:.*tasks which were still being processed")  # joblib: cancelled
def test_keyboard_in_parallel_gives_back_what_is_finished(configs):
    with parallel_config(backend="threading"):
        whole = run(configs, [0, 1], members=1, losses=True)
        with pytest.warns(UserWarning, match="interrupted"):
            probe = Interrupt(at=9)
            part = run(configs, [0, 1], members=1, jobs=2, probes=[probe], every=3, losses=True)
    finished = np.isfinite(part["train_loss"])
    assert part.interrupted
    assert 0 < finished.sum() < finished.size
    np.testing.assert_array_equal(part["train_loss"][finished], whole["train_loss"][finished])


SCRIPT = """
import signal
from bncourse.experiments import Config, run

def ready(network, x, y):
    print("ready", flush=True)
    return {}

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
config = Config(depth=1, width=4, epochs=10_000)
history = run(config, [0], probes=[ready], every=100, losses=True)
found = history["train_loss"].size
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
