"""Members side by side are what each would be alone; results are stored, found and proven."""

import numpy as np
import pytest
import torch

from bncourse.evidence import EvidenceError, Question, store
from bncourse.evidence.source import reached
from bncourse.experiments import grid, run, tuned
from bncourse.experiments.optim import schedule
from bncourse.sequences import (
    DynamicTanh,
    TextStack,
    Transformer,
    branch_gradients,
    in_training_mode,
)

SEEDS = range(4)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Store results in a folder of the test's own."""
    monkeypatch.setenv("BNCOURSE_EVIDENCE", str(tmp_path))
    return tmp_path


def test_members_side_by_side_are_what_each_is_alone(small):
    arms = grid(Transformer(**small), learning_rate=[0.01, 0.1])
    both = run(arms, SEEDS, test=True, dtype="float64")
    for number, arm in enumerate(arms):
        for seed in SEEDS:
            alone = run(arm, [seed], test=True, dtype="float64")
            for name in ("epoch_loss", "validation_loss", "test_loss"):
                np.testing.assert_allclose(alone[name][0, 0], both[name][number, seed], 1e-9)


def test_arms_of_one_seed_start_alike_and_seeds_do_not(small):
    arms = [Transformer(**small, norm=norm) for norm in ("none", DynamicTanh)]
    one, other = (TextStack([arm], SEEDS).network for arm in arms)
    assert torch.equal(one.head.weight, other.head.weight)
    assert torch.equal(one.places, other.places)
    weights = one.branches[0].inside.inward.weight
    assert not torch.isclose(weights[0], weights[1]).any()
    assert abs(weights.std() - (2 / (8 + 24)) ** 0.5) < 0.05


def test_training_learns_the_language(small):
    config = Transformer(**small | {"epochs": 30}, learning_rate=0.03)
    losses = run(config, SEEDS)["validation_loss"][0]
    assert (losses[:, 0] > 1.5).all() and (losses.min(1) < 0.9).all()  # a coin is ln 2 = 0.69


def test_score_is_the_mean_over_all_tokens(small):
    stack = TextStack([Transformer(**small)], SEEDS, dtype="float64")
    stack.network.eval()
    x, y = (v.transpose(0, 1) for v in stack.data.parts["test"])
    chances = torch.softmax(stack.network(x), 3)
    right = chances.permute(2, 0, 1, 3).gather(3, y.transpose(0, 1)[..., None])
    torch.testing.assert_close(stack.score("test")["test_loss"], -right.log().mean((1, 2, 3)))


@pytest.mark.parametrize("measure", [in_training_mode, lambda stack: stack.score("test")])
def test_measuring_changes_nothing(small, measure):
    stack = TextStack([Transformer(**small, norm="batch")], SEEDS)
    stack.step(*next(stack.batches()))
    before = {name: v.clone() for name, v in stack.network.state_dict().items()}
    measure(stack)
    assert stack.network.training
    assert all(torch.equal(v, before[name]) for name, v in stack.network.state_dict().items())


def test_both_modes_are_one_without_batch_norm(small):
    for norm, same in {"layer": True, "batch": False}.items():
        stack = TextStack([Transformer(**small, norm=norm)], SEEDS, dtype="float64")
        loss = in_training_mode(stack)["test_loss_in_training"]
        assert torch.allclose(loss, stack.score("test")["test_loss"]) == same


def test_branch_gradients_are_the_slopes_of_the_loss(small):
    stack = TextStack([Transformer(**small)], SEEDS, dtype="float64")
    x, y = next(stack.batches())
    found = branch_gradients(stack.network, x, y)["branch_gradients"]
    for place, branch in enumerate(stack.network.branches):
        weight, slopes = branch.inside.outward.weight, []
        for row, column in np.ndindex(*weight.shape[1:]):
            ends = [loss_with(stack, weight, (row, column), by, x, y) for by in (1e-5, -1e-5)]
            slopes.append((ends[0] - ends[1]) / 2e-5)
        torch.testing.assert_close(found[:, place], torch.stack(slopes).norm(dim=0))


@torch.no_grad()
def loss_with(stack, weight, place, by, x, y):
    """Return the loss of each member with one of its weights moved."""
    weight[:, *place] += by
    logits = stack.network(x).permute(2, 3, 0, 1)
    weight[:, *place] -= by
    losses = torch.nn.functional.cross_entropy(logits, y.transpose(0, 1), reduction="none")
    return losses.mean((1, 2))


def test_the_rate_rises_and_falls_in_straight_lines():
    assert np.allclose(list(schedule(None, 4)), [1, 0.75, 0.5, 0.25])
    assert np.allclose(list(schedule(3, 8)), [0.25, 0.5, 0.75, 1, 0.8, 0.6, 0.4, 0.2])


def test_a_rate_of_nothing_moves_nothing(small):
    stack = TextStack([Transformer(**small, learning_rate=0)], SEEDS)
    before = [values.clone() for values in stack.network.parameters()]
    stack.step(*next(stack.batches()))
    assert all(map(torch.equal, before, stack.network.parameters()))


def test_tuning_takes_transformers(small):
    chosen = tuned(Transformer(**small), [0.001, 0.01, 0.1], range(10), score=last_loss)
    assert chosen[0].learning_rate > 0.001


def last_loss(history):
    return -history["validation_loss"][..., -1]


@pytest.fixture
def made(small, monkeypatch):
    monkeypatch.setenv("BNCOURSE_RESULTS", "make")
    arms = grid(Transformer(**small), norm=["layer", "batch"], learning_rate=[0.01, 0.1])
    history = run(arms, range(10), test=True)
    monkeypatch.setenv("BNCOURSE_RESULTS", "prove")
    return history


def test_result_is_stored_found_and_proven(made, capsys):
    found = run(made.configs, range(10), test=True)
    assert np.array_equal(found["test_loss"], made["test_loss"])
    assert capsys.readouterr().out.startswith("stored result ")
    assert found.select(norm="batch", learning_rate=0.1)["test_loss"].shape == (1, 10)
    with pytest.raises(AttributeError, match="unknown setting 'depht': choose from data, depth"):
        found.select(depht=2)


def test_result_of_another_rate_is_refused(made):
    made.arrays = {name: array[[1, 1, 2, 3]] for name, array in made.arrays.items()}
    store.save(Question(tuple(made.configs), tuple(range(10)), {"test": True}), made)
    with pytest.raises(EvidenceError, match="the code is not what made the result"):
        run(made.configs, range(10), test=True)


def test_code_of_the_transformer_is_in_the_fingerprint(small):
    texts = reached({Transformer(**small).stack})
    for place in (
        *("sequences.network:Attention.forward", "sequences.initial:initialize"),
        *("experiments.optim:schedule", "experiments.base:BaseStack.__init__"),
    ):
        assert f"bncourse.{place}" in texts


def test_another_rounding_moves_weights_by_their_last_digit(small):
    plain, moved = (TextStack([Transformer(**small)], SEEDS, jitter=j) for j in (0, 1))
    for one, other in zip(plain.network.parameters(), moved.network.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=0)
    assert not torch.equal(plain.network.places, moved.network.places)


def test_what_no_stack_allows_is_refused(small):
    config = Transformer(**small)
    with pytest.raises(ValueError, match="configs of one stack may differ in learning_rate alone"):
        TextStack([config, config.replace(depth=3)], SEEDS)
    with pytest.raises(ValueError, match="dtype must be 'float32' or 'float64', got 'float16'"):
        TextStack([config], SEEDS, dtype="float16")
    with pytest.raises(ValueError, match="jitter must be an integer from 0, got -1"):
        TextStack([config], SEEDS, jitter=-1)
