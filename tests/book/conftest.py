"""A browser and the built book, for the tests that look at pages as a reader does."""

import os
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

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

# Tokens of one class in one kind of place have one colour: one of each is looked at.
ONE_TOKEN_OF_EACH_COLOUR = """() => {
    const seen = new Set();
    const place = node => node ? node.className + "/" + place(node.parentElement) : "";
    for (const token of document.querySelectorAll(".highlight span")) {
        const kind = place(token);
        if (seen.has(kind)) token.replaceWith(...token.childNodes);
        else seen.add(kind);
    }
    document.querySelectorAll(".highlight pre").forEach(program => program.normalize());
}"""


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
def serious_faults():
    """Return a function that says what on a page keeps readers out: rules, and the first places."""

    def found(page, options=None):
        page.evaluate(ONE_TOKEN_OF_EACH_COLOUR)
        options = (options or {}) | {"resultTypes": ["violations"]}
        return [
            (fault["id"], [node["html"][:120] for node in fault["nodes"][:3]])
            for fault in Axe().run(page, options=options).response["violations"]
            if fault["impact"] in ("serious", "critical")
        ]

    return found
