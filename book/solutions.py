"""Write the notebooks of solutions: they are made from the model solutions in the package.

A model solution is stored once, as a module of ``bncourse.exercises.solutions``: a docstring that
explains, and the code. Here each chapter's become a notebook, in which the code can be run and
changed, and is put through the checker of the exercise.
"""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebooks import canonical

from bncourse.exercises.catalogue import chapters, solution_source, texts_of

CHAPTERS = Path(__file__).parents[1] / "chapters"


def title_of(chapter):
    """Return the title of a chapter's notebook."""
    notebook = nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4)
    return re.match("# (.*)", notebook.cells[0].source)[1]


def name_of_answer(id, chapter):
    """Return the name under which the chapter hands its answer to the checker."""
    notebook = nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4)
    found = [re.search(rf'^check\("{id}", (\w+)\)$', c.source, re.M) for c in notebook.cells]
    return next(match[1] for match in found if match)


def solution_cells(id, chapter):
    """Return the cells of one solution: its explanation, its code, and its check."""
    explanation, code = solution_source(id)
    return [
        new_markdown_cell(f"## {texts_of(id)['title']}\n\n{{ref}}`Go to the exercise <{id}>`"),
        *map(new_markdown_cell, re.split(r"\n\n+", explanation)),
        new_code_cell(code),
        new_code_cell(f'check("{id}", {name_of_answer(id, chapter)})'),
    ]


def solutions_of(chapter):
    """Return the notebook with the solutions of a chapter, not yet executed."""
    cells = [
        new_markdown_cell(f"# Solutions: {title_of(chapter)}"),
        new_code_cell("from bncourse.exercises import check"),
    ]
    for id in chapters()[chapter]:
        cells += solution_cells(id, chapter)
    return canonical(new_notebook(cells=cells))


def main():
    """Write the notebooks whose sources have changed."""
    folder = CHAPTERS / "solutions"
    folder.mkdir(exist_ok=True)
    for chapter in chapters():
        path, fresh = folder / f"{chapter}.ipynb", solutions_of(chapter)
        if not path.exists() or sources(nbformat.read(path, as_version=4)) != sources(fresh):
            nbformat.write(fresh, path)


def sources(notebook):
    """Return the kinds and the sources of the cells, which is what is compared."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


if __name__ == "__main__":
    main()
