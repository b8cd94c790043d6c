"""The summary is one sheet of paper, and paper is white."""

import re

import pytest

SHEET = "chapters/summary.html"


@pytest.fixture
def page(browser, origin):
    page = browser.new_page()
    page.goto(f"{origin}/{SHEET}", wait_until="networkidle")
    yield page
    page.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_summary_is_one_sheet(page, paper):
    printed = page.pdf(format=paper, prefer_css_page_size=False)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_a_dark_page_is_printed_light(page):
    def theme():
        return page.evaluate("document.documentElement.dataset.theme")

    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate(
        "window.addEventListener('beforeprint', () => {"
        " document.documentElement.dataset.seen = document.documentElement.dataset.theme })"
    )
    page.pdf()
    assert page.evaluate("document.documentElement.dataset.seen") == "light"
    assert theme() == "dark"


def test_the_summary_is_large_enough_to_read(page):
    page.emulate_media(media="print")
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll("article *")]
            .filter(e => !e.closest("mjx-container") && e.innerText?.trim())
            .map(e => parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom))"""
    )
    assert smallest * 72 / 96 >= 7
