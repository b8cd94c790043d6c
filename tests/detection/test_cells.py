"""What is said of cells, and what counts as a hit."""

import pytest
import torch

from bncourse.detection.cells import apart, boxes, hits, targets
from bncourse.detection.network import OUTPUTS
from bncourse.detection.stack import detection_losses

LABELS = torch.tensor([[10 * (9 * row + column) + 7] for row in range(9) for column in range(9)])


def told(labels, by=0.0, sure=50.0):
    """Return what a network would say that knows the labels, `by` pixels too far down."""
    cells, classes, offsets = targets(labels)
    said = torch.zeros(*labels.shape, OUTPUTS, 16)
    everywhere = torch.cat([torch.zeros(11), torch.tensor([by / 4, 0])])
    for n, (cell, digit, offset) in enumerate(
        zip(cells[:, 0], classes[:, 0], offsets[:, 0], strict=True)
    ):
        said[n, 0, :, cell] = everywhere
        said[n, 0, 0, cell], said[n, 0, 1 + digit, cell] = sure, sure
        said[n, 0, -2:, cell] += offset
    return said.unflatten(3, (4, 4))


def test_offsets_are_within_the_cell():
    offsets = targets(LABELS)[2]
    assert offsets.min() >= -0.5 and offsets.max() < 0.5


def test_who_knows_all_finds_each_box_and_loses_nothing():
    classes, corners = boxes(told(LABELS))
    expected = [[row, column] for row in range(9) for column in range(9)]
    assert (classes == 7).all() and corners[:, 0].tolist() == expected
    assert hits(told(LABELS), LABELS).all()
    assert detection_losses(told(LABELS), LABELS).max() < 1e-6


@pytest.mark.parametrize(("by", "hit"), [(2.6, True), (2.7, False), (-2.6, True), (-2.7, False)])
def test_boxes_that_overlap_by_half_are_found(by, hit):
    # (8 - d) 8 / (128 - (8 - d) 8) = 1 / 2 where d = 8 / 3
    assert (hits(told(LABELS, by), LABELS) == hit).all()


def test_a_hit_needs_the_class_too():
    named, found = apart(told(LABELS), LABELS + 1)
    assert found.all() and not named.any() and not hits(told(LABELS), LABELS + 1).any()


def test_the_loss_is_the_sum_of_its_three_parts():
    said, labels = torch.zeros(1, 1, OUTPUTS, 4, 4), torch.tensor([[3]])
    middle = torch.full((2,), 4 / 4 - 1 - 0.5)  # of the digit in the corner, in its cell
    expected = torch.log(torch.tensor(16.0)) + torch.log(torch.tensor(10.0))
    expected = expected + middle.square().sum() / 2
    torch.testing.assert_close(detection_losses(said, labels), expected.view(1, 1))
