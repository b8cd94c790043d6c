"""Each cell, claim and figure has an address of its own, which leads where the reader sees it."""

import json
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

SITE = Path(__file__).parents[2] / "_build" / "html"
CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.glob("chapters/**/*.html"))
KINDS = ("cell-", "claim-", "figure-")
TAKEN_OUT = {"remove-cell", "remove-input"}
# Lead to a place as a link does, and tell what is to be seen at its upper edge, below the header.
SEEN = """id => {
    location.hash = id;
    const place = document.getElementById(id);
    const { left, top, width } = place.getBoundingClientRect();
    const edge = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
    const seen = document.elementFromPoint(left + width / 2, top + 3);
    return top >= edge && top < innerHeight && place.contains(seen);
}"""


def read(name):
    return BeautifulSoup((SITE / name).read_text("utf-8"), "html.parser")


def links(page):
    """Return the targets of a page's links to its cells, claims and figures, with their names."""
    found = [(a["href"][1:], a["title"]) for a in page.select("article a.headerlink")]
    return {id: title for id, title in found if id.startswith(KINDS)}


@pytest.fixture(scope="module", params=PAGES)
def page(request, site):
    return read(request.param)


def test_ids_are_unique_on_a_page(page):
    counts = Counter(tag["id"] for tag in page.find_all(id=True))
    assert [id for id, count in counts.items() if count > 1] == []


def test_links_lead_to_ids_of_the_page(page):
    assert links(page).keys() <= {tag["id"] for tag in page.find_all(id=True)}


def test_each_claim_figure_and_cell_with_its_code_has_a_link(page):
    cells = ".cell:has(.cell_input), .cell_output:has(.drawing)"
    parts = page.select(f"article :is(.claim-card, figure:has(img), {cells})")
    assert {part["id"] for part in parts} == links(page).keys()


@pytest.mark.parametrize("name", ["forward-pass", "test-time", "solutions/test-time"])
def test_cells_have_the_ids_of_the_notebook(site, name):
    cells = json.loads((CHAPTERS / f"{name}.ipynb").read_text("utf-8"))["cells"]
    shown = [
        f"cell-{cell['id']}"
        for cell in cells
        if cell["cell_type"] == "code" and not TAKEN_OUT & set(cell["metadata"].get("tags", []))
    ]
    assert [id for id in links(read(f"chapters/{name}.html")) if id.startswith("cell-")] == shown


def test_a_claim_has_the_same_id_in_its_chapter_and_among_all_claims(site):
    here = [id for id in links(read("chapters/training-speed.html")) if id.startswith("claim-")]
    assert len(here) >= 3
    assert set(here) <= links(read("chapters/claims.html")).keys()


@pytest.fixture(params=[(1280, 900), (380, 700)], ids=["desk", "phone"])
def chapter(request, browser, origin):
    """A chapter whose predictions are all folded, in a wide window and in a narrow one."""
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto(f"{origin}/chapters/training-speed.html", wait_until="networkidle")
    yield page
    page.close()


def test_a_link_leads_to_what_is_then_seen_even_if_it_was_folded(chapter):
    ids = links(read("chapters/training-speed.html"))
    first = [next(id for id in ids if id.startswith(kind)) for kind in KINDS]
    assert not chapter.locator(f"#{first[-1]}").is_visible()
    assert [id for id in first if not chapter.evaluate(SEEN, id)] == []


def test_a_link_has_a_name_and_shows_when_the_keyboard_comes_to_it(chapter):
    link = chapter.get_by_role("link", name="Link to this cell").first
    assert link.evaluate("a => getComputedStyle(a).opacity") == "0"
    link.evaluate(
        """a => {
            const stop = document.createElement("a");
            stop.href = "#";
            a.before(stop);
            stop.focus({ preventScroll: true });
        }"""
    )
    chapter.keyboard.press("Tab")
    assert link.evaluate("a => a === document.activeElement && getComputedStyle(a).opacity") == "1"
    assert link.bounding_box()["x"] >= 0


def test_a_link_shows_while_its_cell_is_pointed_at(chapter):
    cell = chapter.locator(".cell:has(> .cell_input)").first
    cell.hover()
    assert cell.locator("> a.headerlink").evaluate("a => getComputedStyle(a).opacity") == "1"
