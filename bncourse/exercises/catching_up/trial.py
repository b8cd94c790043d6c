"""After how many steps a running average has forgotten where it began."""

from bncourse.checker.exercise import trial_of_numbers

TRIAL = trial_of_numbers("with 0.99", "with 0.9", tolerance=2e-4)
