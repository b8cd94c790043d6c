"""Data for the experiments: real digits, random labels, and larger sets on request.

scikit-learn is imported when a function needs it, not before.
"""

from bncourse.data.download import openml
from bncourse.data.sources import digits, random_labels
from bncourse.data.splits import Splits, batches

__all__ = ["Splits", "batches", "digits", "openml", "random_labels"]
