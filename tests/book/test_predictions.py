"""What follows a prediction is folded until the reader has chosen, and the choice is answered."""

import re
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
PAGE, OTHER = "chapters/test-time.html", "chapters/backward-pass.html"
BOX = re.compile(r":::\{admonition\} [^\n]*\n:class: (predict|expected)\n(.*?)^:::$", re.S | re.M)
CHOICE = re.compile(r"^- (.*)$", re.M)
ANSWER = re.compile(r"^- \*\*(.*?)\*\* \S", re.M)


def boxes(path):
    """Return the predictions of a notebook, and the boxes that answer them, as (kind, text)."""
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    rounds = re.split(r"^## ", prose, flags=re.M)
    return [BOX.findall(part) for part in rounds]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_prediction_is_answered_in_its_round_choice_by_choice(path):
    for part in boxes(path):
        kinds = [kind for kind, _ in part]
        assert kinds == ["predict", "expected"] * (len(part) // 2)
        for (_, asked), (_, answered) in zip(part[::2], part[1::2], strict=True):
            choices = CHOICE.findall(asked)
            assert 2 <= len(choices) <= 4
            assert ANSWER.findall(answered) == choices


@contextmanager
def visit(browser, url, **options):
    """Open `url` as somebody who comes for the first time; yield the page."""
    context = browser.new_context(reduced_motion="reduce", **options)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(url, wait_until="networkidle")
    yield page
    assert page.errors == []
    context.close()


def folded(page):
    """Return for each prediction whether what follows it is folded."""
    return page.evaluate("[...document.querySelectorAll('.prediction-rest')].map(r => r.hidden)")


def choose(page, number):
    page.locator(".prediction-choices button").nth(number).click()


def answer(page):
    return page.locator(".prediction-answer").first.inner_text()


def test_all_is_folded_at_first(browser, origin):
    with visit(browser, f"{origin}/{PAGE}") as page:
        assert len(folded(page)) >= 5
        assert all(folded(page))
        assert page.get_by_text("Sorted ones, up to 36 images").is_hidden()


def test_a_choice_opens_what_follows_and_is_answered(browser, origin):
    with visit(browser, f"{origin}/{PAGE}") as page:
        choose(page, 0)
        assert page.get_by_text("Sorted ones, up to 36 images").is_visible()
        assert folded(page)[0] is False
        assert all(folded(page)[1:])
        first = answer(page)
        assert page.locator(".admonition.expected li").first.inner_text().endswith(first)
        choose(page, 2)
        assert first != answer(page) != ""
        pressed = page.locator(".prediction-choices button[aria-pressed=true]")
        assert pressed.count() == 1


def test_the_keyboard_is_enough(browser, origin):
    with visit(browser, f"{origin}/{PAGE}") as page:
        page.locator(".prediction-choices button").nth(1).focus()
        page.keyboard.press("Enter")
        assert folded(page)[0] is False
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"


def test_a_choice_is_remembered_and_can_be_forgotten(browser, origin):
    with visit(browser, f"{origin}/{PAGE}") as page:
        choose(page, 1)
        said = answer(page)
        page.reload(wait_until="networkidle")
        assert folded(page)[0] is False
        assert answer(page) == said
        page.locator(".prediction-fold").first.click()
        assert folded(page)[0]
        assert answer(page) == ""
        page.reload(wait_until="networkidle")
        assert all(folded(page))


def test_everything_can_be_shown_once_for_all_pages(browser, origin):
    with visit(browser, f"{origin}/{PAGE}") as page:
        page.locator(".prediction-all").first.click()
        assert not any(folded(page))
        page.goto(f"{origin}/{OTHER}", wait_until="networkidle")
        assert not any(folded(page))


def test_a_link_into_what_is_folded_opens_it(browser, origin):
    with visit(browser, f"{origin}/{PAGE}#claim-c4-company") as page:
        assert page.locator("#claim-c4-company").is_visible()
        assert any(folded(page))


def test_a_page_opens_from_the_file_system(browser, site):
    with visit(browser, (site / PAGE).as_uri()) as page:
        assert all(folded(page))
        choose(page, 0)
        assert folded(page)[0] is False


def test_without_a_script_everything_is_open(browser, origin):
    with visit(browser, f"{origin}/{PAGE}", java_script_enabled=False) as page:
        assert page.get_by_text("Sorted ones, up to 36 images").is_visible()
        assert page.locator(".prediction-controls:visible").count() == 0


def test_on_paper_everything_is_open(browser, origin):
    with visit(browser, f"{origin}/{PAGE}") as page:
        page.emulate_media(media="print")
        assert page.get_by_text("Sorted ones, up to 36 images").is_visible()
        assert page.locator(".prediction-controls:visible").count() == 0


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("chosen", [False, True], ids=["folded", "chosen"])
def test_a_prediction_is_accessible(browser, origin, faint_texts, barriers, mode, chosen):
    with visit(browser, f"{origin}/{OTHER}") as page:
        if chosen:
            choose(page, 1)
        page.evaluate("mode => document.documentElement.dataset.theme = mode", mode)
        page.wait_for_timeout(500)
        assert faint_texts(page) + barriers(page) == []
