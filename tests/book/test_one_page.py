"""The pages of the book, put together to one long page: in order, open, and linked."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from one_page import Chapter, address, chapter, contents, cut_loose, make_unique, reading_order

TOC = {
    "root": "index",
    "parts": [
        {"caption": "Chapters", "chapters": [{"file": "chapters/one"}, {"file": "chapters/two"}]},
        {
            "caption": "Practice",
            "chapters": [
                {"file": "chapters/tasks", "sections": [{"file": "chapters/solutions/one"}]},
            ],
        },
    ],
}
PAGE = """
<article class="bd-article"><section id="title"><h1>Title<a class="headerlink">#</a></h1>
<img src="../_images/a.png"><details><summary>More</summary><p>folded</p></details>
<button>press</button><script>run()</script><p><a href="../index.html#top">up</a></p>
</section></article>
"""


def article(html):
    return BeautifulSoup(f"<article>{html}</article>", "html.parser").article


def test_the_order_is_that_of_the_book_with_parts_and_depths():
    assert list(reading_order(TOC)) == [
        ("index", "", 0),
        ("chapters/one", "Chapters", 0),
        ("chapters/two", "Chapters", 0),
        ("chapters/tasks", "Practice", 0),
        ("chapters/solutions/one", "Practice", 1),
    ]


@pytest.mark.parametrize(
    ("href", "leads_to"),
    [
        ("#x", "#chapters-one--x"),
        ("two.html", "#chapters-two"),
        ("two.html#x", "#chapters-two--x"),
        ("../index.html#x", "#index--x"),
        ("solutions/one.html", "#chapters-solutions-one"),
        ("https://example.org/a.html#x", "https://example.org/a.html#x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_to_the_same_place_on_the_long_page(href, leads_to):
    assert address(href, "chapters/one") == leads_to


def test_what_names_an_id_follows_it():
    made = article('<p id="a">1</p><div aria-labelledby="a b"></div><label for="b"></label>')
    make_unique(made, "chapters/one")
    assert made["id"] == "chapters-one"
    assert made.p["id"] == "chapters-one--a"
    assert made.div["aria-labelledby"] == "chapters-one--a chapters-one--b"
    assert made.label["for"] == "chapters-one--b"


def test_links_to_what_is_not_in_the_book_become_text():
    made = article('<a href="two.html">in</a> <a href="genindex.html">out</a> <a href="#y">no</a>')
    make_unique(made, "one")
    other = article("")
    make_unique(other, "two")
    cut_loose([Chapter("one", "", made), Chapter("two", "", other)])
    assert [link.get("href") for link in made.find_all("a")] == ["#two", None, None]
    assert made.get_text() == "in out no"


@pytest.fixture
def site(tmp_path):
    site = tmp_path / "html"
    (site / "chapters").mkdir(parents=True)
    (site / "chapters" / "one.html").write_text(PAGE, "utf-8")
    return site


def test_a_page_is_open_and_has_nothing_to_press(site):
    made = chapter(site, "chapters/one").article
    assert made.details.has_attr("open")
    assert made.find_all(["button", "script"]) == []
    assert made.h1.get_text() == "Title"


def test_pictures_are_found_from_beside_the_site(site):
    source = chapter(site, "chapters/one").article.img["src"]
    assert Path(source) == Path("html/_images/a.png")


def test_a_page_below_a_chapter_has_lower_headings(site):
    made = chapter(site, "chapters/one", depth=1).article
    assert [heading.name for heading in made.select("h1, h2")] == ["h2"]


def test_the_contents_have_numbers_where_they_are_known(site):
    one = chapter(site, "chapters/one", "Chapters")
    rows = BeautifulSoup(contents([one], {"chapters-one--title": 7}), "html.parser").find_all("p")
    assert [row.get_text() for row in rows] == ["Chapters", "Title7"]
    assert rows[1].a["href"] == "#chapters-one--title"
    assert "7" not in contents([one], {})
