"""Of two thousand icons a page gets those that it shows, and none of these is missing."""

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont
from icons import FONT, SHEET, THEME, cut_out, names_of, used

STYLES = (
    ".fa-solid{font-weight:900}"
    '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.fa-ghost:before{content:"\\f6e2"}'
    ':root{--pst-icon-bell:"\uf0f3"}.mark:after{content:"\\f107"}'
)
# What pages draw with the font: the characters before and after each element.
SHOWN = """() => {
    const found = new Set();
    for (const element of document.querySelectorAll("body *"))
        for (const place of ["::before", "::after"]) {
            const { content, fontFamily } = getComputedStyle(element, place);
            const drawn = content.match(/^"([\\uf000-\\uf8ff])"/);
            if (drawn && fontFamily.includes("Font Awesome")) found.add(drawn[1].codePointAt());
        }
    return [...found];
}"""


def test_an_icon_may_have_several_names():
    assert names_of(STYLES) == {"bars": 0xF0C9, "navicon": 0xF0C9, "ghost": 0xF6E2}


def test_icons_are_found_by_name_in_pages_and_by_code_in_style_sheets():
    pages = ['<i class="fas fa-bars fa-lg"></i>']
    assert used(STYLES, ['.own::after { content: "\\f059"; }'], pages) == {
        *(0xF0C9, 0xF0F3, 0xF107, 0xF059),
    }


@pytest.fixture(scope="module")
def static(site):
    return site / "_static"


def test_what_is_cut_out_has_these_characters_and_no_others(static):
    with TTFont(io.BytesIO(cut_out(static / FONT, {0xF0C9, 0xF107}))) as part:
        names = part.getBestCmap()
        widths = {code: part["hmtx"][name] for code, name in names.items()}
    with TTFont(static / FONT) as whole:
        names = whole.getBestCmap()
        assert widths == {code: whole["hmtx"][names[code]] for code in (0xF0C9, 0xF107)}


@pytest.mark.parametrize("name", ["index.html", "chapters/test-time.html", "chapters/claims.html"])
def test_each_icon_on_a_page_is_among_those_that_it_gets(browser, origin, static, name):
    sheet = (static / SHEET).read_text("utf-8")
    data = re.search(r"base64,([^\"]+)", sheet)[1]
    characters = set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    page = browser.new_page()
    page.goto(f"{origin}/{name}", wait_until="networkidle")
    shown = set(page.evaluate(SHOWN))
    page.close()
    assert len(shown) > 10
    assert shown <= characters
    assert {int(code, 16) for code in re.findall(r"U\+(\w+)", sheet)} >= characters


def test_the_sheet_comes_after_the_theme_whose_font_it_replaces(site):
    page = (site / "index.html").read_text("utf-8")
    assert page.index(THEME) < page.index(SHEET)
