"""A stored answer comes back whole, and only to the question and the code that it answers."""

from functools import partial

import numpy as np
import pytest

from bncourse.data import digits
from bncourse.evidence import Config, Question, question, store


def test_answer_comes_back_as_it_was_stored(question, answer):
    store.save(question, answer)
    found = store.load(question)
    assert (found.configs, found.seeds) == (list(question.configs), [0, 1, 2])
    assert (found.times, found.axes, found.steps) == (answer.times, answer.axes, answer.steps)
    for name in ("test_accuracy", "diverged", "layers"):
        np.testing.assert_array_equal(found[name], answer[name])
    np.testing.assert_allclose(found["epoch_loss"], answer["epoch_loss"], rtol=1e-6)


def test_what_is_shortened_keeps_five_digits_and_is_shortened_once():
    numbers = np.array([1.2345678, -1e-20, 0, np.inf, np.nan, 3e38], np.float32)
    kept = store.shortened(numbers)
    np.testing.assert_allclose(kept, numbers, rtol=1e-5)
    np.testing.assert_array_equal(store.shortened(kept), kept)
    assert store.shortened(np.array([1 / 3])) == 1 / 3


def test_same_answer_is_stored_as_the_same_bytes(question, answer):
    store.save(question, answer)
    first = store.path_of(question).read_bytes()
    store.save(question, answer)
    assert store.path_of(question).read_bytes() == first


def test_there_is_no_answer_to_another_question(question, answer):
    store.save(question, answer)
    others = [
        Question(question.configs[::-1], question.seeds, question.options),
        Question(question.configs, (0, 1, 3), question.options),
        Question(question.configs, question.seeds, {}),
        Question((Config(data=partial(digits, test=0.3)),), question.seeds, question.options),
    ]
    assert [store.load(other) for other in others] == [None] * 4
    assert len({other.key for other in others} | {question.key}) == 5


def test_there_is_no_answer_when_the_code_is_another(question, answer, monkeypatch):
    store.save(question, answer)
    monkeypatch.setitem(question.__dict__, "code", "other")
    assert store.load(question) is None


def test_there_is_no_answer_when_a_usual_setting_is_another(question, answer, monkeypatch):
    store.save(question, answer)
    changed = [settings | {"width": 64} for settings in question.settings]
    monkeypatch.setitem(question.__dict__, "settings", changed)
    assert store.load(question) is None


def test_setting_that_a_file_does_not_know_yet_leaves_it_valid(question, answer, monkeypatch):
    store.save(question, answer)
    changed = [settings | {"new": 0} for settings in question.settings]
    monkeypatch.setitem(question.__dict__, "settings", changed)
    assert store.load(question) is not None


def test_fingerprint_is_that_of_the_engine_and_of_the_data(question):
    plain = question.code
    other = Question((Config(data=partial(digits, test=0.3)),), (0,), {})
    assert plain == other.code  # the same functions
    made_up = Question((Config(data=here),), (0,), {})
    assert made_up.code != plain  # digits are not reached


def here(seed):
    """Return data of a reader's own."""


def test_question_that_cannot_be_found_again_says_so(question):
    assert question.can_be_described()
    assert not Question(question.configs, question.seeds, {"step": object()}).can_be_described()


def test_failed_writing_leaves_the_old_answer_and_no_other_file(
    question, answer, folder, monkeypatch
):
    store.save(question, answer)
    before = {path: path.read_bytes() for path in folder.iterdir()}

    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", fail)
    with pytest.raises(KeyboardInterrupt):
        store.save(question, answer)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_files_that_nobody_names_are_removed(question, answer, folder):
    store.save(question, answer)
    (folder / "old.npz").touch()
    (folder / "note.txt").touch()
    assert store.remove_unused({question.key}) == ["old.npz"]
    assert {path.name for path in folder.iterdir()} == {f"{question.key}.npz", "note.txt"}


def test_mode_that_is_unknown_is_refused_with_the_known_ones(monkeypatch):
    monkeypatch.setenv("BNCOURSE_RESULTS", "guess")
    with pytest.raises(ValueError, match="BNCOURSE_RESULTS is 'guess': set it to one of use, make"):
        store.mode()


def test_settings_that_are_as_usual_are_not_in_the_question():
    assert question.settings(Config(width=64), all_of_them=False) == {"width": 64}
    assert question.settings(Config())["data"] == "bncourse.data.sources:digits"


def test_numbers_that_fit_into_32_bits_take_no_more_and_come_back_as_they_were(tmp_path):
    arrays = {"fits": np.array([0.5, np.nan, np.inf]), "does not": np.array([0.1, 1e300])}
    store._write(tmp_path / "some.npz", {}, arrays)
    with np.load(tmp_path / "some.npz") as data:
        assert data["fits"].dtype == np.float32 and data["does not"].dtype == np.float64
    _, back = store.read(tmp_path / "some.npz")
    for name, array in arrays.items():
        assert back[name].dtype == np.float64
        np.testing.assert_array_equal(back[name], array)
