"""Make one PDF of the built book: ``python book/pdf.py _build/html book.pdf``.

Chromium prints the long page of ``one_page.py``, with a bookmark for each heading. It prints twice:
only the first print tells on which sheets the headings stand, and the second one says so in its
contents. The marks that a screen reader needs are half of the file, until it is packed.
"""

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import yaml
from one_page import chapter, cut_loose, long_page, reading_order
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "_static" / "batch-through-batch-norm.svg"
LICENCE = "Text and figures: CC BY 4.0. Code: BSD 3-Clause."
FLAGS = ["--no-sandbox", "--disable-gpu"]


def read(name):
    """Return the data of a file of settings."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def cover(settings):
    """Return the title page."""
    return (
        f'<div class="book-cover"><p>{settings["title"]}</p>{PICTURE.read_text("utf-8")}'
        f"<p>{settings['author']}, {settings['copyright']}</p><p>{LICENCE}</p></div>"
    )


@contextmanager
def chromium():
    """Start a browser without a window, and end it."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("no Chromium on this machine: install it to print the book (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def printed(browser, page, path):
    """Print an HTML file to a PDF file."""
    tab = browser.new_page()
    tab.goto(page.absolute().as_uri())
    tab.pdf(path=path, outline=True, tagged=True, print_background=True, prefer_css_page_size=True)
    tab.close()


def sheets(path):
    """Return the numbers of the sheets of a PDF on which its ids stand."""
    with pikepdf.open(path) as pdf:
        number = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}
        places = pdf.Root.get("/Dests", {})
        return {name[1:]: number[place[0].objgen] for name, place in places.items()}


def pack(path, settings):
    """Make a PDF small, and say in it what it is."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Author"] = settings["author"]
        pdf.Root.PageMode = pikepdf.Name.UseOutlines  # the bookmarks are open
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def make(browser, site, path, pages):
    """Make a PDF of some pages of the built book.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        a Chromium
    site : pathlib.Path
        the folder of the built book; the long page is saved beside it
    path : pathlib.Path
        of the PDF
    pages : list of tuple
        as from ``reading_order``
    """
    settings, page = read("_config.yml"), site.with_name("book.html")
    chapters = [chapter(site, *one) for one in pages]
    cut_loose(chapters)
    found = {}
    for _ in range(2):
        page.write_text(long_page(site, chapters, cover(settings), found), "utf-8")
        printed(browser, page, path)
        found = sheets(path)
    pack(path, settings)


if __name__ == "__main__":
    site, path = map(Path, sys.argv[1:])
    with chromium() as browser:
        make(browser, site, path, list(reading_order(read("_toc.yml"))))
    size = path.stat().st_size / 1e6
    print(f"The book is printed, {size:.0f} MB: open", path.absolute().as_uri())
