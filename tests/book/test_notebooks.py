"""House rules of a chapter that a machine can check: stored outputs, budgets, numbers, alt text."""

import re
import statistics
from pathlib import Path

import nbformat
import pytest
from notebooks import canonical

ROOT = Path(__file__).parents[2]
PATHS = sorted(
    path for path in (ROOT / "chapters").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
CHAPTERS = ROOT / "chapters"  # beside them lie solutions and anchors
SOLUTIONS = CHAPTERS / "solutions"
MEDIAN_LINES, MOST_LINES, MOST_WORDS = 6, 20, 120
HIDDEN = {"hide-input", "remove-input", "remove-cell"}
MOST_LINES_OF_A_SOLUTION = 40
MOST_LINES_OF_A_CARD = 32  # its cell is hidden: a sentence, its cases and its evidence
NOT_PROSE = re.compile(
    r"^\([\w-]+\)=$|\$\$.*?\$\$|\$[^$]+\$|```.*?```|`[^`]*`|\]\([^)]*\)|\{[^}]*\}"
    r"|^:[\w-]+:.*?$|^- \*\*.*?\*\*",
    re.S | re.M,
)
TYPED_NUMBER = re.compile(r"(?<!§)(?<!§ )(?<![\w.])\d+(?:\.\d+| ?%)(?![\w])")
NOISE = re.compile(r"0x[0-9a-f]{6,}|\b\d+(\.\d+)? ?(ms|µs|seconds)\b|site-packages|/home/")


@pytest.fixture(params=PATHS, ids=lambda path: path.relative_to(ROOT / "chapters").as_posix())
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def output_texts(notebook):
    for cell in cells(notebook, "code"):
        for output in cell.outputs:
            yield output.get("text", "")
            yield from (v for k, v in output.get("data", {}).items() if k.startswith("text/"))


def test_there_are_notebooks():
    assert len(PATHS) >= 2


def test_notebook_is_stored_in_canonical_form(notebook):
    assert canonical(notebook) == notebook, "run `make notebooks`"


def test_every_code_cell_was_executed_in_order(notebook):
    counts = [cell.execution_count for cell in cells(notebook, "code")]
    assert counts == list(range(1, len(counts) + 1)), "run `make notebooks`"


def test_outputs_hold_nothing_that_differs_between_runs(notebook):
    assert not [text for text in output_texts(notebook) if NOISE.search(text)]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def lines_of(source):
    return len(re.findall(r"^.*\S.*$", source, re.M))


def test_code_cells_are_short(notebook, path):
    lines = {cell.source: lines_of(cell.source) for cell in cells(notebook, "code")}
    most = MOST_LINES_OF_A_SOLUTION if path.parent == SOLUTIONS else MOST_LINES
    allowed = {c: MOST_LINES_OF_A_CARD if "\nclaim(" in f"\n{c}" else most for c in lines}
    assert [source for source, count in lines.items() if count > allowed[source]] == []
    seen = [lines[cell.source] for cell in cells(notebook, "code") if not HIDDEN & tags(cell)]
    assert statistics.median(seen) <= MEDIAN_LINES


def test_prose_cells_are_short(notebook):
    words = {
        cell.source[:50]: len(NOT_PROSE.sub(" ", cell.source).split())
        for cell in cells(notebook, "markdown")
    }
    assert {start: count for start, count in words.items() if count > MOST_WORDS} == {}


def test_numbers_in_prose_come_from_outputs(notebook):
    typed = {
        cell.source[:50]: TYPED_NUMBER.findall(NOT_PROSE.sub(" ", cell.source))
        for cell in cells(notebook, "markdown")
    }
    assert {start: found for start, found in typed.items() if found} == {}, "use glue"


def test_every_exercise_tells_its_difficulty_and_its_minutes(notebook, path):
    titles = [
        title
        for cell in cells(notebook, "markdown")
        for title in re.findall(r"\{exercise\} (.*)", cell.source)
    ]
    assert len(titles) >= 2 or path.parent != CHAPTERS
    assert [t for t in titles if not re.search(r" \(★{1,3}, \d+ minutes\)$", t)] == []


def test_chapter_tells_its_minutes(notebook, path):
    text = "\n".join(cell.source for cell in cells(notebook, "markdown"))
    assert path.parent != CHAPTERS or len(re.findall(r"\*\*Time\*\* about \d+ minutes", text)) == 1


def test_every_figure_has_alt_text(notebook):
    silent = [
        cell.source[:50]
        for cell in cells(notebook, "code")
        if any("image/png" in output.get("data", {}) for output in cell.outputs)
        and len(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")) < 40
    ]
    assert silent == []


def test_every_figure_says_how_to_read_it(notebook, path):
    silent = [
        cell.source[:50]
        for cell in cells(notebook, "code")
        if any("image/png" in output.get("data", {}) for output in cell.outputs)
        and len(cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")) < 40
    ]
    assert path.parent == SOLUTIONS or silent == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the loss falls to 0.31", ["0.31"]),
        ("it reaches 97 % of them", ["97 %"]),
        ("$0.31$ and `0.31` and {glue:text}`x:.2f`", []),
        ("article §2.1, in 10 seeds", []),
    ],
)
def test_typed_numbers_are_found(text, found):
    assert TYPED_NUMBER.findall(NOT_PROSE.sub(" ", text)) == found
