"""A whole network folded: what is folded, what is left and why, and that the outputs agree."""

import copy
import operator
import re

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from bncourse.inference import Folded, Left, check_parity, fold_all
from bncourse.nn.kinds import batch_norms


@pytest.fixture
def images():
    return 1 + 2 * torch.randn(4, 3, 8, 8)


def test_every_norm_of_a_resnet_is_folded(resnet, images):
    folded, report = fold_all(resnet)
    assert report == [
        Folded("1", "0"),
        *(Folded(f"3.bn{i}", f"3.conv{i}") for i in (1, 2)),
        *(Folded(f"4.bn{i}", f"4.conv{i}") for i in (1, 2)),
        Folded("4.skip.1", "4.skip.0"),
        *(Folded(f"5.bn{i}", f"5.conv{i}") for i in (1, 2)),
        Folded("9", "8"),
    ]
    assert not batch_norms(folded)
    check_parity(resnet, folded, images)


def test_the_folded_network_agrees_to_rounding_in_float64(resnet, images):
    folded, _ = fold_all(resnet.double())
    assert_close(folded(images.double()), resnet(images.double()))


@pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated:DeprecationWarning")
def test_torchs_own_folding_gives_the_same_outputs(resnet, images):
    from torch.fx.experimental.optimization import fuse

    theirs = copy.deepcopy(resnet)
    for name, norm in batch_norms(theirs).items():
        kind = nn.BatchNorm1d if name == "9" else nn.BatchNorm2d
        theirs.set_submodule(name, kind(norm.num_features).eval())
    theirs.load_state_dict(resnet.state_dict())
    folded, _ = fold_all(resnet)
    assert_close(folded(images), fuse(theirs)(images), rtol=1e-4, atol=1e-4)


def test_the_original_is_left_as_it_was(resnet, images):
    before = copy.deepcopy(resnet.state_dict())
    folded, _ = fold_all(resnet, images)
    with torch.no_grad():
        for tensor in (*folded.parameters(), *folded.buffers()):
            tensor.zero_()
    assert_close(resnet.state_dict(), before, rtol=0, atol=0)
    assert len(batch_norms(resnet)) == 9


def test_what_is_folded_can_be_stored_and_loaded(resnet, images, tmp_path):
    folded, _ = fold_all(resnet)
    torch.save(folded, tmp_path / "folded.pt")
    loaded = torch.load(tmp_path / "folded.pt", weights_only=False)
    assert torch.equal(loaded(images), folded(images))


class Net(nn.Module):
    """Layers by name, and what is done with them."""

    def __init__(self, forward, **layers):
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.steps = forward

    def forward(self, x):
        return self.steps(self, x)


def conv():
    return nn.Conv2d(3, 3, 3, padding=1)


LEFT = {  # forward, further layers, why it is not folded into conv
    "activation between": (
        lambda n, x: n.bn(n.conv(x).relu()),
        "before it, relu is a method, no layer",
    ),
    "function between": (
        lambda n, x: n.bn(operator.neg(n.conv(x))),
        "before it, neg is a function, no layer",
    ),
    "layer between": (lambda n, x: n.bn(n.act(n.conv(x))), "before it, ReLU is no Linear"),
    "conv used twice": (lambda n, x: n.bn(n.conv(n.conv(x))), "before it, conv is used 2 times"),
    "norm used twice": (lambda n, x: n.bn(n.conv(n.bn(x))), "bn is used 2 times"),
    "output used elsewhere": (
        lambda n, x: n.bn(y := n.conv(x)) + y,
        "the output of conv is also used by add",
    ),
    "output returned": (
        lambda n, x: (n.bn(y := n.conv(x)), y),
        "the output of conv is also used by output",
    ),
    "weight used elsewhere": (
        lambda n, x: n.bn(n.conv(x)) + n.conv.weight.sum(),
        "before it, conv is used 2 times",
    ),
    "gamma used elsewhere": (
        lambda n, x: n.bn(n.conv(x)) + n.bn.weight.sum(),
        "before it, bn is used 2 times",
    ),
    "input": (lambda n, x: n.conv(n.bn(x)), "before it, x is an input of the network.*with zeros"),
    "last": (lambda n, x: n.bn(n.conv(x).relu()), "after it, output is the output of the network"),
}


@pytest.mark.parametrize("case", LEFT)
def test_a_norm_is_left_alone_with_a_reason(case, namespace, trained, images):
    forward, reason = LEFT[case]
    net = trained(Net(forward, conv=conv(), act=nn.ReLU(), bn=namespace.BatchNorm2d(3)))
    folded, (left,) = fold_all(net, images)
    assert isinstance(left, Left) and left.norm == "bn"
    assert re.search(reason, left.reason), left.reason
    check_parity(net, folded, images, tolerance=0)


def test_of_two_norms_around_a_convolution_both_are_folded(namespace, trained, images):
    net = nn.Sequential(namespace.BatchNorm2d(3), nn.Conv2d(3, 4, 3), namespace.BatchNorm2d(4))
    folded, report = fold_all(trained(net))
    assert report == [Folded("0", "1"), Folded("2", "1")]
    check_parity(net, folded, images)


@pytest.mark.parametrize("first", ["convolution", "norms"])
def test_two_norms_in_a_row_are_folded_one_after_the_other(first, namespace, trained, images):
    norms = namespace.BatchNorm2d(3), namespace.BatchNorm2d(3)
    plain = nn.Conv2d(3, 3, 3)
    net = nn.Sequential(plain, *norms) if first == "convolution" else nn.Sequential(*norms, plain)
    folded, report = fold_all(trained(net))
    assert [type(each) for each in report] == [Folded, Folded]
    check_parity(net, folded, images)


def test_a_shared_norm_is_reported_once_and_left_beside_what_is_folded(namespace, trained, images):
    def forward(net, x):
        return net.own(net.third(net.bn(net.second(net.bn(net.conv(x))))))

    layers = dict(conv=conv(), second=conv(), third=conv())
    norms = dict(bn=namespace.BatchNorm2d(3), own=namespace.BatchNorm2d(3))
    net = trained(Net(forward, **layers, **norms))
    folded, report = fold_all(net)
    assert [(type(each), each.norm) for each in report] == [(Left, "bn"), (Folded, "own")]
    assert list(batch_norms(folded)) == ["bn"]
    check_parity(net, folded, images)


def test_a_norm_called_by_keyword_is_folded(namespace, trained, images):
    net = Net(lambda n, x: n.bn(input=n.conv(x)), conv=conv(), bn=namespace.BatchNorm2d(3))
    folded, report = fold_all(trained(net))
    assert report == [Folded("bn", "conv")]
    check_parity(net, folded, images)


def test_inputs_show_where_a_norm_takes_positions_for_channels(namespace, trained):
    net = trained(nn.Sequential(nn.Linear(4, 5), namespace.BatchNorm1d(5)))
    sequences = torch.randn(3, 5, 4)
    folded, (left,) = fold_all(net, sequences)
    assert re.search(r"shape \(3, 5, 5\), in which the channels of the Linear", left.reason)
    check_parity(net, folded, sequences)
    unseen, report = fold_all(net)
    assert report == [Folded("1", "0")]
    check_parity(net, unseen, torch.randn(3, 4))
    with pytest.raises(ValueError, match="output deviates"):
        check_parity(net, unseen, sequences)


def test_other_norms_are_no_obstacle(namespace, trained, images):
    others = namespace.GroupNorm(1, 3), namespace.InstanceNorm2d(3), namespace.LayerNorm(8)
    net = trained(nn.Sequential(conv(), namespace.BatchNorm2d(3), *others)).double()
    folded, report = fold_all(net)
    assert report == [Folded("1", "0")]
    check_parity(net, folded, images.double())


def test_a_norm_of_a_class_of_its_own_is_folded_too(namespace, trained, images):
    class Own(namespace.BatchNorm2d):
        pass

    net = trained(nn.Sequential(conv(), Own(3)))
    folded, report = fold_all(net)
    assert report == [Folded("1", "0")]
    check_parity(net, folded, images)


def test_a_model_in_training_mode_is_refused(resnet):
    with pytest.raises(ValueError, match=r"model is in training mode.*call model.eval\(\) first"):
        fold_all(resnet.train())


def test_a_single_norm_in_training_mode_is_left(resnet):
    resnet[3].bn1.train()
    _, report = fold_all(resnet)
    (left,) = (each for each in report if isinstance(each, Left))
    assert left.norm == "3.bn1"
    assert "BatchNorm2d is in training mode: call eval()" in left.reason


def test_a_model_that_branches_on_data_is_refused_with_what_to_do(namespace, trained):
    net = Net(lambda n, x: n.bn(x) if x.sum() > 0 else x, bn=namespace.BatchNorm2d(3))
    with pytest.raises(ValueError, match=r"torch.fx cannot trace Net .*parts.*fold\(layer, bn\)"):
        fold_all(trained(net))
