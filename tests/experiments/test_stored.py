"""A run is answered from the store where it can be, and what is stored can be proven or refuted."""

import numpy as np
import pytest

from bncourse.evidence import EvidenceError, Question, store
from bncourse.experiments import Config, chunks, grid, proof, run
from bncourse.experiments.variation import Variation

SEEDS = range(10)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Store results in a folder of the test's own."""
    monkeypatch.setenv("BNCOURSE_EVIDENCE", str(tmp_path))
    return tmp_path


@pytest.fixture
def mode(monkeypatch):
    """Return a function that says what is done with stored results."""
    return lambda name: monkeypatch.setenv("BNCOURSE_RESULTS", name)


@pytest.fixture
def configs():
    return grid(Config(depth=1, width=8, epochs=2), norm=["none", "batch"], learning_rate=[0.1, 1])


@pytest.fixture
def made(configs, mode):
    mode("make")
    history = run(configs, SEEDS, test=True)
    mode("use")
    return history


@pytest.fixture
def no_training(monkeypatch):
    """Let every attempt to train fail."""

    def fail(*args):
        raise AssertionError("trained")

    monkeypatch.setattr(chunks.Training, "part", fail)


def same(a, b):
    return all(np.array_equal(a[name], b[name], equal_nan=True) for name in a.arrays)


def test_stored_result_is_returned_without_training_and_said_to_be_one(
    made, configs, no_training, capsys
):
    assert same(run(configs, SEEDS, test=True), made)
    assert capsys.readouterr().out.splitlines()[-1].endswith(": 4 configurations, 10 seeds")


def test_what_is_computed_is_what_would_be_stored(made, configs, mode, capsys):
    capsys.readouterr()
    mode("recompute")
    assert same(run(configs, SEEDS, test=True), made)
    mode("use")
    assert same(run(configs, SEEDS, test=True, recompute=True), made)
    assert capsys.readouterr().out == ""


def test_changed_number_is_computed(made, configs, no_training):
    with pytest.raises(AssertionError, match="trained"):
        run(configs, range(9), test=True)


def test_probe_without_a_source_is_computed_and_not_stored(configs, folder, mode):
    class Odd:
        def __call__(self, network, x, y):
            return {}

    assert not run(configs, SEEDS, probes=[Odd()]).interrupted
    assert list(folder.glob("*.npz")) == []
    mode("make")
    with pytest.raises(TypeError, match="cannot be described"):
        run(configs, SEEDS, probes=[Odd()])


def test_what_is_finished_survives_an_interruption(configs, mode, monkeypatch, folder):
    mode("make")
    train, calls = chunks.Training._train, []

    def once(self, chunk, update):
        calls.append(chunk)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return train(self, chunk, update)

    monkeypatch.setattr(chunks.Training, "_train", once)
    with pytest.warns(UserWarning, match="interrupted"):
        run(configs, SEEDS)
    assert list(folder.glob("*.npz")) == []
    run(configs, SEEDS)
    assert len(calls) == 3  # two stacks; the one that was finished was not trained again
    assert [path.suffix for path in folder.rglob("*") if path.is_file()] == [".npz"]


def test_variation_is_neither_looked_up_nor_stored(made, configs, mode, folder, monkeypatch):
    mode("make")
    before = {path: path.read_bytes() for path in folder.glob("*.npz")}
    monkeypatch.setenv("BNCOURSE_VARIATION", "seeds=1000")
    other = run(configs, SEEDS, test=True)
    assert other.seeds == list(SEEDS)
    assert not same(other, made)
    monkeypatch.delenv("BNCOURSE_VARIATION")
    np.testing.assert_allclose(
        run(configs, range(1000, 1010))["first_losses"], other["first_losses"], rtol=1e-4
    )
    monkeypatch.setenv("BNCOURSE_VARIATION", "jitter=1")
    jittered = run(configs, SEEDS, test=True)
    np.testing.assert_allclose(jittered["first_losses"], made["first_losses"], rtol=1e-3)
    assert not same(jittered, made)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("said", ["jitter", "jitter=x", "colour=1"])
def test_variation_that_is_not_understood_is_refused(said, monkeypatch):
    monkeypatch.setenv("BNCOURSE_VARIATION", said)
    with pytest.raises(ValueError, match="write for example 'jitter=1,seeds=1000'"):
        Variation.asked_for()


def test_right_result_is_proven(made, configs, mode):
    mode("prove")
    assert same(run(configs, SEEDS, test=True), made)


def test_missing_result_is_not_proven(configs, mode):
    mode("prove")
    with pytest.raises(EvidenceError, match="is missing, or other code made it: `make evidence`"):
        run(configs, SEEDS)


def test_result_of_another_rounding_is_proven(made, configs, mode, monkeypatch):
    monkeypatch.setenv("BNCOURSE_VARIATION", "jitter=3")
    elsewhere = run(configs, SEEDS, test=True)
    monkeypatch.delenv("BNCOURSE_VARIATION")
    assert not same(elsewhere, made)
    proof.prove(Question(tuple(configs), tuple(SEEDS), {"test": True}), elsewhere)  # or it raises


def test_outdated_result_is_kept_if_the_code_of_today_gives_it(made, configs, mode, monkeypatch):
    monkeypatch.setattr(Question, "code", "of today")
    question = Question(tuple(configs), tuple(SEEDS), {"test": True})
    assert store.load(question) is None
    mode("keep")
    assert same(run(configs, SEEDS, test=True), made)
    assert same(store.load(question), made)


def test_outdated_result_is_not_kept_if_the_code_of_today_gives_another(
    made, configs, mode, monkeypatch
):
    question = Question(tuple(configs), tuple(SEEDS), {"test": True})
    made.arrays = swap_arms(made.arrays)
    store.save(question, made)
    monkeypatch.setattr(Question, "code", "of today")
    mode("keep")
    with pytest.raises(EvidenceError, match="the code is not what made the result"):
        run(configs, SEEDS, test=True)
    assert store.load(Question(tuple(configs), tuple(SEEDS), {"test": True})) is None


def swap_arms(arrays):
    return {name: array[::-1] for name, array in arrays.items()}


def one_arm_of_another_rate(arrays):
    rows = [0, 1, 2, 2]
    return {name: array[rows] for name, array in arrays.items()}


def accuracy_in_per_cent(arrays):
    return arrays | {"test_accuracy": 100 * arrays["test_accuracy"]}


def validation_for_test(arrays):
    return arrays | {"test_loss": arrays["validation_loss"][..., 0]}


@pytest.mark.parametrize(
    "fault", [swap_arms, one_arm_of_another_rate, accuracy_in_per_cent, validation_for_test]
)
def test_seeded_fault_is_found(made, configs, fault, mode):
    question = Question(tuple(configs), tuple(SEEDS), {"test": True})
    made.arrays = fault(made.arrays)
    store.save(question, made)
    mode("prove")
    with pytest.raises(EvidenceError, match="the code is not what made the result"):
        run(configs, SEEDS, test=True)
