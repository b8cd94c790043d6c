"""What `diagnose` takes, refuses and returns."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from bncourse.troubleshooting import diagnose


@pytest.fixture
def network():
    return nn.Sequential(nn.Linear(12, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))


@pytest.fixture
def batches(lab):
    return lab.batches("vectors")


def refused(error, message, *arguments, **more):
    with pytest.raises(error, match=message):
        diagnose(*arguments, **more)


def test_the_model_must_be_a_module(batches):
    refused(TypeError, "model must be a torch.nn.Module, got function", lambda x: x, batches)


def test_a_reference_must_be_a_module(network, batches):
    refused(TypeError, "reference must be .* got dict", network, batches, reference={})


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_compiled_script_is_refused(batches):
    script = torch.jit.trace(nn.Linear(12, 3), batches[0][0])
    refused(TypeError, "whose inside cannot be watched: pass the module", script, batches)


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_parameters_without_a_shape_are_refused(batches):
    lazy = nn.Sequential(nn.LazyLinear(3))
    refused(ValueError, "a parameter without a shape, '0.weight': send a batch", lazy, batches)


def test_a_tensor_is_no_loader(network, batches):
    refused(TypeError, r"shape \(48, 12\).*training_loader.split\(64\)", network, batches[0][0])


def test_what_cannot_be_gone_through_is_no_loader(network, batches):
    refused(TypeError, "evaluation_loader must give batches, got int", network, batches, 3)


def test_what_would_be_used_up_is_refused(network, batches):
    refused(
        ValueError, "list_iterator, which can be gone through only once", network, iter(batches)
    )


def test_an_empty_loader_is_refused(network):
    refused(ValueError, "training_loader gives no batch", network, [])


def test_at_least_one_batch_is_needed(network, batches):
    refused(ValueError, "batches must be at least 1, got 0", network, batches, batches=0)


def test_an_error_of_the_model_comes_out_as_it_is(batches):
    refused(RuntimeError, "mat1 and mat2", nn.Linear(5, 3), batches)


def test_not_more_batches_are_used_than_asked_for(network, batches):
    seen = []

    def forward(model, batch):
        seen.append(batch[0][0, 0].item())  # company keeps the first sample
        return model(batch[0])

    diagnose(network, batches, forward=forward, batches=2)
    assert len(set(seen)) == 2


@pytest.mark.parametrize("form", ["tensor", "pair", "list", "dict"])
def test_batches_of_all_forms_are_taken(form, network, lab):
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.network = network

        def forward(self, x, y=None):
            return {"scores": self.network(x)}

    model = Named() if form == "dict" else network
    make = {
        "tensor": lambda x, y: x,
        "pair": lambda x, y: (x, y),
        "list": lambda x, y: [x, y],
        "dict": lambda x, y: {"x": x, "y": y},
    }[form]
    report = diagnose(model, [make(x, y) for x, y in lab.batches("vectors")])
    assert "never_updated" in report.causes


def test_wrappers_are_taken_off(network, batches):
    plain = diagnose(network, batches)
    wrapped = diagnose(nn.DataParallel(network), batches)
    assert str(plain) == str(wrapped)


def test_batches_of_a_single_sample_are_put_together_for_the_question_of_company(lab):
    network, batches = lab.trained("convnet", track_running_stats=False)
    alone = [(x[:1], y[:1]) for x, y in batches]
    assert "untracked" in diagnose(network.eval(), alone).causes


def test_a_layer_is_named_with_how_many_others(lab):
    report = diagnose(lab.network("resnet").eval(), lab.batches("images"))
    (finding,) = report.findings
    assert set(finding.layers) == {"1", "3.bn1", "3.bn2"}
    assert "and 2 more" in finding.says


def test_what_is_certain_comes_first_and_then_what_is_further_beyond_its_limit(lab):
    network, batches = lab.trained("mlp", momentum=0.99)
    nn.init.constant_(network[0].weight, 0.3)
    other = [(x / 100, y) for x, y in batches]
    report = diagnose(network.train(), batches, other)
    certain = [finding.certain for finding in report.findings]
    weights = [finding.weight for finding in report.findings if finding.certain]
    assert certain == sorted(certain, reverse=True) and len(weights) > 1
    assert weights == sorted(weights, reverse=True)


def test_the_text_has_each_question_that_was_asked_with_its_number_and_the_code(lab):
    network, batches = lab.trained("mlp", momentum=0.0)
    text = str(diagnose(network.eval(), batches, loss=F.cross_entropy))
    assert "Is the momentum of a norm 0? momentum 0.0 (limit 0.0), in `1` and 1 more" in text
    assert "not asked  Does the model answer otherwise than its reference? needs `refer" in text
    assert "    module.momentum = 0.1" in text
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_a_page_has_the_same_as_the_text_and_is_escaped(lab):
    class Less(nn.BatchNorm1d):
        pass

    network, batches = lab.trained("mlp")
    network.add_module("<b>", Less(3))
    report = diagnose(network.eval(), batches)
    page = report._repr_html_()
    assert "&lt;b&gt;" in page and "<b>" not in page
    assert all(finding.mend.split("\n")[0] in page for finding in report.findings)
    assert page.count("<tr>") == len(report.walk())


def test_numbers_that_are_none_end_the_walk(lab):
    network, batches = lab.trained("mlp")
    lab.norms(network)[0].running_var[0] = float("nan")
    report = diagnose(network.eval(), batches)
    assert report.causes == ("bad_variance",)
    assert "waits until the numbers are finite" in str(report)


def test_where_a_mode_differs_by_the_noise_of_batches_alone_it_is_said(lab):
    batches = lab.batches("vectors", size=8, count=128)
    network = lab.train(lab.network("mlp"), batches)
    report = diagnose(network.eval(), batches)
    assert not report.causes
    assert "what is left is the noise of the batches" in str(report)


def test_what_is_told_as_perhaps_hides_no_cause(lab):
    class Drops(nn.Linear):
        def forward(self, x):
            return super().forward(F.dropout(x, 0.5))

    report = diagnose(Drops(12, 3).train(), lab.batches("vectors"))
    assert report.causes == ("active_dropout",)


def test_a_layer_is_named_once_in_a_branch(lab):
    network, batches = lab.trained("mlp", momentum=0.0)  # never updated, too, and far off
    assert diagnose(network.eval(), batches).causes == ("momentum_zero",)


@pytest.mark.parametrize(("wrong", "causes"), [(1, ()), (8, ("lagging",))])
def test_a_third_of_wrong_channels_is_named_and_an_odd_one_is_borne(wrong, causes, lab):
    network, batches = lab.trained("mlp")
    norm = next(m for m in network.modules() if isinstance(m, nn.BatchNorm1d))
    norm.running_mean[:wrong] += 10 * norm.running_var[:wrong].sqrt()
    assert norm.num_features == 24
    assert diagnose(network.eval(), batches).causes == causes
