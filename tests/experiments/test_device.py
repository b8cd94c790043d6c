"""The same numbers on a GPU."""

import numpy as np
import pytest
import torch

from bncourse.experiments import Config, Stack, grid, run

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch.cuda finds"),
]
CLOSE = {"rtol": 1e-3, "atol": 1e-4}


@pytest.fixture(autouse=True)
def full_precision(monkeypatch):
    """Let a product of float32 be one of float32: convolutions are in TF32 without this."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    monkeypatch.setattr(torch.backends.cuda.matmul, "allow_tf32", False)


@pytest.mark.parametrize(
    "settings",
    [
        {"norm": "none"},
        {"norm": "batch"},
        {"norm": "batch", "norm_batch": 4},
        {"norm": "layer"},
        {"norm": "rms"},
        {"norm": "group", "groups": 2, "model": "cnn"},
        {"norm": "instance", "model": "cnn"},
        {"norm": "batch", "model": "cnn"},
        {"norm": "batch", "optimizer": "adam"},
        {"norm": "batch", "optimizer": "adamw", "residual": "pre", "branch_scale": 0.5},
        {"norm": "batch", "dropout": 0.3, "noise": 0.2},
    ],
    ids=lambda s: "-".join(map(str, s.values())),
)
def test_gpu_finds_the_numbers_of_the_cpu(tiny, settings):
    config = Config(data=tiny, width=8, batch_size=8, epochs=2, **settings)
    configs = grid(config, learning_rate=[0.01, 0.003])
    cpu, gpu = (run(configs, [0, 1], test=True, losses=True, device=d) for d in ("cpu", "cuda"))
    for name in ("train_loss", "validation_loss", "test_loss"):
        np.testing.assert_allclose(cpu[name], gpu[name], **CLOSE)
    one_image = 1.01 / 11  # a class may tip over on one sample of the smallest split
    assert abs(cpu["test_accuracy"] - gpu["test_accuracy"]).max() <= one_image


def test_gpu_moves_weights_by_rounding_and_finds_statistics_anew_like_the_cpu(tiny):
    config = Config(data=tiny, width=8, batch_size=8, norm="batch")
    cpu, gpu = (Stack([config], [0, 1], device=d, jitter=1) for d in ("cpu", "cuda"))
    for ours, theirs in zip(cpu.network.parameters(), gpu.network.parameters(), strict=True):
        assert torch.equal(ours, theirs.cpu())
    for stack in (cpu, gpu):
        stack.reestimate()
    for ours, theirs in zip(cpu.network.buffers(), gpu.network.buffers(), strict=True):
        torch.testing.assert_close(ours, theirs.cpu(), **CLOSE)
