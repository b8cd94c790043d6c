"""What is said of numbers that no known mistake explains is true of them."""

import numpy as np
import pytest

from bncourse.checker.comparing import symptom
from bncourse.checker.explaining import side_by_side
from bncourse.exercises import check

WANTED = np.array([[1.0, 2.0, 4.0], [3.0, -5.0, 0.5]])


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (0 * WANTED, ("zeros", {})),
        (-WANTED, ("opposite", {})),
        (3 * WANTED, ("multiple", {"ratio": "3"})),
        (WANTED + 2, ("shifted", {"shift": "2"})),
        (WANTED + [0, 1, -2.5], ("shifted-columns", {"shifts": "0, 1, -2.5"})),
        (np.where(WANTED > 2, 7.0, WANTED), ("some", {"right": "4", "count": "6"})),
        (WANTED**2 + 7, ("all", {})),
    ],
)
def test_numbers_are_described_as_they_are(got, expected):
    assert symptom(got, WANTED, 1e-7) == expected


def test_one_number_is_not_said_to_have_places():
    assert symptom(np.array(2.0), np.array(3.0), 1e-7) == ("single", {})


def test_single_numbers_are_compared_over_all_inputs():
    report = check("time-to-equilibrium", halved_and_off)
    assert any("`share` is 0.5 times the expected one" in found.says for found in report.findings)


def halved_and_off(learning_rate, weight_decay):
    share = learning_rate * weight_decay
    return share / 2, np.log(2) / share + 7


def test_what_is_not_explained_is_named():
    report = check("catching-up", (96, 10))
    assert "It does not explain with 0.99." in report.summary


def test_every_wrong_number_is_named():
    (found,) = check("count-parameters", (5, 7)).findings
    assert "trained, not trained" in found.says


@pytest.mark.parametrize("size", [5, 500])
def test_what_was_expected_and_what_came_never_look_alike(size):
    wanted = np.linspace(1, 2, size)
    got = wanted + 1e-6 * (np.arange(size) == 3)
    one, other = side_by_side(wanted, got)
    assert one != other
    assert size < 60 or ("at [3]" in one and "at [3]" in other)


def test_several_remarks_of_a_kind_are_one_sentence():
    report = check("scale-invariance", scaled_in_place)
    assert report.passed
    assert sum("changes what it was given (w, grad)" in line for line in report.remarks) == 1


def scaled_in_place(w, grad, learning_rate, c):
    w *= c
    grad /= c
    return grad, learning_rate / np.sum(w**2)
