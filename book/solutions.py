"""Write the notebooks of solutions: from the model solutions in the package, and investigations.

A model solution is stored once, in the folder of its exercise: a docstring that explains, and the
code. Here each chapter's become a notebook, in which the code can be run and
changed, and is put through the checker of the exercise.

An exercise without a checker is an investigation. What we found is a file of
``chapters/investigations/``, named for the label of the exercise: prose, and cells between lines of
three backticks. A word after ``python`` is the tag of the cell.
"""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebooks import canonical

from bncourse.checker.texts import read
from bncourse.exercises.catalogue import chapters, commonest, exercise, solution_of

CHAPTERS = Path(__file__).parents[1] / "chapters"
INVESTIGATIONS = CHAPTERS / "investigations"
EXERCISE = re.compile(r"\{exercise\} (.*) \(.*\)\n:label: (.*)")
CELL = re.compile(r"^```python *([\w-]*)\n(.*?)\n```$", re.S | re.M)


def title_of(chapter):
    """Return the title of a chapter's notebook."""
    notebook = nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4)
    return re.match("# (.*)", notebook.cells[0].source)[1]


def investigations(chapter):
    """Return the titles of a chapter's investigations that have a solution, by their labels."""
    notebook = nbformat.read(CHAPTERS / f"{chapter}.ipynb", as_version=4)
    found = [pair for cell in notebook.cells for pair in EXERCISE.findall(cell.source)]
    return {label: title for title, label in found if (INVESTIGATIONS / f"{label}.md").exists()}


def heading(title, label):
    """Return the cell that begins the solution of an exercise."""
    return new_markdown_cell(f"## {title}\n\n{{ref}}`Go to the exercise <{label}>`")


def investigation_cells(label, title):
    """Return the cells of what was found in an investigation."""
    first, *others = CELL.split((INVESTIGATIONS / f"{label}.md").read_text("utf-8"))
    cells = [heading(title, label), new_markdown_cell(first)]
    for tag, code, prose in zip(others[::3], others[1::3], others[2::3], strict=True):
        cells.append(new_code_cell(code, metadata={"tags": [tag]} if tag else {}))
        cells += [new_markdown_cell(prose)] if prose.strip() else []
    return cells


def solution_cells(id):
    """Return the cells of one solution: its explanation, its code, and its check."""
    task = exercise(id)
    explanation, code = solution_of(id)
    return [
        heading(task.texts["title"], id),
        *map(new_markdown_cell, re.split(r"\n\n+", explanation)),
        new_code_cell(code),
        new_code_cell(f'check("{id}", {task.answer_name})'),
        new_markdown_cell(others(id)),
    ]


def others(id):
    """Return a folded box with lines that others wrote wrongly."""
    lines = (f"`{mistake['line']}`\n: {mistake['says']}" for mistake in commonest(id))
    head = f":::{{admonition}} {read('exercises', 'words')['help']['others'].rstrip(':')}"
    return "\n\n".join([f"{head}\n:class: dropdown", *lines]) + "\n:::"


def solutions_of(chapter):
    """Return the notebook with the solutions of a chapter, not yet executed."""
    cells = [
        new_markdown_cell(f"# Solutions: {title_of(chapter)}"),
        new_code_cell("from bncourse.exercises import check"),
    ]
    for id in chapters()[chapter]:
        cells += solution_cells(id)
    for label, title in investigations(chapter).items():
        cells += investigation_cells(label, title)
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
    """Return the kinds, sources and tags of the cells, which is what is compared."""
    return [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]


if __name__ == "__main__":
    main()
