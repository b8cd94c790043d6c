"""The line above folded code says what the code is for, to all readers."""

import ast

import pytest
from prompts import assigned, called, defined, imports, named

PAGES = {
    "chapters/test-time.html": {"Show how the figure is drawn", "Show how the claim is checked"},
    "chapters/training-speed.html": {
        "Show the code of counting, counts",
        "Show how the networks are trained",
    },
    "chapters/transformers.html": {"Show the code of gains"},
}
FOLDED = """boxes => boxes.map(box => {
    const outputs = box.parentElement;
    return {
        shown: box.querySelector("summary .collapsed").textContent,
        label: box.querySelector("summary").getAttribute("aria-label"),
        claim: Boolean(outputs.querySelector(".claim-card")),
        figure: Boolean(outputs.querySelector(".cell_output img")),
    };
})"""


@pytest.fixture(params=PAGES)
def page(request, browser, origin):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{origin}/{request.param}")
    page.expected = PAGES[request.param]
    yield page
    context.close()


def test_folded_code_is_named_by_what_it_gives(page):
    found = page.eval_on_selector_all(".cell > details.above-input", FOLDED)
    assert page.expected <= {box["shown"] for box in found}
    for box in found:
        assert box["label"] is None
        assert (box["shown"] == "Show how the claim is checked") == box["claim"]
        assert (box["shown"] == "Show how the figure is drawn") == (
            box["figure"] and not box["claim"]
        )


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a = 1\nb, (c, _) = a, (2, 3)", ["b", "c"]),
        ("a = {}\na[k] = 1", ["a"]),
        ("for k in a:\n    b = k", []),
        ("f(a)", []),
    ],
)
def test_the_last_assignment_names_what_code_is_for(code, names):
    assert assigned(ast.parse(code)) == names


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import a\nfrom b import c", "Show the imports"),
        ("import a\nb = a.c", "Show the imports and the code of b"),
        ("b = c", "Show the code of b"),
        ("f(a)", None),
    ],
)
def test_code_that_imports_says_so(code, words):
    tree = ast.parse(code)
    assert named(", ".join(assigned(tree)), imports(tree)) == words


def test_calls_within_a_definition_are_not_those_of_the_code():
    tree = ast.parse("def f():\n    run()\n\nclass A:\n    pass\n\nx = probes.seen(f())")
    assert defined(tree) == ["f", "A"]
    assert set(called(tree.body)) == {".seen", "f"}


def test_folded_output_is_called_so(browser, origin):
    page = browser.new_page()
    page.goto(f"{origin}/chapters/two-images.html")
    shown = page.eval_on_selector_all(
        ".cell > details.below-input",
        "boxes => boxes.map(box => box.querySelector('.collapsed')?.textContent)",
    )
    page.close()
    assert set(shown) == {"Show the output"}
