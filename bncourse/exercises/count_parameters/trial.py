"""The parameters of the article's model: how many are trained, and how many are not."""

from bncourse.checker.exercise import trial_of_numbers

TRIAL = trial_of_numbers("trained", "not trained", tolerance=1e-6)
