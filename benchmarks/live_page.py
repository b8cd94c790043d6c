"""How long a reader waits on a live page, in Chromium: ``python benchmarks/live_page.py``.

It measures the built book, served from this machine, with requests to anywhere else refused. Each
number is one try: on a busy machine, try again.
"""

import shutil
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

SITE = Path(__file__).parents[1] / "_build" / "html"
PAGE = "chapters/forward-pass.html"
FIRST, FIGURE, CHECK = "x = np.array([[50", "plt.show()", 'check("batch-norm-forward"'
RIGHT = """import numpy as np
def my_batch_norm(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(0), x.var(0)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta"""
OBSERVE = """
window.seen = { shift: 0, paint: 0 };
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({ type, buffered: true });
watch("layout-shift", (one) => { if (!one.hadRecentInput) seen.shift += one.value; });
watch("largest-contentful-paint", (one) => (seen.paint = one.startTime / 1000));
"""
RUN = """async (box) => {
    const start = performance.now();
    const state = () => box.querySelector("[data-state]")?.dataset.state;
    const rests = () => document.querySelector(".live-bar button[name=stop]").hidden;
    if (state()) box.querySelector("[data-state]").dataset.state = "";
    box.querySelector(".live-run").click();
    while (!(["done", "failed"].includes(state()) && rests())) {
        await new Promise((next) => setTimeout(next, 5));
    }
    return (performance.now() - start) / 1000;
}"""
PATIENCE = 300_000  # ms


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, *args):
        """Say nothing."""


class Reader:
    """A reader with one page of the book."""

    def __init__(self, context, origin):
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.route(lambda url: not url.startswith((origin, "data:", "blob:")), refuse)
        self.page.add_init_script(OBSERVE)
        self.page.add_init_script("localStorage.predictions = JSON.stringify({all: true})")
        self.page.goto(f"{origin}/{PAGE}")
        self.page.wait_for_timeout(2000)

    def seen(self, what):
        """Return the layout shift, or when the largest part was painted, in seconds."""
        return self.page.evaluate(f"seen.{what}")

    def start(self):
        """Press the button; return when the editors are there."""
        self.page.locator(".live-bar button[name=start]").first.click()
        self.page.locator(".live-run").first.wait_for()

    def cell(self, text):
        """Return the cell whose code has a text."""
        return self.page.locator("div.cell").filter(has_text=text).first

    def run(self, text):
        """Run a cell; return the seconds until all that it needs has run."""
        return self.page.evaluate(RUN, self.cell(text).element_handle())

    def write(self, text, code):
        """Put code into a cell."""
        self.cell(text).locator(".cm-content").first.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)

    def run_all(self):
        """Run the whole page."""
        self.page.locator(".live-bar button[name=all]").first.click()
        self.page.locator(".live-bar button[name=stop]").first.wait_for()
        self.page.locator(".live-bar button[name=all]").first.wait_for()

    def stop(self):
        """Stop a loop without end; return the seconds until the first cell has run again."""
        self.write(FIRST, "while True: pass")
        box = self.page.locator("div.cell").filter(has_text="while True: pass").first
        box.locator(".live-run").first.click()
        self.page.wait_for_timeout(1000)
        start = time.perf_counter()
        self.page.locator(".live-bar button[name=stop]").first.click()
        box.get_by_role("button", name="Reset").click()
        return time.perf_counter() - start + self.run(FIRST)


def refuse(route):
    """Let a request go nowhere."""
    route.abort()


def timed(action):
    """Return the seconds that an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def memory(browser):
    """Return the megabytes of the processes of the pages."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [process["id"] for process in processes if process["type"] == "renderer"]
    return max(resident(id) for id in pages) / 1e6


def resident(id):
    """Return the bytes of a process that no other shares (Linux)."""
    lines = Path(f"/proc/{id}/smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def measurements(browser, origin):
    """Yield what is measured, the number and its unit."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    cold = Reader(context, origin)
    yield "largest paint", cold.seen("paint"), "s"
    yield "click to the first NumPy result, cold", timed(cold.start) + cold.run(FIRST), "s"
    yield "the same cell again", cold.run(FIRST), "s"
    yield "first figure, on top", cold.run(FIGURE), "s"
    cold.write("def my_batch_norm(x, gamma", RIGHT)
    cold.run(CHECK)
    yield "check of an exercise, the second time", cold.run(CHECK), "s"
    yield "from Stop to a result", cold.stop(), "s"
    yield "layout shift", cold.seen("shift"), ""
    cold.page.close()
    warm = Reader(context, origin)
    yield "click to the first NumPy result, warm", timed(warm.start) + warm.run(FIRST), "s"
    yield "the whole page", timed(warm.run_all), "s"
    yield "memory after that", memory(browser), "MB"


def main():
    """Measure, and print a table."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("no Chromium on this machine: install it (Debian: chromium)")
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE)) as server,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        for what, number, unit in measurements(browser, f"http://127.0.0.1:{server.server_port}"):
            print(f"{what:40} {number:8.3g} {unit}", flush=True)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
