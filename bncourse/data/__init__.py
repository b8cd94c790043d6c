"""Data for the experiments: real digits, English text, and random numbers with random labels.

scikit-learn is imported when a function needs it, not before.
"""

from bncourse.data.letters import ALPHABET, text
from bncourse.data.sources import digits, random_labels
from bncourse.data.splits import Splits, batches

__all__ = ["ALPHABET", "Splits", "batches", "digits", "random_labels", "text"]
