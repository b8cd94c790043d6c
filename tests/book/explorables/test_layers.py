"""Networks at the start: what is measured, and how it is shown."""

import measured_layers
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from bncourse.experiments import Config, Stack, probes

SLICE = [
    ("relu", "he", "batch", "pre", 4),
    ("sigmoid", "xavier", "none", "none", 8),
    ("tanh", "naive", "none", "post", 8),
    ("relu", "naive", "batch", "none", 16),
]


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.fixture(scope="module")
def batches():
    return {seed: measured_layers.batch(seed) for seed in measured_layers.SEEDS}


@pytest.mark.parametrize("case", SLICE, ids=lambda case: "-".join(map(str, case)))
def test_what_layers_draws_is_measured(batches, case):
    *choice, depth = case
    stored = measured_layers.load()["networks"][" ".join(choice)]
    fresh = measured_layers.over_seeds(choice, depth, batches)
    for name in ("size", "difference", "classes"):
        here = [row[:depth] for row in stored[name]]
        np.testing.assert_allclose(np.array(fresh[name], float), np.array(here, float), atol=1.1)
    np.testing.assert_allclose(fresh["gradient"], stored["gradient"][str(depth)], atol=1.1)


@pytest.mark.parametrize("skips", measured_layers.CHOICES["skips"])
@pytest.mark.parametrize("norm", measured_layers.CHOICES["norm"])
def test_the_measured_networks_are_those_of_the_course(batches, norm, skips):
    """PyTorch computes the same blocks, with the same weights, and differentiates them itself."""
    rng = np.random.default_rng(0)
    network = measured_layers.Network(5, "tanh", "xavier", norm, skips, rng)
    images, labels = (part[:32] for part in batches[0])
    found = measured_layers.measured(network, images, labels)
    rng = np.random.default_rng(0)
    weights = [torch.from_numpy(rng.standard_normal((64, n)) / 8) for n in [64] * 5 + [10]]

    def bent(z):
        return torch.tanh(F.batch_norm(z, None, None, training=True) if norm == "batch" else z)

    def normed(z):
        return F.batch_norm(z, None, None, training=True) if norm == "batch" else z

    h, sums, outputs = torch.from_numpy(images), [], []
    for number, weight in enumerate(weights[:-1]):
        first = number == 0
        z = (bent(h) if skips == "pre" and not first else h) @ weight
        sums.append(z.requires_grad_() if first else z)
        if skips == "pre":
            h = z if first else h + z
        elif skips == "post" and not first:
            h = torch.tanh(h + normed(z))
        else:
            h = bent(z)
        outputs.append(h)
    logits = (bent(h) if skips == "pre" else h) @ weights[-1]
    loss = F.cross_entropy(logits, torch.from_numpy(labels))
    norms = [grad.norm().item() for grad in torch.autograd.grad(loss, sums)]
    np.testing.assert_allclose(found["gradient"], norms, rtol=1e-8)
    sizes = [output.square().mean().sqrt().item() for output in outputs]
    np.testing.assert_allclose(found["size"], sizes, rtol=1e-8)


def test_the_share_between_classes_is_that_of_the_probe(batches):
    images, labels = batches[0]
    network = Stack([Config(depth=1)], [0], dtype="float64").network
    network.blocks[0].forward = lambda x: x
    network.head.forward = lambda x: x
    inputs = torch.from_numpy(images)[:, None], torch.from_numpy(labels)[:, None]
    expected = probes.class_share(network, *inputs)["class_share"].item()
    assert measured_layers.class_share(images, labels) == pytest.approx(expected, rel=1e-12)


def test_the_measurements_are_a_small_file():
    assert measured_layers.FILE.stat().st_size <= 150_000


def test_layers_shows_what_is_stored(benches):
    bench = benches("layers")
    given = {"activation": "sigmoid", "weights": "he", "norm": "none", "skips": "none"}
    stored = measured_layers.load()["networks"]["sigmoid he none none"]
    more = {"depth": 8, "forwards": "classes", "layer": 30, "kept": None}
    found = bench.model(given | more)
    classes, gradient = (found["curves"][name] for name in ("classes", "gradient"))
    for k, row in enumerate(("middle", "low", "high")):
        close(classes[row], np.array(stored["classes"][k][:8]) / 1000)
        close(gradient[row], np.array(stored["gradient"]["8"][k]) / 100)
    decades = gradient["middle"][0] - gradient["middle"][-1]
    close([found["whole"], found["each"]], [decades, 10 ** (decades / 7)])
    assert found["layer"] == 8


def test_layers_changes_with_its_choices_and_keeps_a_line(benches):
    bench = benches("layers")
    before = bench.numbers["curves"]
    bench.press("Keep to compare")
    bench.choose("Norm", "batch")
    after = bench.numbers
    assert after["old"] == before
    assert after["curves"]["gradient"] != before["gradient"]
    assert "dashed: kept" in bench.page.locator("svg").text_content()
    bench.choose("Layers", "8")
    assert bench.numbers["layer"] == 8


def test_layers_moves_along_the_layers(benches):
    bench = benches("layers")
    bench.drag("hidden layer", 150)
    layer = bench.state["layer"]
    assert 8 < layer < 16
    bench.keys("hidden layer", "ArrowLeft")
    assert bench.state["layer"] == layer - 1
    assert f"the outputs of layer {layer - 1} of 16" in bench.told
