"""The checker: is an answer right, and if not, which mistakes explain it?

An exercise is a model solution, inputs on which it is tried, and known mistakes (`exercise`). A
mistake is a line of the solution, written wrongly (`lines`): put in its place, it gives a wrong
answer, whose outputs are computed as the learner's are (`observing`). The mistakes that give the
outputs of the learner are the diagnosis (`diagnosis`). This room knows no exercise; those are
`bncourse.exercises`.
"""

from bncourse.checker.checking import check

__all__ = ["check"]
