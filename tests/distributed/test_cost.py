"""Costs on paper against counted messages and closed forms."""

import pytest
import torch

import bncourse.nn
from bncourse.distributed import norm_channels, resnet_channels, ring, step_cost, tree


def test_resnet_50_has_the_norms_of_the_paper():
    channels = resnet_channels()
    assert len(channels) == 53
    # Published implementations count 53,120 running statistics, two for each channel.
    assert 2 * sum(channels) == 53120
    assert max(channels) == 2048
    # 101 layers: 99 convolutions in blocks, one before, a linear one; 4 more on the shortcuts.
    assert len(resnet_channels((3, 4, 23, 3))) == 99 + 1 + 4


def sent_around_a_ring(numbers):
    """Return the totals, rounds, and how many numbers each device sent, part after part."""
    devices = len(numbers)
    sent = [0] * devices
    for turn in range(2 * (devices - 1)):
        adding = turn < devices - 1
        parts = [(rank - turn + (not adding) * devices) % devices for rank in range(devices)]
        messages = [numbers[rank][part] for rank, part in enumerate(parts)]
        for rank, (part, message) in enumerate(zip(parts, messages, strict=True)):
            following = numbers[(rank + 1) % devices]
            following[part] = following[part] + message if adding else message
            sent[rank] += 1
    return numbers, 2 * (devices - 1), sent


@pytest.mark.parametrize("devices", [2, 3, 8])
def test_ring_is_what_a_played_ring_sends(devices):
    given = torch.arange(devices**2).reshape(devices, devices)  # a number a part
    found, rounds, sent = sent_around_a_ring(given.tolist())
    assert found == [given.sum(0).tolist()] * devices
    assert ring(devices, devices) == (rounds, sent[0])
    assert len(set(sent)) == 1


@pytest.mark.parametrize(("devices", "rounds"), [(1, 0), (2, 2), (3, 4), (8, 6), (9, 8), (512, 18)])
def test_tree_doubles_in_each_round_up_and_down(devices, rounds):
    assert tree(10, devices) == (rounds, 10 * rounds)


@pytest.mark.parametrize("schedule", [ring, tree])
def test_cost_adds_up_layers_and_directions(schedule):
    cost = step_cost([3, 5], 4, schedule, latency=2.0, bandwidth=8.0)
    sizes = [16 * 7, 8 * 3, 16 * 11, 8 * 5]  # forwards 2 C + 1 pairs of 8 bytes, backwards 2 C of 4
    parts = [schedule(size, 4) for size in sizes]
    assert cost.all_reduces == 4
    assert cost.rounds == sum(rounds for rounds, _ in parts)
    assert cost.bytes == sum(sent for _, sent in parts)
    assert cost.seconds == cost.rounds * 2 + cost.bytes / 8
    assert cost.latency_share == cost.rounds * 2 / cost.seconds


def test_a_single_device_or_no_norm_costs_nothing():
    for cost in (step_cost([3], 1), step_cost([], 8)):
        assert (cost.rounds, cost.bytes, cost.seconds, cost.latency_share) == (0, 0, 0, 0)


def test_no_devices_are_refused():
    with pytest.raises(ValueError, match="devices must be at least 1, got 0"):
        step_cost([3], 0)


def test_norms_are_found_in_a_network():
    inner = torch.nn.Sequential(bncourse.nn.BatchNorm1d(5), torch.nn.LayerNorm(2))
    assert norm_channels(torch.nn.Sequential(torch.nn.BatchNorm2d(3), inner)) == [3, 5]
