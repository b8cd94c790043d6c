"""The built book as a reader meets it: in a browser, offline, light and dark, wide and narrow."""

import gzip
import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

SITE = Path(__file__).parents[2] / "_build" / "html"
PAGES = sorted(
    name
    for name in (path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    if not name.startswith("_")
)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
HEAVIEST = 1e6  # bytes, as a server sends them
TEXT = (".html", ".css", ".js", ".svg")  # what a server compresses; the rest is compressed already
OUTSIDE = re.compile(r"^(?!http://127\.0\.0\.1:|file:|data:|blob:)")


@contextmanager
def opened(browser, url):
    """Open `url`, nothing folded, all other hosts out of reach; yield it, with what went wrong."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    outside, errors = [], []

    def refuse(route):
        outside.append(route.request.url)
        route.abort()

    context.route(OUTSIDE, refuse)
    context.add_init_script("localStorage.setItem('predictions', '{\"all\": true}')")
    page = context.new_page()
    page.fetched = set()
    page.on("response", lambda response: page.fetched.add(urlsplit(response.url).path))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda r: errors.append(f"failed: {r.url}"))
    page.on("response", lambda r: errors.append(f"{r.status}: {r.url}") if r.status >= 400 else 0)
    page.goto(url)
    page.outside, page.errors = outside, errors
    yield page
    context.close()


@pytest.fixture(scope="module", params=PAGES)
def page(request, browser, origin):
    """Each page of the book in turn, opened once for all the tests below."""
    with opened(browser, f"{origin}/{request.param}") as page:
        yield page


def test_page_keeps_room_for_its_pictures(page):
    sizes = """images => images.map(i => i.getAttribute("width") * i.naturalHeight
                                          - i.getAttribute("height") * i.naturalWidth)"""
    assert set(page.eval_on_selector_all("img:not(.dropdown-item img)", sizes)) <= {0}


def test_formulas_are_typeset(page):
    assert page.locator(".math").count() == page.locator(".math > mjx-container").count()
    assert page.locator("mjx-merror").count() == 0


def test_every_picture_has_alt_text(page):
    silent = "images => images.filter(i => i.alt.length < 20).map(i => i.src)"
    assert page.eval_on_selector_all("article img", silent) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_texts_can_be_read(page, faint_texts, mode):
    page.evaluate("mode => document.documentElement.dataset.theme = mode", mode)
    assert faint_texts(page) == []


@pytest.mark.parametrize(
    "faint",
    [
        '<p style="color: #bbb">pale</p>',
        '<div style="background: #666"><p>on a dark ground</p></div>',
        '<div style="opacity: 0.4"><p>half-transparent</p></div>',
        '<input style="color: #bbb" aria-label="pale" value="pale">',
    ],
)
def test_one_faint_text_among_readable_ones_is_found(browser, faint_texts, faint):
    page = browser.new_page()
    page.set_content(f"<html lang=en><main>{9 * '<p>readable</p>'}{faint}</main>")
    assert [rule for rule, _ in faint_texts(page)] == ["color-contrast"]
    page.close()


@pytest.fixture(scope="class", params=[DESK, PHONE], ids=["desk", "phone"])
def window(request, page):
    """Each page in a wide and in a narrow window; its size."""
    if page.viewport_size != request.param:
        page.set_viewport_size(request.param)
        page.wait_for_timeout(500)  # then the theme makes wide boxes scrollable by keyboard
    return request.param


class TestInAWindow:
    def test_pictures_have_their_own_shape(self, page, window):
        stretched = """images => images.filter(i => i.closest("figure")).map(
            i => [i.alt, i.width / i.height * i.naturalHeight / i.naturalWidth]
        ).filter(([alt, ratio]) => Math.abs(ratio - 1) > 0.01)"""
        assert page.eval_on_selector_all("article img", stretched) == []

    def test_page_is_accessible(self, page, window, barriers):
        assert barriers(page) == []

    def test_page_fits_its_window(self, page, window):
        assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]


def test_page_asks_nothing_of_the_network(page):
    page.wait_for_load_state("networkidle")
    assert page.outside == []


def test_what_a_page_asks_of_another_host_is_noticed(browser):
    with opened(browser, 'data:text/html,<img src="https://example.org/picture.png">') as page:
        assert page.outside == ["https://example.org/picture.png"]


def test_page_logs_no_error(page):
    assert page.errors == []


@cache
def weight(path):
    """Return how many bytes a server sends for a file of the book."""
    content = (SITE / path.lstrip("/")).read_bytes()
    return len(gzip.compress(content) if path.endswith(TEXT) else content)


def test_page_is_light(page):
    fetched = {path: weight(path) for path in page.fetched}
    assert len(fetched) > 10
    assert sum(fetched.values()) <= HEAVIEST, sorted(fetched.items(), key=lambda item: -item[1])[:9]


def test_page_fetches_no_icon_that_it_does_not_show(page):
    assert not [path for path in page.fetched if "fontawesome" in path]


def test_book_opens_from_the_file_system(browser, site):
    with opened(browser, (site / "chapters" / "forward-pass.html").as_uri()) as page:
        page.wait_for_load_state("networkidle")
        assert (page.outside, page.errors) == ([], [])
        assert page.locator("article h1").count() == 1
        assert page.locator("mjx-container").count() > 0


def test_search_finds_a_word_offline(browser, origin):
    with opened(browser, f"{origin}/search.html?q=variance") as page:
        page.wait_for_selector("#search-results li a")
        page.wait_for_load_state("networkidle")
        assert page.outside == []


def test_keyboard_skips_to_the_content(browser, origin):
    with opened(browser, f"{origin}/index.html") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main-content"
