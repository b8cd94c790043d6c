"""Every claim of a chapter is on the page of claims, with its verdict and a link to its cell."""

import ast
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from cards import MIME, cards
from scipy import stats

from bncourse.claims import Card, Evidence
from bncourse.claims.article import fits, statements, syntheses
from bncourse.statistics import FEWEST_SEEDS, STANDARD_ERRORS, WORTHWHILE

ROOT = Path(__file__).parents[2]
PAGE = "chapters/claims.html"
STATEMENTS = ["X1", *(f"C{n}" for n in range(1, 11)), *(f"E{n}" for n in range(1, 4))]
NAMES = re.findall(r"file: (\S+)", (ROOT / "_toc.yml").read_text())
NOTEBOOKS = {
    name: json.loads(path.read_text("utf-8"))["cells"]
    for name in NAMES
    if (path := ROOT / f"{name}.ipynb").exists()
}
OUTPUTS = [
    (name, output)
    for name, cells in NOTEBOOKS.items()
    for cell in cells
    for output in cell.get("outputs", [])
    if cards([output])
]
CARDS = [(name, output["data"][MIME]) for name, output in OUTPUTS]


def of_each(pairs, card=lambda value: value):
    return [pytest.param(*pair, id=card(pair[1])["id"]) for pair in pairs]


def calls_of_claim():
    for name, cells in NOTEBOOKS.items():
        for source in ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"):
            if "claim(" in source:
                yield from ((name, node) for node in ast.walk(ast.parse(source)) if is_claim(node))


def is_claim(node):
    return isinstance(node, ast.Call) and getattr(node.func, "id", None) == "claim"


def is_measured(node):
    """Tell whether an expression depends on anything, each case of a mapping by itself."""
    if isinstance(node, ast.Dict):
        return all(map(is_measured, node.values))
    return any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(node))


@pytest.fixture(scope="module")
def pages(site):
    """Return a function that reads a page of the built book, each page once."""
    read = {}

    def page(name):
        if name not in read:
            read[name] = BeautifulSoup((site / name).read_text("utf-8"), "html.parser")
        return read[name]

    return page


def link_to(part, card):
    """Return the only link of a part of a page to the cell that made a claim."""
    (link,) = part.select(f'a[href$="#{card["anchor"]}"]:not(.headerlink)')
    return link


def test_the_chapters_make_claims():
    assert len(CARDS) >= 7


def test_a_claim_is_made_once():
    ids = [card["id"] for _, card in CARDS]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(("name", "card"), of_each(CARDS))
def test_claim_is_on_the_page_with_its_verdict_and_numbers(pages, name, card):
    row = pages(PAGE).find(id=card["id"].partition(".")[0].lower())
    answer = link_to(row, card).find_parent(class_="claim-card")
    assert answer.find(class_="claim-verdict").text == card["sentences"]["verdict"]
    shown = [definition.text.strip() for definition in answer.find_all("dd")]
    assert sorted(shown) == sorted(piece["shown"] for piece in card["evidence"])


@pytest.mark.parametrize(("name", "card"), of_each(CARDS))
def test_page_shows_the_picture_and_the_settings_of_a_card(pages, name, card):
    answer = link_to(pages(PAGE), card).find_parent(class_="claim-card")
    drawn = [svg["aria-label"] for svg in answer.find_all("svg", role="img")]
    stored = pages(f"{name}.html").find(id=card["anchor"]).find_all("svg", role="img")
    assert drawn == [svg["aria-label"] for svg in stored]
    assert len(drawn) == sum(isinstance(piece["data"], dict) for piece in card["evidence"])
    assert card["settings"] in answer.text


@pytest.mark.parametrize(("name", "card"), of_each(CARDS))
def test_page_links_to_the_very_cell(pages, name, card):
    link = link_to(pages(PAGE), card)
    target = (Path(PAGE).parent / link["href"].partition("#")[0]).as_posix()
    assert target == f"{name}.html"
    (cell,) = pages(target).find_all(id=card["anchor"])
    assert card["text"] in cell.text


@pytest.mark.parametrize(("name", "card"), of_each(CARDS))
def test_links_of_a_card_lead_to_its_row(pages, name, card):
    for link in pages(f"{name}.html").find(id=card["anchor"]).find_all("a"):
        target, _, anchor = link["href"].partition("#")
        assert (Path(name).parent / target).as_posix() == PAGE
        assert len(pages(PAGE).find_all(id=anchor)) == 1


@pytest.mark.parametrize(("name", "output"), of_each(OUTPUTS, lambda o: o["data"][MIME]))
def test_stored_card_is_drawn_from_its_data(name, output):
    bundle = {kind: value for kind, value in output["data"].items() if kind != MIME}
    stored = output["data"][MIME]
    names = ("id", "text", "verdict", "cases", "settings", "distances")
    fields = {field: stored[field] for field in names}
    card = Card(**fields, evidence=tuple(Evidence(**piece) for piece in stored["evidence"]))
    drawn = json.loads(json.dumps(card._repr_mimebundle_()))
    assert drawn.pop(MIME) == stored, "run `make notebooks`"
    assert drawn == {kind: "".join(value) for kind, value in bundle.items()}, "run `make notebooks`"


def test_page_lists_the_statements_in_the_articles_order(pages):
    rows = [section["id"] for section in pages(PAGE).select("section > section")]
    assert rows[: len(statements())] == [statement_id.lower() for statement_id in statements()]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_begins_with_its_synthesis(pages, statement):
    row = pages(PAGE).find(id=statement.lower())
    first = row.find(class_="claim-verdict").find_parent()
    assert "claim-synthesis" in first["class"]
    assert first.find_all("p")[-1].text == syntheses()[statement]["text"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_synthesis_fits_the_cards(statement):
    verdicts = {
        card["id"]: card["verdict"]
        for _, card in CARDS
        if card["id"].partition(".")[0] == statement
    }
    synthesis = syntheses()[statement]
    assert fits(synthesis, list(verdicts.values())), f"{synthesis['verdict']}: {verdicts}"


@pytest.mark.parametrize("statement", [*STATEMENTS, "own"])
def test_cards_stand_in_order_of_strength_and_open_ones_last(pages, statement):
    row = pages(PAGE).find(id=statement.lower())
    order = ["open" in card["class"] for card in row.find_all(class_="claim-card")]
    assert order == sorted(order)


def test_the_policy_on_the_page_is_that_of_the_package(pages):
    page = re.sub(r"\s+", " ", pages(PAGE).text)
    assert STANDARD_ERRORS == 3 and "three standard errors" in page
    assert (
        f"a ratio of {1 / WORTHWHILE:g}" in page and f"from the other side: {WORTHWHILE:g}" in page
    )


def test_luck_makes_less_than_one_verdict_wrong():
    cases = sum(max(1, len(card["cases"])) for _, card in CARDS)
    by_luck = stats.t.sf(STANDARD_ERRORS, FEWEST_SEEDS - 1)
    assert by_luck < 0.01 and min(cases, 60) * by_luck < 1


def test_judgements_are_combined_so_that_an_open_question_stays_open():
    for name, call in calls_of_claim():
        (holds,) = (keyword.value for keyword in call.keywords if keyword.arg == "holds")
        lossy = [node for node in ast.walk(holds) if loses_what_is_open(node)]
        assert not lossy, f"{name}: use &, |, ~, every, some in holds={ast.unparse(holds)}"


def loses_what_is_open(node):
    """Tell whether an expression makes two values of three: `and`, `or`, `not`, `all`, `any`."""
    return (
        isinstance(node, ast.BoolOp)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (isinstance(node, ast.Call) and getattr(node.func, "id", None) in ("all", "any"))
    )


def test_a_verdict_is_never_typed():
    calls = list(calls_of_claim())
    assert len(calls) == len(CARDS)
    for name, call in calls:
        (holds,) = (keyword.value for keyword in call.keywords if keyword.arg == "holds")
        assert is_measured(holds), f"{name}: holds={ast.unparse(holds)}"


@pytest.mark.parametrize(
    ("expression", "measured"),
    [
        ("True", False),
        ("not False", False),
        ("1 < 2", False),
        ("{'a': width.above(0), 'b': True}", False),
        ("width.above(0)", True),
        ("{'a': width.above(0), 'b': gain < 1}", True),
    ],
)
def test_typed_verdicts_are_found(expression, measured):
    assert is_measured(ast.parse(expression, mode="eval").body) == measured
