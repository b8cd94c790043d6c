"""How far off the mean of a pool is, and how large a pool has to be."""

from bncourse.checker.exercise import trial_of_numbers

TRIAL = trial_of_numbers("dense", "convolution", "images")
