"""Pictures that a reader moves: their numbers are the package's, and every reader can move them."""

import json
import re
from contextlib import contextmanager
from pathlib import Path

import explorables
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from sphinx.cmd.build import build_main

from bncourse.drawings.ink import PALETTE

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "_static" / "explorables"
STYLES = (FOLDER / "explorables.css").read_text("utf-8")
NORMS = ("batch", "layer", "instance", "group", "rms")
PAGES = {
    "batch": ("index.html", "chapters/forward-pass.html"),
    "circle": ("chapters/backward-pass.html",),
    "statistics": ("chapters/test-time.html",),
    "pool": ("chapters/alternatives.html",),
    "layers": ("chapters/very-deep-networks.html",),
}
# What makes the longest sentences.
EXTREMES = {
    "batch": [{"training": False, "x": [-5, -4.5, 10.5, 11], "beta": -3}],
    "circle": [{"x": [-0.5, -1.2, -1.9], "g": [-1.5, -0.5, -1.4]}],
    "statistics": [{"rate": 0.001, "size": 256, "steps": 500}, {"rate": 0.99, "size": 2}],
    "layers": [
        {"activation": "sigmoid", "norm": "none", "depth": 32, "forwards": forwards, "layer": 30}
        for forwards in ("size", "difference", "classes")
    ],
    "pool": [{"norm": norm, "samples": 1, "image": "1 × 1", "groups": 6} for norm in NORMS],
}
PHONE, DESK = {"width": 375, "height": 812}, {"width": 1280, "height": 900}
MOST_LINES = 300


def scripts(name):
    return [FOLDER / file for file in explorables.files(name)]


@contextmanager
def visit(browser, url, **options):
    """Open `url`, nothing folded, no formula typeset; yield it, which must log no error."""
    context = browser.new_context(**{"viewport": PHONE, "reduced_motion": "reduce"} | options)
    context.route("**/mathjax/**", lambda route: route.fulfill(body=""))
    context.add_init_script("localStorage.setItem('predictions', '{\"all\": true}')")
    page, errors = context.new_page(), []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url, wait_until="load")
    yield page
    assert errors == []
    context.close()


@pytest.fixture(
    scope="module", params=[(name, page) for name in PAGES for page in PAGES[name]], ids="-".join
)
def shown(request, browser, site):
    """Each explorable on each of its pages, opened from the file system, with its box."""
    name, path = request.param
    with visit(browser, (site / path).as_uri()) as page:
        box = page.locator(f"#explorable-{name}")
        box.scroll_into_view_if_needed()
        yield page, box


# What holds for all of them.


@pytest.mark.parametrize("name", PAGES)
def test_the_text_tells_what_a_key_has_changed(benches, name):
    bench = benches(name)
    assert bench.page.locator(".explorable-told").get_attribute("aria-live") == "polite"
    before, handle = bench.told, bench.page.locator(".explorable-handle").first
    was = handle.get_attribute("aria-valuetext")
    handle.focus()
    bench.page.keyboard.press("ArrowRight")
    assert bench.told != before
    assert handle.get_attribute("aria-valuetext") != was
    bench.press("Start again")
    assert bench.told == before


@pytest.mark.parametrize("name", PAGES)
def test_every_word_is_used_and_none_is_left_to_fill_in(benches, name):
    source = (FOLDER / f"{name}.js").read_text("utf-8")
    own = set(explorables.words()[name]) - set(explorables.common())
    used = set(re.findall(r"\bwords\.(\w+)", source)) - set(explorables.common())
    assert used - {"title"} == own - {"title"}
    bench = benches(name)
    for change in EXTREMES[name]:
        bench.evaluate("stage.change(given)", change)
        assert not re.search(r"[{}]|undefined|NaN", bench.told)
        assert not re.search(r"[{}]|undefined|NaN", bench.page.locator("svg").text_content())


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_it_starts_from_the_file_system_and_nothing_shifts(shown, viewport):
    page, box = shown
    page.set_viewport_size(viewport)
    stage = box.locator(".explorable-stage")
    assert stage.locator("svg").is_visible()
    assert stage.locator(".explorable-still").is_hidden()
    reserved = stage.evaluate("stage => parseFloat(getComputedStyle(stage).minHeight)")
    assert stage.bounding_box()["height"] == pytest.approx(reserved, abs=1)
    for change in EXTREMES[stage.get_attribute("data-explorable")]:
        stage.evaluate("(box, change) => box.stage.change(change)", change)
        assert stage.bounding_box()["height"] == pytest.approx(reserved, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_is_accessible(benches, name, mode):
    page = benches(name).page
    page.evaluate("mode => document.documentElement.dataset.theme = mode", mode)
    page.wait_for_timeout(200)
    found = Axe().run(page, context=".explorable").response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in found] == []


def test_on_paper_a_sentence_stands_in_its_place(shown):
    page, box = shown
    page.emulate_media(media="print")
    assert box.get_by_text("In a browser with JavaScript").is_visible()
    assert box.locator("svg:visible, button:visible, input:visible").count() == 0
    assert box.locator(".explorable-stage").bounding_box()["height"] < 100
    page.emulate_media(media="screen")


def test_without_a_script_a_sentence_stands_in_its_place(browser, site):
    with visit(browser, (site / "index.html").as_uri(), java_script_enabled=False) as page:
        box = page.locator("#explorable-batch")
        assert box.get_by_text("In a browser with JavaScript").is_visible()
        assert box.locator(".explorable-stage").bounding_box()["height"] < 100


@pytest.mark.parametrize("name", PAGES)
def test_its_scripts_are_small_and_without_words(name):
    for path in scripts(name):
        lines = path.read_text("utf-8").splitlines()
        assert len(lines) <= MOST_LINES
        code = re.sub(r"/\*.*?\*/|//.*$", "", "\n".join(lines), flags=re.S | re.M)
        texts = [text for _, text in re.findall(r"""(["'`])((?:(?!\1).)*)\1""", code)]
        assert [t for t in texts if re.search(r"\b[a-z]{2,} (the|a|is|of|and|in|to)\b", t)] == []


def test_the_hues_are_those_of_the_drawings():
    for hue in PALETTE.split(";"):
        assert f"{hue.replace(':', ': ', 1)};" in STYLES


def test_motion_is_smooth_unless_the_reader_wants_none(benches):
    bench = benches("batch")
    first = "document.querySelector('.explorable-stage').stage.numbers.rows[0].values[0]"
    bench.evaluate("stage.change(given, true)", {"x": [-4, 3, 5, 8]})
    assert bench.page.evaluate(first) == -4
    bench.page.emulate_media(reduced_motion="no-preference")
    bench.press("Start again")
    assert bench.page.evaluate(first) < 2
    bench.page.wait_for_function(f"{first} === 2")
    bench.page.emulate_media(reduced_motion="reduce")


def test_a_finger_moves_a_handle(browser, site):
    with visit(browser, (site / "index.html").as_uri(), has_touch=True) as page:
        handle = page.get_by_role("slider", name="the fourth value")
        handle.scroll_into_view_if_needed()
        box = handle.locator(".explorable-reach").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger = page.context.new_cdp_session(page)
        for kind, way in (("Start", 0), ("Move", 9), ("Move", 18), ("Move", 30), ("End", None)):
            points = [] if way is None else [{"x": x - way, "y": y}]
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        state = page.evaluate("document.querySelector('.explorable-stage').stage.state")
        assert 5 < state["x"][3] < 7.5


# The extension.

CONFIGURATION = """
extensions = ["myst_nb", "explorables"]
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "off"
html_static_path = ["_static"]
html_js_files = ["explorables/batch.js"]  # as Jupyter Book has it
"""


@pytest.fixture
def built(tmp_path, capfd):
    """Return a function that builds a book of two pages, and gives the second one."""

    def build(page):
        (tmp_path / "conf.py").write_text(CONFIGURATION)
        (tmp_path / "index.md").write_text("# Front\n\n```{toctree}\npage\n```\n")
        (tmp_path / "page.md").write_text(f"# Page\n\n{page}\n")
        (tmp_path / "_static").mkdir()
        (tmp_path / "_static" / "explorables").symlink_to(FOLDER)
        out = tmp_path / "_build"
        code = build_main(["-q", "-W", "--keep-going", str(tmp_path), str(out)])
        said = capfd.readouterr().err
        pages = [
            BeautifulSoup((out / f"{name}.html").read_text("utf-8"), "html.parser")
            for name in ("index", "page")
        ]
        return *pages, said, code

    return build


def test_only_a_page_with_an_explorable_loads_its_scripts(built):
    front, page, said, code = built(":::{admonition} Try it\n:class: explorable batch\nWhy?\n:::")
    assert (code, said) == (0, "")
    loaded = [script["src"] for script in page.select("script[src*=explorables]")]
    assert [re.search(r"([\w-]+\.js)", src)[1] for src in loaded] == [
        p.name for p in scripts("batch")
    ]
    assert all(script.has_attr("defer") for script in page.select("script[src*=explorables]"))
    assert page.select_one("link[href*='explorables.css']")
    assert not front.select("script[src*=explorables], link[href*=explorables]")


def test_an_explorable_has_a_name_and_its_words(built):
    _front, page, *_ = built(":::{admonition} Try it\n:class: explorable batch\nWhy?\n:::")
    box = page.select_one("#explorable-batch")
    assert box.select_one("p:not(.admonition-title)").get_text() == "Why?"
    words = json.loads(box.select_one("[data-explorable=batch] > script").string)
    assert words == explorables.words()["batch"]


def test_an_explorable_that_nobody_knows_fails_the_build(built):
    *_, said, code = built(":::{admonition} Try it\n:class: explorable wheel\nWhy?\n:::")
    assert code == 1
    assert "an explorable of the classes explorable wheel: add one of batch" in said
