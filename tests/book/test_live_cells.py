"""Every cell that a page offers to run gives in a browser what the notebook has stored."""

import json
from itertools import chain

import nbformat
import pytest
from live import cells, runtime

pytestmark = pytest.mark.skipif(
    bool(runtime.missing()), reason="Python for the browser is not there: `make live`"
)

NOTEBOOKS = sorted(
    path.relative_to(cells.CHAPTERS).with_suffix("").as_posix()
    for folder in ("", "solutions")
    for path in (cells.CHAPTERS / folder).glob("*.ipynb")
)

# One worker runs all notebooks of a part: what one has set is cleared before the next.
START = """async () => {
    const { Python } = await import("/_live/python.js");
    window.heard = {};
    window.python = new Python({ too_much: "", no_input: "" }, window.heard);
    await new Promise((resolve, reject) => {
        heard.ready = resolve;
        heard.broken = ({ text }) => reject(new Error(text));
        python.start(null);
    });
}"""
CLEAR = "for _name in [n for n in globals() if not n.startswith('__')]: del globals()[_name]"
RUN = """async ([cells, targets]) => {
    const told = {};
    for (const target of targets) {
        await new Promise((resolve, reject) => {
            heard.output = ({ id, output }) => (told[id] ??= []).push(output);
            heard.begin = ({ id }) => (told[id] = []);
            heard.end = () => {};
            heard.broken = ({ text }) => reject(new Error(text));
            heard.idle = resolve;
            python.run({ cells, target, above: false });
        });
    }
    return told;
}"""


def given(outputs):
    """Return what a page showed: texts, values, and how many figures."""
    texts = "".join(o["text"] for o in outputs if o["kind"] == "text")
    data = [o["data"] for o in outputs if o["kind"] == "data"]
    errors = [o["text"].splitlines()[-1] for o in outputs if o["kind"] == "error"]
    values = [_plain(d) for d in data if "image/png" not in d]
    return texts, values, sum("image/png" in d for d in data), errors


def stored(cell):
    """Return what a notebook has stored, in the same form; numbers for the text are left out."""
    texts = "".join(o.text for o in cell.outputs if o.output_type == "stream")
    data = [o.data for o in cell.outputs if o.output_type != "stream" and not o.metadata]
    values = [_plain(d) for d in data if "image/png" not in d]
    return texts, values, sum("image/png" in d for d in data), []


def _plain(data):
    """Return a value as text; the digits of a claim may differ, and are compared elsewhere."""
    if "application/vnd.bncourse.claim+json" in data:
        return data["application/vnd.bncourse.claim+json"]["verdict"]
    return data.get("text/html", data["text/plain"])


@pytest.mark.parametrize("part", [0, 1])
def test_every_live_cell_gives_what_is_stored(browser, origin, part):
    page = browser.new_page()
    page.goto(f"{origin}/search.html")
    page.evaluate(START)
    different = {}
    for name in NOTEBOOKS[part::2]:
        path = cells.CHAPTERS / f"{name}.ipynb"
        found = cells.of_page(path)
        known = {c.id: c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"}
        given_cells = [{"id": cell["id"], "source": cell["runs"]} for cell in found]
        page.evaluate(RUN, [[{"id": "clear", "source": CLEAR}], ["clear"]])
        live = [cell["id"] for cell in found if not cell["torch"]]
        told = page.evaluate(RUN, [given_cells, live])
        for id in live:
            if "nbval-ignore-output" in known[id].metadata.get("tags", []):
                continue
            if (now := given(told.get(id, []))) != stored(known[id]):
                different[f"{name} {id}"] = (now, stored(known[id]))
    page.close()
    assert different == {}


def test_most_cells_of_the_chapters_on_theory_are_live():
    found = list(
        chain.from_iterable(
            cells.of_page(cells.CHAPTERS / f"{name}.ipynb")
            for name in NOTEBOOKS
            if not name.endswith(("more-training", "on-the-way-to-use", "troubleshooting"))
        )
    )
    assert sum(not cell["torch"] for cell in found) > 0.85 * len(found)


def test_list_of_cells_that_need_torch_names_cells_that_exist():
    for name, ids in json.loads(cells.NEED_TORCH.read_text("utf-8")).items():
        assert set(ids) <= {cell["id"] for cell in cells.of_page(cells.CHAPTERS / name)}
