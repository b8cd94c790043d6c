"""What an exercise is: a model solution, inputs on which it is tried, and known mistakes."""

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from bncourse.checker.lines import Change, changes, rewritten
from bncourse.checker.report import Section

Key = tuple[str, int]  # the id of a mistake, and which of its wordings


@dataclass(frozen=True, eq=False)  # told apart by identity: arrays cannot be keys
class Case:
    """One input on which an answer is tried.

    Attributes
    ----------
    name : str
        the key of its description, under ``[cases]`` in the texts of the exercise
    args : tuple
        what the answer is called with; each call gets copies
    tolerance : float, optional
        the largest error that is still right, in units of the largest expected number;
        that of the trial where it is None
    """

    name: str
    args: tuple = ()
    tolerance: float | None = None


def call(answer: Callable, *args: Any) -> Any:
    """Return what the answer, a function, gives for `args`."""
    return answer(*args)


def as_it_is(answer: object) -> object:
    """Return the answer, which is numbers."""
    return answer


@dataclass(frozen=True, eq=False)
class Trial:
    """How an answer is tried, and what is observed.

    Attributes
    ----------
    outputs : tuple of str
        names of what is observed, in order
    cases : tuple of Case
        from small to large: the first that fails is shown
    observe : callable
        ``observe(answer, *args)`` returns the outputs: a single one, a tuple in the order of
        `outputs`, or a dict. What an answer lacks is `bncourse.checker.returned.ABSENT`
    arguments : tuple of str
        names of what a case holds; those of the parameters of the solution where it is empty
    wants : str
        "array" (NumPy), "tensor" (PyTorch) or "number" (numbers, or sequences of them)
    tolerance : float
        see `Case`
    properties : tuple of (str, callable)
        what must be true of right outputs: ``holds(outputs, arguments)``, asked in order when no
        mistake explains an answer; the str is the key of its sentences
    keeps : tuple of str
        the arguments that must stay as they are, for the statement says so; to change another one
        earns a remark
    seconds : float
        how long one check may take
    """

    outputs: tuple[str, ...]
    cases: tuple[Case, ...]
    observe: Callable = call
    arguments: tuple[str, ...] = ()
    wants: str = "array"
    tolerance: float = 1e-7
    properties: tuple[tuple[str, Callable], ...] = field(default=())
    keeps: tuple[str, ...] = ()
    seconds: float = 5.0

    def tolerance_of(self, case: Case) -> float:
        """Return the largest error that is still right for `case`."""
        return self.tolerance if case.tolerance is None else case.tolerance


def trial_of_numbers(
    *outputs: str,
    observe: Callable = as_it_is,
    case: str = "number",
    tolerance: float = 0.01,
    **fields: Any,
) -> Trial:
    """Return the trial of an answer that is numbers, not a function."""
    return Trial(outputs, (Case(case),), observe, wants="number", tolerance=tolerance, **fields)


@dataclass(frozen=True)
class Mistake:
    """A line of the solution, written wrongly.

    Attributes
    ----------
    says, next : str
        what it is, and what to do
    see : Section
        where the book explains it
    line : str, list of str, or None
        what is written, see `bncourse.checker.lines`; a list holds other wordings, or other values,
        of one mistake
    inside : str or None
        the function in which it stands, where there are several
    instead_of : str or None
        the line that it replaces, where the name that it sets does not tell
    shows_on : str or None
        the case on which it shows, if it shows on that one alone, as rounding errors that nobody
        can reproduce (a difference of two large numbers, say); such a mistake may have no line
    """

    says: str
    next: str
    see: Section
    line: str | list[str] | None = None
    inside: str | None = None
    instead_of: str | None = None
    shows_on: str | None = None

    @property
    def wordings(self) -> list[str]:
        """The lines, one for each wording."""
        if self.line is None:
            return []
        return [self.line] if isinstance(self.line, str) else self.line


def explained(source: str) -> tuple[str, str]:
    """Return the explanation of a model solution, its docstring, and its code."""
    tree = ast.parse(source)
    code = "\n".join(source.splitlines()[tree.body[0].end_lineno :])
    return ast.get_docstring(tree) or "", code.strip()


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise, read from its folder.

    Attributes
    ----------
    id : str
    texts : dict
        "title", "difficulty", "minutes", "cases", "hints"
    source : str
        the model solution as a module: a docstring that explains, and the code
    trial : Trial
    mistakes : dict of str to Mistake
    """

    id: str
    texts: dict
    source: str
    trial: Trial
    mistakes: dict[str, Mistake]

    @cached_property
    def answer_name(self) -> str:
        """The name that the solution gives to the answer: the last one that it sets."""
        last = self._tree.body[-1]
        # pyrefly: ignore[missing-attribute]
        return last.targets[0].id if isinstance(last, ast.Assign) else last.name

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of what a case holds."""
        if self.trial.arguments or self.trial.observe is not call:
            return self.trial.arguments
        return tuple(inspect.signature(self.answer()).parameters)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The defaults of the solution's last parameters, by name, if the answer is called."""
        if self.trial.observe is not call:
            return {}
        parameters = inspect.signature(self.answer()).parameters.values()
        return {p.name: p.default for p in parameters if p.default is not p.empty}

    @cached_property
    def lines(self) -> dict[Key, tuple[Change, ...]]:
        """The changes for each wording of each mistake that has a line, by id and number."""
        return {
            (id, number): tuple(changes(self._tree, line, mistake.inside, mistake.instead_of))
            for id, mistake in self.mistakes.items()
            for number, line in enumerate(mistake.wordings)
        }

    @cached_property
    def rounding(self) -> dict[str, str]:
        """The mistakes that show on one case alone, by the name of the case."""
        return {m.shows_on: id for id, m in self.mistakes.items() if m.shows_on}

    @cached_property
    def _tree(self):
        return ast.parse(self.source)

    @cache  # noqa: B019 (exercises live as long as the program)
    def answer(self, *wrong: Key) -> Any:
        """Return the model answer with lines in it that are wrong, each a key of `lines`."""
        tree = rewritten(self._tree, [change for key in wrong for change in self.lines[key]])
        space = {"__name__": self.id}
        exec(compile(tree, f"<solution of {self.id}>", "exec"), space)
        return space[self.answer_name]

    def go_together(self, one: Key, other: Key) -> bool:
        """Say whether two lines can be wrong at once: they stand in different places."""
        places = [[change.place for change in self.lines[key]] for key in (one, other)]
        return not any(a.overlaps(b) for a in places[0] for b in places[1])
