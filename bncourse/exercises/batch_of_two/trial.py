"""What batch norm makes of two values."""

from bncourse.checker.exercise import trial_of_numbers

TRIAL = trial_of_numbers("smaller", "larger")
