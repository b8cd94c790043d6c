"""Three processes against one big batch, which ``torch.nn.BatchNorm`` normalizes."""

import re

import pytest
import torch

TOLERANCE = {
    torch.float32: {"rtol": 1e-6, "atol": 1e-6},
    torch.float64: {"rtol": 1e-12, "atol": 1e-12},
}
CLOSE = TOLERANCE[torch.float64]
TORCHS = {"vectors": "1d", "sequences": "1d", "images": "2d", "volumes": "3d"}
OPTIONS = ["no affine", "no bias", "cumulative average", "no running statistics", "large eps"]


def doubles(tensors):
    return [tensor.double() for tensor in tensors]


@pytest.fixture
def assert_one_batch(observations):
    """Return an assertion: the processes saw what a layer makes of the concatenated shards.

    The layer computes in float64: in float32, torch rounds the mean of numbers far from 0 too much.
    """

    def check(ranks, layer, x, weights, **tolerance):
        whole = (torch.cat(shards).double() for shards in (x, weights))
        expected = observations.two_steps(layer.double(), *whole)
        for key in ("y", "first", "second"):
            # One scale for all: a parameter's second derivative may be a sum that nearly vanishes.
            scale = max(right.abs().max() for right in expected[key])
            for index, right in enumerate(expected[key]):
                parts = doubles(rank[key][index] for rank in ranks)
                # The input comes first: each shard has its part. Parameters' parts are summed up.
                found = torch.cat(parts) if index == 0 else sum(parts)
                torch.testing.assert_close(found / scale, right / scale, **tolerance)
        for rank in ranks:
            buffers = (doubles(each["buffers"]) for each in (rank, expected))
            torch.testing.assert_close(*buffers, **tolerance)

    return check


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("name", TORCHS)
def test_shards_are_normalized_as_one_batch(seen, observations, assert_one_batch, name, dtype):
    layer = getattr(torch.nn, f"BatchNorm{TORCHS[name]}")(observations.CHANNELS, dtype=dtype)
    ranks = [rank[name, dtype] for rank in seen["shapes"]]
    x, weights = observations.batch(name, dtype)
    assert_one_batch(ranks, observations.filled(layer), x, weights, **TOLERANCE[dtype])


@pytest.mark.parametrize("name", OPTIONS)
def test_options_mean_what_they_mean_for_one_batch(seen, observations, assert_one_batch, name):
    options = observations.OPTIONS[name]
    layer = torch.nn.BatchNorm2d(observations.CHANNELS, dtype=torch.float64, **options)
    ranks = [rank[name] for rank in seen["options"]]
    assert_one_batch(ranks, observations.filled(layer), *observations.batch("images"), **CLOSE)


def test_a_mean_of_ten_thousand_standard_deviations_costs_no_digits(
    seen, observations, assert_one_batch
):
    x = observations.far_from_zero()
    layer = torch.nn.BatchNorm1d(3)
    weights = [shard - 1e4 for shard in x]
    assert_one_batch(seen["far"], layer, x, weights, **TOLERANCE[torch.float32])


def test_a_constant_channel_has_variance_zero(seen, observations):
    for rank in seen["far"]:
        running_var = rank["buffers"][1]
        assert running_var[2] == pytest.approx(0.9**2)  # of 1, after two batches with variance 0


def test_16_bit_input_is_normalized_in_float32(seen, observations):
    x = torch.cat(observations.batch("images", torch.bfloat16)[0])
    layer = torch.nn.BatchNorm2d(observations.CHANNELS)
    y = layer(x.float())
    outputs, running_means = zip(*seen["half"], strict=True)
    assert torch.cat(outputs).dtype == torch.bfloat16
    torch.testing.assert_close(torch.cat(outputs).float(), y.detach(), rtol=2**-8, atol=1e-3)
    for running_mean in running_means:
        torch.testing.assert_close(running_mean, layer.running_mean)


def test_output_is_laid_out_as_torchs(seen, observations):
    x = observations.batch("images", sizes=(2, 2, 2))[0][0]
    x = x.contiguous(memory_format=torch.channels_last)
    layer = torch.nn.BatchNorm2d(observations.CHANNELS, dtype=torch.float64)
    expected = layer(x).stride(), layer(x.contiguous().permute(0, 1, 3, 2)).stride()
    assert seen["strides"] == [expected] * 3


def test_a_layer_sends_once_each_way_and_never_in_evaluation(seen):
    for rank in seen["collectives"]:
        assert rank["forwards"] == [("all_reduce", (2, 2 * 6 + 1))]  # two pieces
        assert rank["backwards"] == [("all_reduce", (2 * 6,))]
        assert rank["evaluation"] == []


def test_a_network_under_ddp_trains_as_on_one_big_batch(seen, observations):
    x, weights = (torch.cat(shards) for shards in observations.batch("images"))
    expected = observations.train(observations.network(), x, weights[:, :3], 1 / len(x))
    for state in seen["ddp"]:
        torch.testing.assert_close(state, dict(expected), rtol=1e-9, atol=1e-9)


def moved(history, means):
    """Return the running means that start from ``history``, 0 before it, one step later."""
    before = torch.cat([torch.zeros_like(history[:1]), history[:-1]])
    return 0.9 * before + 0.1 * means


def test_ddp_begins_each_step_with_the_buffers_of_process_0(seen):
    for rank, found in enumerate(seen["buffers"]):
        history = found["history"]["plain", True]
        expected = moved(history[:, 0], found["means"])  # whatever this process saw before
        torch.testing.assert_close(history[:, rank], expected, **CLOSE)
        assert not torch.allclose(history[:, 0], history[:, 1])


def test_ddp_without_synchronized_buffers_leaves_each_process_its_history(seen):
    for rank, found in enumerate(seen["buffers"]):
        history = found["history"]["plain", False][:, rank]
        torch.testing.assert_close(history, moved(history, found["means"]), **CLOSE)


@pytest.mark.parametrize("sync", [True, False])
def test_synchronized_running_statistics_need_no_help_of_ddp(seen, sync):
    everyones = torch.stack([found["means"] for found in seen["buffers"]]).mean(0)
    for found in seen["buffers"]:
        history = found["history"]["synchronized", sync]
        for rank in range(3):
            own = history[:, rank]
            torch.testing.assert_close(own, moved(own, everyones), **CLOSE)


def test_a_process_outside_the_group_is_on_its_own(seen, observations):
    first, outside, third = observations.batch("vectors", sizes=(3, 3, 3))[0]
    normalized = [torch.nn.BatchNorm1d(4).double()(x) for x in (torch.cat([first, third]), outside)]
    torch.testing.assert_close(torch.cat([seen["part"][0], seen["part"][2]]), normalized[0])
    torch.testing.assert_close(seen["part"][1], normalized[1])


def test_one_value_in_all_processes_is_an_error_in_each(seen):
    for rank, few in enumerate(seen["few"]):
        size = re.escape(str((int(rank == 1), 2)))
        message = f"Expected more than 1 value per channel when training.*{size}.*evaluation mode"
        assert re.search(message, few["one"])


def test_one_value_in_each_of_two_processes_is_enough(seen):
    x = torch.tensor([[0.0, 0.0], [2.0, 2.0]])
    expected = torch.nn.BatchNorm1d(2)
    y = torch.cat([few["two"][0] for few in seen["few"]])
    torch.testing.assert_close(y, expected(x).detach())
    for few in seen["few"]:
        torch.testing.assert_close(few["two"][1], expected.running_var)


def test_a_batch_that_is_empty_everywhere_leaves_running_statistics_as_they_are(seen):
    for few in seen["few"]:
        shape, running_mean, running_var, batches = few["none"]
        assert shape == (0, 2, 3)
        assert (running_mean == 0).all() and (running_var == 1).all() and batches == 1


WHAT_TO_DO = (
    "in vain.*Another process has died.*read the first error in the logs of all processes, then "
    "start all of them again.*how long one waits is the timeout of init_process_group"
)


def test_who_waits_in_vain_for_a_process_that_lives_gets_an_error_when_time_is_up(seen):
    for rank in (0, 1):
        layer = rf"^SyncBatchNorm\(4\), backwards: process {rank} of 3 waited for 8 numbers.*"
        assert re.search(layer + WHAT_TO_DO, seen["missing"][rank])


def test_a_killed_process_ends_the_others_with_an_error_that_says_what_to_do(seen):
    for rank in (0, 2):
        layer = f"^layer 'head', forwards: process {rank} of 3 waited for 18 numbers.*"
        assert re.search(layer + WHAT_TO_DO, seen["killed"][rank])
