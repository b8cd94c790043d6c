"""Formulas are typeset when the book is built: a page needs no script to show them."""

import re

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from formulas import TEX, sheet_for, typeset, typesetting
from sphinx.ext.mathjax import html_visit_displaymath, html_visit_math

PAGE = "chapters/backward-pass.html"


def test_a_formula_is_drawn_and_can_be_read_out():
    made = BeautifulSoup(typeset(r"\frac{a}{b}"), "html.parser")
    assert made.find("mjx-math")["aria-hidden"] == "true"
    assert made.find("mjx-assistive-mml").math.decode_contents() == (
        "<mfrac><mi>a</mi><mi>b</mi></mfrac>"
    )


def test_a_formula_with_a_line_of_its_own_says_so():
    assert 'display="block"' in typeset("x", display=True)
    assert 'display="block"' not in typeset("x")


def test_the_keyboard_reaches_what_may_scroll_and_no_more():
    assert 'tabindex="0"' in typeset("x", display=True)
    assert "tabindex" not in typeset("x")


def test_what_is_less_than_something_is_no_tag():
    made = BeautifulSoup(typeset("a<b"), "html.parser")
    assert made.math.get_text() == "a<b"


def test_a_formula_with_a_fault_is_refused_with_its_text():
    with pytest.raises(ValueError, match=r"^Missing close brace: \\frac\{1$"):
        typeset(r"\frac{1")


@pytest.mark.parametrize("written", [r"\(x\)", r"\[x\]", "\\[x \\\\\n y\\]", r"\(a \text{\(b\)}\)"])
def test_a_formula_is_found_from_its_first_delimiter_to_its_last(written):
    match = TEX.search(f"<span>{written}</span>")
    assert match[0] == written
    assert match[match.lastgroup] == written[2:-2]


class Translator:
    """As much of Sphinx's translator as its visitors of formulas use."""

    class builder:  # noqa: N801
        class config:  # noqa: N801
            mathjax_inline, mathjax_display = [r"\(", r"\)"], [r"\[", r"\]"]

    def __init__(self):
        self.body = ["before"]

    def starttag(self, node, tag, suffix="\n", **attributes):
        return f'<{tag} class="{attributes["CLASS"]}">{suffix}'

    def encode(self, text):
        return text.replace("&", "&amp;").replace("<", "&lt;")


@pytest.mark.parametrize(
    ("visit", "node"),
    [
        (html_visit_math, nodes.math("a<b", "a<b")),
        (html_visit_displaymath, nodes.math_block("a<b", "a<b", nowrap=False, number=None)),
    ],
)
def test_what_sphinx_writes_is_typeset_and_nothing_before_it_changes(visit, node):
    translator = Translator()
    with pytest.raises(nodes.SkipNode):
        typesetting(visit)(translator, node)
    before, written = translator.body
    assert before == "before"
    made = BeautifulSoup(written, "html.parser").find(class_="math")
    assert [child.name for child in made.children if child.name] == ["mjx-container"]
    assert made.math.get_text() == "a<b"


def test_a_fault_is_reported_with_its_place(caplog):
    node = nodes.math(r"\frac{1", r"\frac{1")
    node.document = new_document("chapter.md", get_default_settings())
    node.source, node.line = "chapter.md", 7
    with pytest.raises(nodes.SkipNode):
        typesetting(html_visit_math)(Translator(), node)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert r"Missing close brace: \frac{1" in record.getMessage()


def test_the_style_sheet_holds_the_characters_of_the_pages_alone():
    sheet = sheet_for([typeset("x")])
    shown = re.findall(r"mjx-c([0-9A-F]+)\.TEX-I::before", sheet)
    assert [chr(int(code, 16)) for code in shown] == ["\N{MATHEMATICAL ITALIC SMALL X}"]
    assert ".mjx-c78::before" not in sheet  # the upright one
    assert "mjx-assistive-mml" in sheet


def test_a_brace_that_stretches_keeps_its_parts():
    four = r"\frac{\frac ab}{\frac ab}"
    sheet = sheet_for([typeset(rf"\left\{{ \frac{{{four}}}{{{four}}} \right.", display=True)])
    assert "mjx-stretchy-v.mjx-c7B mjx-mid" in sheet


def test_formulas_show_without_a_script_and_all_their_characters_are_styled(browser, origin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/{PAGE}")
    characters = page.locator("mjx-container mjx-c")
    assert characters.count() > 100
    contents = characters.evaluate_all("cs => cs.map(c => getComputedStyle(c, '::before').content)")
    assert not {"none", "normal"} & set(contents)
    context.close()
