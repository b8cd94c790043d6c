"""What is asked and what came out: configurations, results, and where results are stored.

A ``Config`` says what is run, a ``Question`` asks it of many seeds, a ``History`` holds the answer;
``store`` keeps answers as files. Nothing here needs PyTorch.
"""

from bncourse.extras import lacking

if error := lacking("bncourse.evidence", "attrs", extra="evidence"):
    raise error

from bncourse.evidence.config import Config, grid
from bncourse.evidence.history import History
from bncourse.evidence.question import Question
from bncourse.evidence.store import EvidenceError

__all__ = ["Config", "EvidenceError", "History", "Question", "grid"]
