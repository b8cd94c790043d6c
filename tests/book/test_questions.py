"""The lines of code among the questions from practice do what the text beside them says."""

import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn

PAGE = Path(__file__).parents[2] / "chapters" / "questions-from-practice.md"
FENCE = re.compile(r"^\((question-[\w-]+)\)=$|^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets():
    """Return the code of each question by its label; that above the first has none."""
    found, label = {}, None
    for match in FENCE.finditer(PAGE.read_text("utf-8")):
        if match[1]:
            label = match[1]
        else:
            found[label] = match[2]
    return found


@pytest.fixture
def reader():
    """Return a function that runs the code of a question with a reader's model and data."""
    torch.manual_seed(0)
    conv, bn = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)
    model = nn.Sequential(conv, bn, nn.ReLU(), nn.Flatten(), nn.Linear(144, 3))
    x, y = torch.randn(8, 1, 8, 8), torch.arange(8) % 3
    model(x)
    loader = [(2 * x[:4] + 1, y[:4]), (2 * x[4:] + 1, y[4:])]
    space = {"model": model, "x": x, "y": y, "conv": conv, "bn": bn}
    space |= {"training_loader": loader, "target_loader": loader}
    exec(snippets()[None], space)

    def run(question, **more):
        space.update(more)
        exec(snippets()[f"question-{question}"], space)
        return space

    return run


def moments(norm):
    return norm.running_mean.clone(), norm.running_var.clone()


def test_every_snippet_is_tried_here():
    tried = set(re.findall(r'reader\("([\w-]+)"', Path(__file__).read_text("utf-8")))
    assert {label.removeprefix("question-") for label in snippets() if label} == tried


def test_the_probe_asks_both_modes_and_leaves_the_model(reader, capsys):
    space = reader("evaluation")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["True", "False"]
    assert space["bn"].num_batches_tracked == 1


def test_decay_spares_gamma_beta_and_biases(reader):
    space = reader("decay")
    rest, spared = space["optimizer"].param_groups
    assert (rest["weight_decay"], spared["weight_decay"]) == (0.0005, 0)
    names = {id(p): name for name, p in space["model"].named_parameters()}
    assert [names[id(p)] for p in rest["params"]] == ["0.weight", "4.weight"]


def test_a_frozen_norm_stays(reader):
    space = reader("freezing")
    before = moments(space["bn"])
    space["model"](3 * space["x"]).sum().backward()
    assert all(map(torch.equal, before, moments(space["bn"])))
    assert space["bn"].weight.grad is None


def test_norms_are_synchronized(reader):
    assert isinstance(reader("sync")["model"][1], nn.SyncBatchNorm)


def test_folding_leaves_the_outputs(reader):
    space = reader("folding")
    expected = space["bn"](space["conv"](space["x"]))
    assert (space["folded"](space["x"]) - expected).abs().max() < 1e-5


def test_the_update_rate_is_divided(reader):
    assert reader("accumulation")["bn"].momentum == 0.025


def test_norms_stay_in_32_bits_and_the_network_runs(reader):
    space = reader("bfloat16")
    assert space["bn"].running_var.dtype == space["bn"].weight.dtype == torch.float32
    assert space["conv"].weight.dtype == space["scores"].dtype == torch.bfloat16


def test_padding_is_left_out(reader):
    h, real = torch.randn(3, 5, 4), torch.arange(5) < torch.tensor([[5], [2], [3]])
    space = reader("padding", h=h, real=real, norm=nn.BatchNorm1d(4))
    kept = space["y"][real]
    assert kept.mean(0).abs().max() < 1e-6 and space["y"][~real].abs().max() == 0
    assert (kept.var(0, unbiased=False) - 1).abs().max() < 1e-3


def test_averaged_weights_get_statistics_of_their_own(reader):
    space = reader("averages")
    assert not torch.equal(space["averaged"].module[1].running_mean, space["bn"].running_mean)


def test_statistics_are_those_of_the_target(reader):
    space = reader("shift")
    before = moments(space["bn"])
    adapted = space["adapted"][1]
    assert not adapted.training
    with torch.no_grad():
        seen = space["conv"](2 * space["x"] + 1).transpose(0, 1).flatten(1)
    assert (adapted.running_mean - seen.mean(1)).abs().max() < 1e-5
    assert all(map(torch.equal, before, moments(space["bn"])))
