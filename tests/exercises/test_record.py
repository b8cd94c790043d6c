"""Progress: kept in one file on this machine, robust against what happens to files."""

import json

import pytest

from bncourse.exercises import check, hint, progress, solution
from bncourse.exercises.catalogue import exercise_ids
from bncourse.exercises.record import progress_file

ID = "batch-of-two"


def row(id=ID):
    return next(row for row in progress().rows if row["id"] == id)


def test_the_table_lists_every_exercise_in_the_order_of_the_book():
    assert tuple(row["id"] for row in progress().rows) == exercise_ids()
    assert {row["state"] for row in progress().rows} == {"new"}


def test_checks_are_counted_and_passing_is_kept():
    check(ID, (0, 1))
    assert (row()["state"], row()["checks"]) == ("tried", 1)
    check(ID, (-1, 1))
    check(ID, (0, 1))
    assert (row()["state"], row()["checks"]) == ("passed", 3)


def test_a_stub_is_no_attempt():
    check(ID, ...)
    assert row()["state"] == "new"


def test_the_table_is_shown_as_text_and_as_html():
    check(ID, (-1, 1))
    assert str(progress()).startswith(f"1 of {len(exercise_ids())} exercises passed")
    assert "<caption>1 of " in progress()._repr_html_()
    assert json.loads(json.dumps(progress().to_dict()))["exercises"]


def test_hints_come_one_by_one_and_begin_again():
    shown = [str(hint(ID)) for _ in range(4)]
    assert shown[0].startswith("Hint 1 of 2. ")
    assert shown[1].startswith("Hint 2 of 2. ")
    assert "no more hints" in shown[2]
    assert shown[3] == shown[0]
    assert row()["hints"] == 4


def test_the_solution_is_shown_after_asking_once():
    assert "call `solution" in str(solution(ID))
    assert "my_pair = " in str(solution(ID))


def test_the_solution_is_shown_at_once_to_whoever_has_passed():
    check(ID, (-1, 1))
    assert "my_pair = " in str(solution(ID))


def test_with_the_solution_come_lines_that_others_get_wrong():
    solution("folding")
    shown = solution("folding")
    lines = [line for line, _ in shown.others]
    assert len({line.partition("=")[0] for line in lines}) == len(lines) == 3
    assert all(line in str(shown) for line in lines)
    assert "What others get wrong here" in shown._repr_html_()


@pytest.mark.parametrize("call", [hint, solution])
def test_help_for_an_unknown_exercise_is_refused(call):
    with pytest.raises(ValueError, match="no exercise 'batch-of-too'.*batch-of-two"):
        call("batch-of-too")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"batch-of-two": 3}'])
def test_an_unreadable_file_is_set_aside_and_said_so(progress_file, capsys, text):
    progress_file.write_text(text)
    check(ID, (-1, 1))
    assert row()["state"] == "passed"
    assert "was set aside as" in capsys.readouterr().out
    assert progress_file.with_suffix(".unreadable").read_text() == text


def test_a_folder_that_cannot_be_written_loses_the_note_and_nothing_else(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("BNCOURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    assert check(ID, (-1, 1)).passed
    assert row()["state"] == "new"


def test_progress_is_kept_at_home_unless_the_environment_says_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("BNCOURSE_PROGRESS")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert progress_file() == tmp_path / ".bncourse" / "progress.json"


def test_who_has_no_home_folder_keeps_progress_among_temporary_files(monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("BNCOURSE_PROGRESS")
    monkeypatch.setattr("pathlib.Path.home", nowhere)
    assert progress_file().name == "progress.json"
