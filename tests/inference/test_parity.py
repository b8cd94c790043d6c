"""What goes wrong when ``eval()`` is forgotten, and how large it is at each output."""

import copy
import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from bncourse.inference import Deviation, check_parity, deviations, fold_all


@pytest.fixture
def images():
    return 1 + 2 * torch.randn(4, 3, 8, 8)


class Returns(nn.Module):
    """A network that returns what it is told, whatever comes in."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, x):
        return self.value


def test_a_network_that_is_compared_in_training_mode_is_caught_and_the_cause_named(resnet, images):
    folded, _ = fold_all(resnet)
    (found,) = check_parity(resnet, folded, images)
    assert found.relative < 1e-5
    with pytest.raises(ValueError, match=r"output deviates by .*model has batch norm in training mo"
                       r"de \(1, 3.bn1, .*, 9\).*call model.eval\(\)"):  # fmt: skip
        check_parity(resnet.train(), folded, images)


def test_one_norm_in_training_mode_is_caught(resnet, images):
    folded, _ = fold_all(resnet)
    resnet[4].bn2.train()
    with pytest.raises(ValueError, match=r"batch norm in training mode \(4.bn2\)"):
        check_parity(resnet, folded, images)


def test_the_other_network_may_be_the_one_in_training_mode(resnet, images):
    other = copy.deepcopy(resnet).train()
    with pytest.raises(ValueError, match=r"other has batch norm in .*call other.eval\(\)"):
        check_parity(resnet, other, images)


def test_without_a_norm_in_training_mode_none_is_blamed(resnet, images):
    folded, _ = fold_all(resnet)
    with torch.no_grad():
        folded.get_submodule("8").bias[0] += 0.5
    with pytest.raises(ValueError, match=r"deviates by 0.5, .*; allowed is 1e-05$"):
        check_parity(resnet, folded, images)


def test_statistics_and_modes_stay_as_they_are(resnet, images):
    before = copy.deepcopy(resnet.train().state_dict())
    deviations(resnet, copy.deepcopy(resnet), images)
    assert_close(resnet.state_dict(), before, rtol=0, atol=0)
    assert all(module.training for module in resnet.modules())


def test_each_output_has_its_deviation():
    y = torch.tensor([1.0, -4.0])
    expected = {"logits": y, "states": (y, [2 * y])}
    found = {"logits": y + 0.5, "states": (y, [2 * y - torch.tensor([0.0, 1.0])])}
    assert deviations(Returns(expected), Returns(found), y) == [
        Deviation("output['logits']", 0.5, 0.125),
        Deviation("output['states'][0]", 0.0, 0.0),
        Deviation("output['states'][1][0]", 1.0, 0.125),
    ]


@pytest.mark.parametrize(
    ("expected", "found", "absolute", "relative"),
    [
        ([1.0, math.nan], [1.0, math.nan], 0, 0),
        ([1.0, math.inf], [1.0, math.inf], 0, 0),
        ([1.0, 2.0], [1.0, math.nan], math.inf, math.inf),
        ([1.0, math.inf], [1.0, -math.inf], math.inf, None),
        ([0.0, 0.0], [0.0, 0.0], 0, 0),
        ([0.0, 0.0], [0.0, 0.5], 0.5, math.inf),
        ([1.0, 2.0], [1.0], math.inf, math.inf),
        ([], [], 0, 0),
    ],
)
def test_what_is_not_finite_or_of_another_shape(expected, found, absolute, relative):
    networks = (Returns(torch.tensor(values)) for values in (expected, found))
    (one,) = deviations(*networks, torch.ones(1))
    assert one.absolute == absolute
    assert relative is None or one.relative == relative


def test_what_is_not_finite_never_passes():
    y = torch.tensor([1.0, math.inf])
    with pytest.raises(ValueError, match="output deviates by inf"):
        check_parity(Returns(y), Returns(-y), y)


def test_sixteen_bits_are_compared_exactly():
    y = torch.tensor([256.0, 1.0], dtype=torch.bfloat16)
    other = torch.tensor([258.0, 1.0])
    assert deviations(Returns(y), Returns(other), y) == [Deviation("output", 2.0, 2 / 256)]


def test_networks_that_return_something_else_cannot_be_compared():
    y = torch.ones(2)
    with pytest.raises(
        ValueError, match=r"model returns output, but other output\[0\], output\[1\]"
    ):
        deviations(Returns(y), Returns((y, y)), y)
