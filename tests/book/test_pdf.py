"""A chapter and its solutions as a PDF: what holds for them holds for the book."""

import re

import pikepdf
import pytest
from bs4 import BeautifulSoup
from pdf import make

PAGES = [
    ("chapters/why-it-works", "Chapters", 0),
    ("chapters/solutions/why-it-works", "Practice", 1),
]


@pytest.fixture(scope="module")
def path(site, browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    make(browser, site, path, PAGES)
    return path


@pytest.fixture(scope="module")
def pdf(path):
    with pikepdf.open(path) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def long_page(path, site):
    return BeautifulSoup(site.with_name("book.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def bookmarks(pdf):
    """Return level, title and sheet of each bookmark."""
    number = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}

    def below(items, level=1):
        for item in items:
            yield level, " ".join(item.title.split()), number[item.destination[0].objgen]
            yield from below(item.children, level + 1)

    with pdf.open_outline() as outline:
        return list(below(outline.root))


def text(tag):
    return " ".join(tag.get_text().split())


def test_each_heading_has_one_bookmark_at_its_level(bookmarks, long_page):
    headings = long_page.find_all(re.compile("^h[1-4]$"))
    assert [title for _, title, _ in bookmarks] == [text(heading) for heading in headings]
    assert [level for level, title, _ in bookmarks if title.startswith("Solutions")] == [2]
    assert bookmarks[1][::2] == (1, 3)


def test_the_contents_say_on_which_sheet_a_heading_stands(bookmarks, long_page):
    sheets = {title: sheet for _, title, sheet in bookmarks}
    rows = long_page.select(".book-contents p:not(.part)")
    assert len(rows) == len(long_page.select("article :is(h1, h2)"))
    for row in rows:
        assert int(row.span.get_text()) == sheets[text(row.a)]


def test_links_lead_to_sheets_or_out_of_the_book(pdf, long_page):
    links = [note for page in pdf.pages for note in page.get("/Annots", [])]
    inside = {str(link.Dest)[1:] for link in links if "/Dest" in link}
    outside = {str(link.A.URI) for link in links if "/A" in link}
    assert inside == {link["href"][1:] for link in long_page.select('a[href^="#"]')}
    assert {f"/{name}" for name in inside} <= set(pdf.Root.Dests.keys())
    assert all(address.startswith("https://") for address in outside)


def test_a_solution_links_to_its_exercise(long_page):
    link = long_page.find("a", string="Go to the exercise")
    assert link["href"].startswith("#chapters-why-it-works--")


def test_the_bookmarks_are_open_and_a_screen_reader_finds_its_way(pdf):
    assert pdf.Root.PageMode == "/UseOutlines"
    assert "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang) == "en"


def test_no_box_is_printed_as_a_picture(pdf, long_page):
    """Shadows would be: three pictures a box, and half of the file."""
    printed = {image.objgen for page in pdf.pages for image in page.get_images().values()}
    assert len(printed) == len(long_page.select("article img"))


def test_paper_is_light_and_open_whatever_the_reader_has_chosen(browser, path, site):
    page = browser.new_page(color_scheme="dark")
    page.goto(site.with_name("book.html").as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".admonition.expected, details > :nth-child(2)").count() > 10
    closed = "all => all.filter(e => !e.checkVisibility()).length"
    assert page.locator("article :is(p, figure, pre):not(summary *)").evaluate_all(closed) == 0
    page.close()
