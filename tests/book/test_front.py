"""The front page takes its numbers, minutes and pictures from the chapters."""

import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from front import Chapter
from nbformat import v4
from sphinx.cmd.build import build_main

from bncourse.drawings import batch_through_batch_norm

ROOT = Path(__file__).parents[2]
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
CONFIGURATION = """
extensions = ["myst_nb", "front"]
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "off"
suppress_warnings = ["myst-nb.lexer", "mystnb.unknown_mime_type"]
"""


def a_chapter():
    """Return a notebook with a glued number, a figure, and two exercises."""
    glued = v4.new_output(
        "display_data",
        data={"application/papermill.record/text/plain": "'12 %'"},
        metadata={"scrapbook": {"name": "kept", "mime_prefix": "application/papermill.record/"}},
    )
    figure = v4.new_output("display_data", data={"image/png": DOT})
    alt = {"mystnb": {"image": {"alt": "One dot on white."}}}
    claimed = v4.new_output(
        "display_data",
        data={
            "application/vnd.bncourse.claim+json": {
                "id": "own.left",
                "evidence": [
                    {"label": "errors, late", "data": {"value": 1.2345, "unit": "times"}},
                    {"label": "errors, very late", "data": {"value": 1412.3, "unit": "times"}},
                    {"label": "errors, once", "data": {"value": 1.0001, "unit": "times"}},
                    {"label": "images left", "data": {"value": 11.96, "unit": "%"}},
                    {"label": "a fact", "data": "yes"},
                ],
            }
        },
    )
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# What is left?\n\n**Time** about 40 minutes, with predictions."),
            v4.new_code_cell("glue(…)", outputs=[glued]),
            v4.new_code_cell("plt.show()", outputs=[figure], metadata=alt),
            v4.new_code_cell("claim(…)", outputs=[claimed]),
            v4.new_markdown_cell("````\n:::{exercise} First (★, 10 minutes)\n:::\n````"),
            v4.new_markdown_cell("````\n:::{exercise} Second (★★, 25 minutes)\n:::\n````"),
        ]
    )


@pytest.fixture
def built(tmp_path, capfd):
    """Return a function that builds a book of one chapter and a front page, which it returns."""

    def build(front):
        (tmp_path / "conf.py").write_text(CONFIGURATION)
        (tmp_path / "index.md").write_text(f"# Front\n\n{front}\n")
        (tmp_path / "chapters").mkdir()
        nbformat.write(a_chapter(), tmp_path / "chapters" / "left.ipynb")
        (tmp_path / "chapters" / "sheet.md").write_text("# A sheet\n")
        out = tmp_path / "_build" / "html"
        code = build_main(
            ["-q", "-W", "--keep-going", "-c", str(tmp_path), str(tmp_path), str(out)]
        )
        said = capfd.readouterr().err
        page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
        return page, said, code

    return build


TOC = "\n\n```{toctree}\nchapters/left\nchapters/sheet\n```"


def test_a_number_comes_from_its_chapter(built):
    page, said, code = built("There are {from-chapter}`left kept` left." + TOC)
    assert "There are 12 % left." in page.get_text()
    assert (code, said) == (0, "")


def test_a_number_that_no_chapter_gives_fails_the_build(built):
    _page, said, code = built("There are {from-chapter}`left lost` left." + TOC)
    assert code == 1
    assert "left has glued no 'lost', but kept" in said


def test_a_number_comes_from_the_evidence_of_a_claim(built):
    page, said, code = built(
        "{from-claim}`left own.left: errors, late` times, {from-claim}`left own.left: very late` "
        "times, {from-claim}`left own.left: once` times, {from-claim}`left own.left: images left`."
        + TOC
    )
    assert "1.2 times, 1,412 times, 1.0 times, 12 %." in page.get_text()
    assert (code, said) == (0, "")


@pytest.mark.parametrize("ending", ["late", "early", "a fact"])
def test_a_number_that_is_not_one_piece_of_evidence_fails_the_build(built, ending):
    _page, said, code = built(f"{{from-claim}}`left own.left: {ending}`" + TOC)
    assert code == 1
    assert f"'{ending}' ends {2 * (ending == 'late')} labels of own.left in left" in said


def test_hours_are_the_minutes_of_the_chapters(built):
    page, _said, _code = built(
        "{hours-of}`left` to read, {hours-of}`left left + exercises` for all twice." + TOC
    )
    assert "0.5 to read, 2.5 for all twice." in page.get_text()


def test_a_card_shows_a_chapter(built):
    page, said, code = built(":::{chapter-card} left\nWhat is *it* about.\n:::" + TOC)
    card = page.select_one(".chapter-card")
    assert card.select_one(".chapter-title a")["href"] == "chapters/left.html"
    assert card.select_one(".chapter-title").get_text() == "What is left?"
    assert card.select_one("img")["alt"] == "One dot on white."
    assert card.select_one("em").get_text() == "it"
    assert "40 minutes to read, 35 more for all exercises" in card.get_text()
    assert (code, said) == (0, "")


def test_a_card_of_a_page_without_code_has_no_picture(built):
    page, _said, code = built(":::{chapter-card} sheet\n:minutes: 5\nOne sheet.\n:::" + TOC)
    card = page.select_one(".chapter-card")
    assert card.select_one("img") is None
    assert "5 minutes" in card.get_text()
    assert code == 0


def test_the_front_page_has_a_card_of_every_chapter():
    toc = (ROOT / "_toc.yml").read_text().partition("caption: Practice")[0]
    chapters = re.findall(r"file: chapters/([\w-]+)", toc)
    cards = re.findall(r"\{chapter-card\} ([\w-]+)", (ROOT / "index.md").read_text())
    assert cards == chapters


def section(name):
    """Return the surprises of a page."""
    return (ROOT / name).read_text("utf-8").split("## Four surprises")[1].split("\n## ")[0]


def test_the_readme_tells_the_same_surprises():
    def number(match):
        name, key = match[1].split()
        return f"**{Chapter(ROOT / 'chapters' / f'{name}.ipynb').glued[key]}**"

    index = re.sub(r"\{from-chapter\}`([^`]*)`", number, section("index.md"))
    assert section("README.md").partition("\n\n!")[0].strip() == index.strip()


def test_the_readme_lists_the_chapters_of_the_front_page():
    cards = re.findall(
        r"\{chapter-card\} [\w-]+\n(?::minutes: \d+\n)?(.*?)\.\n:::",
        (ROOT / "index.md").read_text("utf-8"),
    )
    rows = re.findall(r"^\| \d+ \| .* \| (.*) \|$", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert rows == cards


def test_the_picture_is_what_its_code_draws(tmp_path):
    batch_through_batch_norm().save(tmp_path / "drawn.svg")
    stored = ROOT / "_static" / "batch-through-batch-norm.svg"
    assert (tmp_path / "drawn.svg").read_text("utf-8") == stored.read_text("utf-8")
