"""What other sites show of a page: what it says, and a picture if it is known where the book is."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from bs4 import BeautifulSoup
from figures import TOLERANCE, difference
from PIL import Image
from sharing import PICTURE, SIZE, first_sentences, site, tags
from social_card import STORED, draw

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
ADDRESS = "https://github.com/somebody/a-course"
BASE = "https://example.org/book/"
PAGE = "chapters/training-speed.html"


def head(name):
    """Return the contents of the tags of a built page by their names."""
    page = BeautifulSoup((SITE / name).read_text("utf-8"), "html.parser")
    found = [(tag.get("property") or tag.get("name"), tag.get("content")) for tag in page("meta")]
    return {name: content for name, content in found if name}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One. Two.", "One. Two."),
        (f"One. {'a' * 200}.", f"One. {'a' * 200}."),
        (f"One. A{'a' * 200}.", "One."),
        (f"A{'a' * 200}. Two.", f"A{'a' * 200}."),
        ("The gain\nis 1.8 times. It is e.g. large.", "The gain is 1.8 times. It is e.g. large."),
        (r"Along \hat x. So \frac{1}{N}. Three.", "Along x̂."),
        (r"So \frac{1}{N}. Two.", ""),
    ],
)
def test_a_page_is_told_by_whole_sentences_without_formulas(text, shown):
    assert first_sentences(text) == shown


def test_without_an_address_no_tag_needs_one():
    found = tags("Why?", "For this.", "The book", PAGE, None)
    assert found["og:title"] == "Why?"
    assert found["description"] == found["og:description"] == "For this."
    assert found["twitter:card"] == "summary"
    assert not {"og:url", "og:image"} & found.keys()


def test_with_an_address_the_picture_has_one_in_full():
    found = tags("Why?", "", "The book", PAGE, BASE)
    assert found["og:image"] == f"{BASE}_static/social-card.png"
    assert found["og:url"] == f"{BASE}{PAGE}"
    assert found["twitter:card"] == "summary_large_image"
    assert "description" not in found


@pytest.mark.parametrize(
    ("repository", "base", "place"),
    [
        ("", "", None),
        (ADDRESS, "", "https://somebody.github.io/a-course/"),
        ("https://github.com/Some/some.github.io", "", "https://some.github.io/"),
        ("", "https://example.org/book", BASE),
        (ADDRESS, BASE, BASE),
    ],
)
def test_the_book_is_where_github_shows_it_unless_another_place_is_told(repository, base, place):
    options = {"repository_url": repository}
    assert site(SimpleNamespace(html_theme_options=options, html_baseurl=base)) == place


def test_a_chapter_is_told_by_its_short_answer_with_its_numbers(site):
    text = head(PAGE)["og:description"]
    assert text.startswith("With each arm at its fastest learning rate, batch norm reaches")
    assert text.endswith(".") and "1.8" in text


def test_a_page_of_solutions_tells_no_answer(site):
    assert "og:description" not in head("chapters/solutions/test-time.html")
    assert head("chapters/solutions/test-time.html")["og:title"].startswith("Solutions")


def test_pages_have_a_picture_if_and_only_if_the_book_has_an_address(site):
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    url = settings["sphinx"]["config"]["html_theme_options"]["repository_url"]
    known = bool(url or settings["html"]["baseurl"])
    assert ("og:image" in head("index.html")) == known
    assert (site / PICTURE).is_file()


def test_the_picture_is_what_its_code_draws(tmp_path):
    draw(tmp_path / "drawn.png")
    stored, drawn = (Image.open(path).convert("RGB") for path in (STORED, tmp_path / "drawn.png"))
    assert stored.size == drawn.size == tuple(SIZE.values())
    assert difference(stored, drawn) <= TOLERANCE


def test_each_page_has_an_icon_that_is_there(browser, origin):
    page = browser.new_page()
    page.goto(f"{origin}/{PAGE}")
    icon = page.locator('link[rel="icon"]').evaluate("link => link.href")
    answer = page.request.get(icon)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/svg+xml")
    page.goto(icon)
    assert page.evaluate("document.documentElement.getAttribute('viewBox')") == "0 0 16 16"
    page.close()
