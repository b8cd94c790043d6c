"""The live pages, as a reader uses them: offline, in the browser, with nothing installed."""

import json
import os
import re

import pytest
from live import runtime

PAGE = "chapters/forward-pass.html"
SOLUTIONS = "chapters/solutions/forward-pass.html"
STATUS = ".live-bar .live-status"
PATIENCE = 120_000  # ms, on a busy machine

pytestmark = pytest.mark.skipif(
    bool(runtime.missing()) and not os.environ.get("CI"),
    reason="Python for the browser is not there: `make live`",
)

RIGHT = """import numpy as np
def my_batch_norm(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(0), x.var(0)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta"""
WRONG = RIGHT.replace("x.var(0)", "x.var(0, ddof=1)")
ENDLESS = RIGHT.replace("    mean,", "    while True: pass\n    mean,")

KEPT = """async (change) => {
    const found = async () => {
        const store = await caches.open((await caches.keys())[0]);
        const [name] = await store.keys();
        return { store, name, kept: name && (await store.match(name)) };
    };
    let { store, name, kept } = await found();
    if (change) {
        const bytes = change === "break" ? "no Python" : await kept.blob();
        await store.put(name, new Response(bytes, { headers: { mark: change } }));
    }
    const long = async () => (({ kept } = await found()), (await kept?.blob())?.size > 1e7);
    while (change !== "break" && !(await long())) await new Promise(next => setTimeout(next, 50));
    return kept.headers.get("mark");
}"""  # what is kept is written while the page goes on, so it is waited for


@pytest.fixture(scope="module")
def page(browser, origin):
    """Return a page that was made live, with every request to elsewhere and every error noted."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.faults = []
    page.on(
        "console",
        lambda m: page.faults.append((m.text, m.location["url"])) if is_error(m) else None,
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda r: page.faults.append(r.url) if is_elsewhere(r, origin) else None)
    page.add_init_script("localStorage.setItem('predictions', JSON.stringify({all: true}))")
    page.goto(f"{origin}/{PAGE}")
    page.before = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    go_live(page)
    yield page
    context.close()


def is_error(message):
    return message.type == "error"


def is_elsewhere(request, origin):
    return not request.url.startswith((origin, "data:", "blob:"))


def go_live(page):
    page.locator(".live-bar button[name=start]").first.click()
    wait_for(page, "Python is ready")


def wait_for(page, text):
    page.wait_for_function(
        "([css, text]) => document.querySelector(css).textContent.includes(text)",
        arg=[STATUS, text],
        timeout=PATIENCE,
    )


def cell(page, text):
    """Return the cell whose code has a text, to be found also when the text has changed."""
    box = page.locator("div.cell").filter(has=page.locator(".live-editor", has_text=text)).first
    return page.locator(f"#{box.get_attribute('id')}")


def write(page, box, code):
    """Put code into a cell, as if it were pasted."""
    box.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(code)


def run(page, box, button=".live-run"):
    box.locator(button).first.click()
    page.wait_for_function(
        "box => ['done', 'failed'].includes(box.querySelector('[data-state]')?.dataset.state)",
        arg=box.element_handle(),
        timeout=PATIENCE,
    )
    return box.locator(".cell_output").inner_text()


def exercise(page, code):
    stub = cell(page, "def my_batch_norm(x, gamma")
    write(page, stub, code)
    return run(page, cell(page, 'check("batch-norm-forward"'))


def test_nothing_of_python_is_fetched_before_the_reader_asks(page):
    assert not [name for name in page.before if re.search(r"pyodide|editor\.js|worker\.js", name)]


def test_cell_gives_what_is_stored_and_what_it_needs_ran_first(page):
    box = cell(page, "print(x_hat.round(2))")
    stored = box.locator(".cell_output").inner_text()
    assert run(page, box) == stored
    assert "done in" in cell(page, "x = np.array([[50").locator(".live-state").inner_text()


def test_shift_enter_runs_and_a_changed_number_changes_the_output(page):
    box = cell(page, "print(x_hat.round(2))")
    before = box.locator(".cell_output").inner_text()
    write(page, box, "eps = 1e3\nx_hat = (x - mean) / np.sqrt(var + eps)\nprint(x_hat.round(2))")
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "([box, before]) => box.querySelector('.cell_output').innerText !== before",
        arg=[box.element_handle(), before],
    )
    box.get_by_role("button", name="Reset").click()
    assert run(page, box) == before


def test_figure_is_drawn_anew_and_keeps_its_caption(page):
    box = page.locator("div.cell").filter(has=page.locator("figure")).first
    caption = box.locator("figcaption").inner_text()
    box.locator("summary").first.click()
    run(page, box)
    assert box.locator("img").get_attribute("src").startswith("data:image/png")
    assert box.locator("figcaption").inner_text() == caption
    assert box.locator("img").evaluate("image => image.naturalWidth") > 500


def test_wrong_answer_is_named_hint_and_solution_help_and_a_right_one_passes(page):
    assert "ddof" in exercise(page, WRONG) or "N − 1" in exercise(page, WRONG)
    box = cell(page, 'check("batch-norm-forward"')
    box.get_by_role("button", name="Hint").click()
    page.wait_for_function("box => box.querySelector('.live-help')", arg=box.element_handle())
    assert "Hint 1" in box.locator(".live-help").inner_text()
    assert "Not yet" in box.locator(".cell_output").inner_text()
    assert "Passed" in exercise(page, RIGHT)
    assert json.loads(page.evaluate("localStorage['bncourse-progress']"))["batch-norm-forward"][
        "passed"
    ]


def test_tab_goes_through_an_editor_and_indents_once_something_was_typed(page):
    box = cell(page, "print(x_hat.round(2))")
    editor = box.locator(".cm-content")
    before = editor.inner_text()
    editor.focus()
    page.keyboard.press("Tab")
    assert box.locator(".live-run").evaluate("one => one === document.activeElement")
    assert editor.inner_text() == before
    editor.focus()
    for key in ("ControlOrMeta+Home", "Tab"):
        page.keyboard.press(key)
    assert editor.inner_text() == f"    {before}"
    for key in ("Escape", "Tab"):
        page.keyboard.press(key)
    assert box.locator(".live-run").evaluate("one => one === document.activeElement")
    box.get_by_role("button", name="Reset").click()


def test_endless_answer_ends_as_in_a_notebook(page):
    assert "so it was stopped" in exercise(page, ENDLESS)
    assert "Passed" in exercise(page, RIGHT)


def test_endless_cell_is_stopped_and_the_page_goes_on(page):
    box = cell(page, "print(x_hat.round(2))")
    write(page, box, "while True: pass")
    box.locator(".live-run").click()
    wait_for(page, "Running")
    page.locator(".live-bar button[name=stop]").first.click()
    wait_for(page, "Python is ready")
    box.get_by_role("button", name="Reset").click()
    assert "1.66" in run(page, box)


def test_the_next_page_takes_python_as_the_browser_has_kept_it(page, origin):
    """What is kept is taken, not made again, and made again if it is of no use."""
    assert page.evaluate(KEPT, None) is None
    other = page.context.new_page()
    for change, afterwards in (("mark", "mark"), ("break", None)):
        page.evaluate(KEPT, change)
        other.goto(f"{origin}/{PAGE}")
        go_live(other)
        assert page.evaluate(KEPT, None) == afterwards
    other.close()


def test_nothing_moves_when_a_page_goes_live_and_the_keyboard_stays_at_the_bar(phone, origin):
    phone.goto(f"{origin}/{PAGE}", wait_until="networkidle")
    phone.locator(".live-bar button[name=start]").first.press("Enter")
    wait_for(phone, "Python is ready")
    assert phone.evaluate("shifted") <= 0.02
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.name") == "all"


def test_error_shows_the_readers_line(page):
    box = cell(page, "print(x_hat.round(2))")
    write(page, box, "print(x_hat / unknown)")
    shown = run(page, box)
    assert "NameError: name 'unknown' is not defined" in shown
    assert "kernel.py" not in shown
    box.get_by_role("button", name="Reset").click()


def test_cells_that_need_torch_say_so_and_stay(page):
    assert page.locator(".live-torch").count() == 2


def test_changes_survive_a_reload_and_can_be_taken_home(page, origin):
    write(page, cell(page, "print(x_hat.round(2))"), "eps = 42")
    page.reload()
    go_live(page)
    assert page.locator(".cm-content", has_text="eps = 42").count() == 1
    with page.expect_download() as taken:
        page.locator(".live-bar button[name=download]").first.click()
    notebook = json.loads(taken.value.path().read_text("utf-8"))
    mine = [c for c in notebook["cells"] if "".join(c["source"]) == "eps = 42"]
    assert mine[0]["outputs"] == []
    assert taken.value.suggested_filename == "forward-pass.ipynb"
    page.locator(".live-bar button[name=reset]").first.click()
    assert page.locator(".cm-content", has_text="eps = 42").count() == 0


def test_second_tab_has_the_same_code_and_the_list_of_exercises_knows_what_was_passed(page, origin):
    other = page.context.new_page()
    other.goto(f"{origin}/{PAGE}")
    go_live(other)
    write(page, cell(page, "print(x_hat.round(2))"), "eps = 43")
    other.locator(".cm-content", has_text="eps = 43").wait_for(timeout=PATIENCE)
    cell(page, "eps = 43").get_by_role("button", name="Reset").click()
    other.locator(".cm-content", has_text="eps = 43").wait_for(state="detached", timeout=PATIENCE)
    other.goto(f"{origin}/chapters/exercises.html")
    row = other.locator("tr", has=other.locator('a[href$="#batch-norm-forward"]'))
    assert row.locator(".exercise-state").inner_text() == "passed"
    assert re.match(r"1 of \d+ exercises passed", other.locator(".exercise-progress").inner_text())
    other.close()


def test_changes_to_an_older_edition_are_kept_until_they_are_discarded(page, origin):
    key = f"bncourse-cell:{PAGE.removesuffix('.html')}:gone"
    page.evaluate("key => localStorage.setItem(key, 'eps = 44')", key)
    page.reload()
    go_live(page)
    box = page.locator(".live-older")
    assert "are kept: 1." in box.inner_text()
    with page.expect_download() as taken:
        box.get_by_role("button", name="Download").click()
    assert taken.value.path().read_text("utf-8") == "eps = 44"
    box.get_by_role("button", name="Discard").click()
    assert not box.is_visible()
    assert page.evaluate("key => localStorage.getItem(key)", key) is None


def test_run_all_runs_every_cell_of_a_page(page, origin):
    other = page.context.new_page()
    other.goto(f"{origin}/{SOLUTIONS}")
    go_live(other)
    other.locator(".live-bar button[name=all]").first.click()
    wait_for(other, "Running")
    other.locator(".live-bar button[name=all]").first.wait_for(timeout=PATIENCE)
    states = other.locator("[data-state]").evaluate_all("all => all.map(e => e.dataset.state)")
    assert set(states) == {"done"}
    assert len(states) == other.locator("div.cell:has(.live-editor)").count()
    other.close()


def test_no_request_leaves_the_machine_and_nothing_is_logged(page):
    assert page.faults == []


# The colours of some buttons change little by little; a change may be cancelled by the next one.
UNTIL_NOTHING_MOVES = """async () => {
    const moving = () => document.getAnimations().filter(each => each.playState === "running");
    for (let some = moving(); some.length; some = moving())
        await Promise.allSettled(some.map(each => each.finished));
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_live_page_keeps_nobody_out(page, faint_texts, barriers, theme):
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.evaluate("theme => document.documentElement.dataset.mode = theme", theme)
    page.evaluate(UNTIL_NOTHING_MOVES)
    assert faint_texts(page) + barriers(page) == []


def test_page_from_disk_says_how_to_get_more(browser, site):
    page = browser.new_page()
    page.goto((site / PAGE).as_uri())
    assert "make serve" in page.locator(STATUS).first.inner_text()
    assert page.locator(".live-bar button").count() == 0
    page.close()


def test_page_without_javascript_is_complete_and_says_what_it_lacks(browser, origin):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/{PAGE}")
    assert "if it allows JavaScript" in page.locator(".live-note").first.inner_text()
    assert not page.locator(".live-bar").first.is_visible()
    context.close()
