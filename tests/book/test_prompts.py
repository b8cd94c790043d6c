"""The line above folded code says what the code is for, to all readers."""

import pytest

PAGES = {
    "chapters/test-time.html": {"Show how the figure is drawn", "Show how the claim is checked"},
    "chapters/transformers.html": {"Show the code"},
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
