"""Exercises that say what was misunderstood: check an answer, get a hint, see the solution.

Each exercise is a folder, and ``catalogue.toml`` holds their order. What tries an answer and finds
the mistakes in it is `bncourse.checker`.
"""

from bncourse.exercises.helping import check, hint, solution
from bncourse.exercises.quizzes import quiz
from bncourse.exercises.record import progress

__all__ = ["check", "hint", "progress", "quiz", "solution"]
