"""A batch norm before a layer: exact where the whole kernel is seen, refused where it is not."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d, pad
from torch.testing import assert_close

from bncourse.inference import fold_before

LAYERS = {
    "linear": (lambda **o: nn.Linear(6, 5, **o), (6,)),
    "conv1d": (lambda **o: nn.Conv1d(6, 4, 3, stride=2, dilation=2, **o), (6, 9)),
    "conv2d": (lambda **o: nn.Conv2d(6, 4, 3, groups=2, padding="valid", **o), (6, 7, 6)),
    "conv3d": (lambda **o: nn.Conv3d(6, 12, 2, groups=6, **o), (6, 3, 4, 3)),
    "pointwise": (lambda **o: nn.Conv2d(6, 4, 1, padding="same", **o), (6, 4, 3)),
    "reflecting": (
        lambda **o: nn.Conv2d(6, 4, 3, padding=1, padding_mode="reflect", **o),
        (6, 5, 4),
    ),
    "circular": (lambda **o: nn.Conv1d(6, 4, 3, padding=2, padding_mode="circular", **o), (6, 5)),
    "replicating": (
        lambda **o: nn.Conv1d(6, 4, 2, padding=1, padding_mode="replicate", **o),
        (6, 5),
    ),
}


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("name", LAYERS)
def test_one_layer_computes_what_two_did(name, bias, affine, namespace, trained, axes_of):
    make, size = LAYERS[name]
    layer = make(bias=bias, dtype=torch.float64).eval()
    bn = trained(getattr(namespace, axes_of(layer))(6, affine=affine, dtype=torch.float64))
    x = 1 + 2 * torch.randn(5, *size, dtype=torch.float64)
    assert_close(fold_before(bn, layer)(x), layer(bn(x)))


def test_parameters_are_rounded_once(namespace, trained):
    layer, bn = nn.Conv2d(6, 4, 3).eval(), trained(namespace.BatchNorm2d(6))
    exact = fold_before(bn, copy.deepcopy(layer).double())
    for key, found in fold_before(bn, layer).state_dict().items():
        assert found.dtype == torch.float32
        assert torch.equal(found, exact.state_dict()[key].float())


@pytest.mark.parametrize("padding", [1, (0, 1), "same"])
def test_zeros_around_the_output_of_the_norm_are_refused(padding, namespace, trained):
    layer, bn = nn.Conv2d(6, 4, 3, padding=padding).eval(), trained(namespace.BatchNorm2d(6))
    with pytest.raises(ValueError, match="with zeros.*border would differ.*use padding=0"):
        fold_before(bn, layer)


def test_a_transposed_convolution_after_the_norm_is_refused(namespace, trained):
    layer, bn = nn.ConvTranspose2d(6, 4, 3).eval(), trained(namespace.BatchNorm2d(6))
    with pytest.raises(ValueError, match="transposed convolution.*fewer elements.*keep the norm"):
        fold_before(bn, layer)


def test_sizes_that_do_not_fit_are_refused(namespace, trained):
    with pytest.raises(ValueError, match="num_features=6, but the layer after it takes 4"):
        fold_before(trained(namespace.BatchNorm1d(6)), nn.Linear(4, 6).eval())


def test_under_zero_padding_the_border_would_be_off_by_the_shift_that_it_does_not_see(
    namespace, trained
):
    padded = nn.Conv2d(6, 4, 3, padding=1, dtype=torch.float64).eval()
    bn = trained(namespace.BatchNorm2d(6, dtype=torch.float64))
    plain = nn.Conv2d(6, 4, 3, dtype=torch.float64).eval()
    plain.load_state_dict(padded.state_dict())
    wrong = fold_before(bn, plain)
    wrong.padding = padded.padding
    x = torch.randn(2, 6, 5, 7, dtype=torch.float64)
    error = wrong(x) - padded(bn(x))

    # Of the shift of each input, the bias counts what falls on the padding; the padding has none.
    shift = bn(torch.zeros_like(x)).detach()
    outside = pad(torch.zeros_like(x), (1, 1, 1, 1), value=1.0) * shift[:, :, :1, :1]
    assert_close(error, conv2d(outside, padded.weight))

    border = torch.ones(5, 7, dtype=torch.bool)
    border[1:-1, 1:-1] = False
    largest = padded(bn(x)).abs().max()
    assert error[..., ~border].abs().max() < 1e-12 * largest
    assert error[..., border].abs().max() > 0.1 * largest  # no rounding: a wrong picture
