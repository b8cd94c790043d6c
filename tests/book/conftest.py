"""A browser and the built book, for the tests that look at pages as a reader does."""

import os
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import explorables
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

SITE = Path(__file__).parents[2] / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

EXPLORABLES = Path(__file__).parents[2] / "_static" / "explorables"
THEMES = ("theme", "pydata-sphinx-theme", "sphinx-book-theme")
BENCH = """<!doctype html><html lang="en" data-theme="light"><title>Bench</title>
<style>{styles}</style>
<main style="width: 700px"><div class="admonition explorable">{stage}</div></main></html>"""
STAGE = "const { stage } = document.querySelector('.explorable-stage')"
PHONE = {"width": 390, "height": 844}
SHIFTED = """
    window.shifted = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => {
        if (!entry.hadRecentInput) window.shifted += entry.value;
    })).observe({ type: "layout-shift", buffered: true });
"""

# Whether a text can be read depends on its colour and size, and on what is behind it: of those that
# have these in common, the first few are looked at.
FEW_TEXTS_OF_EACH_COLOUR = """() => {
    const found = new Map(), grounds = new Map();
    const ground = node => {
        if (!node) return "";
        if (!grounds.has(node)) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(node);
            const own = [backgroundColor, backgroundImage, opacity].join(" ");
            const behind = ground(node.parentElement);
            grounds.set(node, own === "rgba(0, 0, 0, 0) none 1" ? behind : `${own}/${behind}`);
        }
        return grounds.get(node);
    };
    const shown = node => node.checkVisibility() && node.getBoundingClientRect().width > 1;
    const text = child => child.nodeType === Node.TEXT_NODE && child.data.trim();
    const says = node => node.matches("input, select, textarea")
        || [...node.childNodes].some(text);
    for (const node of document.body.querySelectorAll("*")) {
        node.removeAttribute("data-look");
        if (!says(node) || !shown(node)) continue;
        const { color, fontSize, fontWeight, textDecorationLine } = getComputedStyle(node);
        const around = getComputedStyle(node.parentElement).color;
        const kind = [color, fontSize, fontWeight, textDecorationLine, around, ground(node)].join();
        found.set(kind, (found.get(kind) ?? 0) + 1);
        if (found.get(kind) <= 3) node.setAttribute("data-look", "");
    }
}"""
COLOURS = ["color-contrast", "link-in-text-block"]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def site():
    assert (SITE / "index.html").exists(), "the book is not built: run `make book`"
    return SITE


@pytest.fixture(scope="session")
def origin(site):
    """Serve the built book on a free port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def phone(browser):
    """Return a page on a phone, which adds up how far things move by themselves: `shifted`."""
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(SHIFTED)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def browser():
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        reason = "no Chromium on this machine: install it to check the pages (Debian: chromium)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def faint_texts():
    """Return a function that says which texts on a page are hard to read on what is behind them."""

    def found(page):
        page.evaluate(FEW_TEXTS_OF_EACH_COLOUR)
        return serious(page, {"runOnly": COLOURS}, context="[data-look]")

    return found


@pytest.fixture(scope="session")
def barriers():
    """Return a function that says what else on a page keeps readers out."""
    return partial(serious, options={"rules": {name: {"enabled": False} for name in COLOURS}})


def serious(page, options, context=None):
    """Return the rules that a page breaks seriously, each with the first places."""
    options = options | {"resultTypes": ["violations"], "preload": False}
    return [
        (fault["id"], [node["html"][:120] for node in fault["nodes"][:3]])
        for fault in Axe().run(page, context, options).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


class Bench:
    """A page with one explorable and nothing else.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        in which it opens
    name : str
        of the explorable
    styles : str
        those of the book
    """

    def __init__(self, browser, name, styles):
        self.name, self.errors = name, []
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.emulate_media(reduced_motion="reduce")
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.set_content(BENCH.format(styles=styles, stage=explorables.stage(name)))
        for file in explorables.files(name):
            self.page.add_script_tag(path=EXPLORABLES / file)

    def evaluate(self, script, given=None):
        """Return what JavaScript gives, in which ``stage`` is the explorable at hand."""
        return self.page.evaluate(f"given => {{ {STAGE}; return {script} }}", given)

    @property
    def state(self):
        return self.evaluate("stage.state")

    @property
    def numbers(self):
        return self.evaluate("stage.numbers")

    @property
    def told(self):
        return self.page.locator(".explorable-told").inner_text()

    def model(self, state):
        """Return what its model makes of a state."""
        return self.evaluate(f"explorables.{self.name}.model(given)", state)

    def slider(self, label):
        return self.page.get_by_role("slider", name=label, exact=True)

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).click()

    def choose(self, choice, option):
        group = self.page.get_by_role("radiogroup", name=choice, exact=True)
        group.get_by_text(option, exact=True).click()

    def keys(self, handle, *keys):
        self.slider(handle).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def drag(self, handle, right, down=0):
        """Drag a handle by some pixels, with the mouse."""
        reach = self.slider(handle).locator(".explorable-reach")
        reach.scroll_into_view_if_needed()
        box = reach.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y + down, steps=3)
        self.page.mouse.up()


@pytest.fixture(scope="module")
def benches(browser, site):
    """Return a function that gives the bench of an explorable, as it is at the start."""
    sheets = [site / "_static" / "styles" / f"{theme}.css" for theme in THEMES]
    sheets.append(EXPLORABLES / "explorables.css")
    styles = "".join(sheet.read_text("utf-8") for sheet in sheets)
    made = {}

    def bench(name):
        if name not in made:
            made[name] = Bench(browser, name, styles)
        made[name].press(explorables.common()["again"])
        return made[name]

    yield bench
    for each in made.values():
        assert each.errors == []
        each.page.close()
