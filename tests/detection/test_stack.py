"""Arms differ in the pool of their statistics alone; what is frozen stays; results are proven."""

import numpy as np
import pytest
import torch

from bncourse.detection import (
    Detector,
    DetectorStack,
    classifier,
    named_and_found,
    with_other_statistics,
)
from bncourse.detection.network import DetectorNetwork
from bncourse.detection.pretraining import pretrained
from bncourse.evidence import EvidenceError, Question, store
from bncourse.evidence.source import reached
from bncourse.experiments import grid, run

SEEDS = range(3)
KINDS = [{"norm": "frozen"}, {"norm_batch": 2}, {}, {"norm": "group"}]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Store results in a folder of the test's own."""
    monkeypatch.setenv("BNCOURSE_EVIDENCE", str(tmp_path))
    return tmp_path


def stack(small, seeds=SEEDS, **settings):
    return DetectorStack([Detector(**small | settings)], seeds, dtype="float64")


@pytest.mark.parametrize("kind", KINDS)
def test_members_side_by_side_are_what_each_is_alone(small, kind):
    arms = grid(Detector(**small, **kind), learning_rate=[0.003, 0.03])
    both = run(arms, SEEDS, test=True, dtype="float64")
    for number, arm in enumerate(arms):
        for seed in SEEDS:
            alone = run(arm, [seed], test=True, dtype="float64")
            for name in ("epoch_loss", "validation_loss", "test_loss"):
                np.testing.assert_allclose(alone[name][0, 0], both[name][number, seed], 1e-6)


def test_all_batch_norms_begin_with_the_same_pretraining(small):
    networks = [stack(small, **kind).network for kind in KINDS]
    learned = pretrained(Detector(**small), SEEDS)
    for network in networks[:3]:
        for block, other in zip(network.blocks, learned, strict=True):
            assert torch.equal(block.linear.weight, other.linear.weight)
    group = pretrained(Detector(**small, norm="group"), SEEDS)
    assert torch.equal(networks[3].blocks[0].linear.weight, group[0].linear.weight)
    assert not torch.equal(group[0].linear.weight, learned[0].linear.weight)
    assert all(torch.equal(n.head.weight, networks[0].head.weight) for n in networks)


def test_from_scratch_all_kinds_have_the_same_convolutions(small):
    networks = [stack(small, start="scratch", **kind).network for kind in KINDS]
    for network in networks[1:]:
        for block, other in zip(network.blocks, networks[0].blocks, strict=True):
            assert torch.equal(block.linear.weight, other.linear.weight)


def test_frozen_is_batch_norm_in_evaluation_mode(small):
    frozen, other = stack(small, norm="frozen"), stack(small)
    x, _ = next(frozen.batches())
    other.network.eval()
    torch.testing.assert_close(frozen.network(x), other.network(x), rtol=1e-4, atol=1e-4)


def test_frozen_norms_stay_while_the_convolutions_move(small):
    frozen = stack(small, norm="frozen")
    before = {name: v.clone() for name, v in frozen.network.state_dict().items()}
    frozen.step(*next(frozen.batches()))
    for name, values in frozen.network.state_dict().items():
        assert torch.equal(values, before[name]) == (".norm." in name)


def test_a_pool_is_the_two_images_of_a_device(small):
    pairs = stack(small, norm_batch=2)
    x, _ = next(pairs.batches())
    together = pairs.network(x)
    other = x.clone()
    other[2:] += 1
    torch.testing.assert_close(pairs.network(other)[:2], together[:2])
    whole = stack(small)
    assert not torch.allclose(whole.network(other)[:2], whole.network(x)[:2])


def test_synchronized_devices_are_one_batch(small):
    whole, pairs = stack(small), stack(small, norm_batch=16)
    x, _ = next(whole.batches())
    torch.testing.assert_close(whole.network(x), pairs.network(x))


def test_training_learns_to_name_and_to_find(small):
    trained = stack(small | {"epochs": 60, "width": 8})
    for _ in range(60):
        for x, y in trained.batches():
            trained.step(x, y)
    assert (trained.score("train")["train_accuracy"] > 0.4).all()  # by chance: less than 0.01


def test_a_hit_is_named_and_found(small):
    trained = stack(small)
    accuracy, apart = trained.score("test")["test_accuracy"], named_and_found(trained)
    assert (accuracy <= torch.minimum(*apart.values())).all()


def test_exact_statistics_are_those_of_the_training_split(small):
    trained = stack(small, norm_batch=2)
    with_other_statistics(trained)
    first = trained.network.blocks[0]
    y = first.linear(torch.cat([x for x, _ in trained.pieces("train")]))
    torch.testing.assert_close(first.norm.running_mean, y.mean((0, 3, 4)))
    torch.testing.assert_close(
        first.norm.running_var, y.movedim(1, 0).flatten(3).movedim(2, 1).flatten(2).var(2)
    )


def test_other_statistics_are_nothing_to_what_has_none(small):
    for kind in ({"norm": "frozen"}, {"norm": "group"}):
        trained = stack(small, **kind)
        before = trained.score("test")["test_accuracy"]
        assert all(torch.equal(v, before) for v in with_other_statistics(trained).values())


def test_the_rate_falls_to_nothing(small):
    trained = stack(small, optimizer="sgd", learning_rate=0.1)
    sgd = trained.optimizer.optimizer
    batches = list(trained.batches()) * 2
    for x, y in batches:
        trained.step(x, y)
    assert all(
        (r / m).max() <= 1 / len(batches) for r, m in zip(sgd.rates, sgd.largest, strict=True)
    )
    with pytest.raises(StopIteration):
        trained.step(*batches[0])


def test_pretraining_tells_digits_apart():
    history = run(classifier(Detector()), range(2), test=True)
    assert (history["test_accuracy"] > 0.75).all()


@pytest.fixture
def made(small, monkeypatch):
    monkeypatch.setenv("BNCOURSE_RESULTS", "make")
    arms = grid(Detector(**small), norm_batch=[2, 4], learning_rate=[0.003, 0.03])
    history = run(arms, range(10), test=True)
    monkeypatch.setenv("BNCOURSE_RESULTS", "prove")
    return history


def test_result_is_stored_found_and_proven(made, capsys):
    found = run(made.configs, range(10), test=True)
    assert np.array_equal(found["test_loss"], made["test_loss"])
    assert capsys.readouterr().out.startswith("stored result ")


def test_result_of_another_pool_is_refused(made):
    made.arrays = {name: array[[2, 3, 0, 1]] for name, array in made.arrays.items()}
    store.save(Question(tuple(made.configs), tuple(range(10)), {"test": True}), made)
    with pytest.raises(EvidenceError, match="the code is not what made the result"):
        run(made.configs, range(10), test=True)


def test_code_of_pretraining_is_in_the_fingerprint(small):
    texts = reached({Detector(**small).stack})
    for place in ("network:Frozen.forward", "pretraining:pretrained", "cells:targets"):
        assert f"bncourse.detection.{place}" in texts


def test_another_rounding_moves_weights_by_their_last_digit(small):
    plain, moved = (DetectorStack([Detector(**small)], SEEDS, jitter=j) for j in (0, 1))
    for one, other in zip(plain.network.parameters(), moved.network.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=0)
    assert not torch.equal(plain.network.head.weight, moved.network.head.weight)


def test_members_have_a_network_each(small):
    network = DetectorNetwork([Detector(**small)], SEEDS)
    assert all(len(values) == len(SEEDS) for values in network.parameters())
