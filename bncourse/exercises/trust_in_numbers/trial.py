"""Which update rate rests on as many examples, and how long it remembers its start."""

from bncourse.checker.exercise import trial_of_numbers

TRIAL = trial_of_numbers("update_rate", "steps")
