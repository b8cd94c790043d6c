"""Exercises that say what was misunderstood: check an answer, get a hint, see the solution.

An exercise is a right answer with switches, one for each mistake that learners are known to make
(``tasks``). A check runs the learner's answer on a few small inputs and searches for the switches
that give the same outputs; their names are the diagnosis. All sentences are data (``texts``).
"""

from bncourse.exercises.checking import check
from bncourse.exercises.helping import hint, solution
from bncourse.exercises.quizzes import quiz
from bncourse.exercises.record import progress

__all__ = ["check", "hint", "progress", "quiz", "solution"]
