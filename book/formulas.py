"""Sphinx extension: formulas are typeset when the book is built, not when a page is opened.

A page holds each formula as MathJax lays it out, and as MathML for those who listen. So nothing
moves when a page is opened, and its text waits for no script. A formula that is wrong fails the
build. MathJax is that of the pinned wheel; it runs in V8, which needs no browser.
"""

import atexit
import json
import re
from functools import cache
from html import unescape
from importlib.metadata import distribution
from pathlib import Path

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.ext.mathjax import html_visit_displaymath, html_visit_math
from sphinx.util import logging
from sphinx.util.fileutil import copy_asset_file

logger = logging.getLogger(__name__)
PACKAGE = "sphinx-mathjax-offline"
MATHJAX = Path(distribution(PACKAGE).locate_file(PACKAGE)) / "static" / "mathjax"
EARLY = tuple(f"MathJax_{name}.woff" for name in ("Zero", "Main-Regular", "Math-Italic"))
# A page opened from disk may not fetch a font ahead: browsers take its address for a foreign one.
FETCH_EARLY = """<script>
if (location.protocol !== "file:") for (const href of %s) {
  const font = {rel: "preload", href, as: "font", type: "font/woff", crossOrigin: ""};
  document.head.append(Object.assign(document.createElement("link"), font));
}
</script>"""
FONTS = MATHJAX / "output" / "chtml" / "fonts" / "woff-v2"
PARTS = [
    *("loader", "core", "adaptors/liteDOM", "input/tex", "output/chtml", "output/chtml/fonts/tex"),
    "a11y/assistive-mml",
]
SHEET = "formulas.css"
TEX = re.compile(r"\\(?:\((?P<inline>.*)\\\)|\[(?P<display>.*)\\\])", re.DOTALL)
FAULT = re.compile(r'data-mjx-error="(.*?)"')
CHARACTER = re.compile(r"mjx-c[0-9A-F]+\b(?:[ .]TEX-\w+)?")  # in pages and in rules
FONT = re.compile(r'url\("mathjax/([^"]+)"\)')


@cache
def engine():
    """Return MathJax, loaded, with the functions in ``formulas.js``."""
    racer = MiniRacer()
    atexit.register(racer.close)  # left to the end of the program, its thread waits for ever
    racer.eval("var MathJax = {}")
    for path in [*(MATHJAX / f"{part}.js" for part in PARTS), Path(__file__).with_suffix(".js")]:
        racer.eval(path.read_text("utf-8"))
    return racer


@cache
def typeset(tex, display=False):
    r"""Return the HTML of a formula.

    Parameters
    ----------
    tex : str
        without delimiters, such as ``\frac{1}{N}``
    display : bool
        whether the formula has a line of its own

    Raises
    ------
    ValueError : MathJax cannot read the formula.
    """
    html = engine().call("typeset", tex, display)
    fault = FAULT.search(html)
    if fault:
        raise ValueError(f"{unescape(fault[1])}: {tex.strip()}")
    return html


def typesetting(visit):
    """Return a visitor that does as `visit`, a visitor of Sphinx, but typesets what it writes."""

    def typeset_match(match):
        tex, display = unescape(match[match.lastgroup]), match.lastgroup == "display"
        return typeset(tex, display)

    def visit_and_typeset(translator, node):
        start = len(translator.body)
        try:
            visit(translator, node)
        except nodes.SkipNode:
            written = "".join(translator.body[start:])
        try:
            translator.body[start:] = [TEX.sub(typeset_match, written)]
        except ValueError as error:
            logger.warning("a formula that cannot be typeset: %s", error, location=node)
        raise nodes.SkipNode

    return visit_and_typeset


def sheet_for(pages):
    """Return the style sheet for the formulas in these texts, without characters in none."""
    used = {name.replace(" ", ".") for page in pages for name in CHARACTER.findall(page)}
    rules = engine().call("styles").split("\n\n")
    return "\n\n".join(rule for rule in rules if used.issuperset(CHARACTER.findall(rule)))


def fetch_fonts_early(app, pagename, templatename, context, doctree):
    """Let a page with formulas fetch the usual fonts at once: other letters have other sizes."""
    if "<mjx-container" in context.get("body", ""):
        paths = [context["pathto"](f"_static/mathjax/{name}", resource=True) for name in EARLY]
        context["metatags"] = context.get("metatags", "") + FETCH_EARLY % json.dumps(paths)


def write_styles(app, error):
    """Write the style sheet into the built site, and copy the fonts that it names."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    sheet = sheet_for(path.read_text("utf-8") for path in Path(app.outdir).rglob("*.html"))
    (static / SHEET).write_text(sheet, "utf-8")
    (static / "mathjax").mkdir(exist_ok=True)
    for name in FONT.findall(sheet):
        copy_asset_file(str(FONTS / name), str(static / "mathjax"))


def setup(app):
    """Register the renderer and its style sheet."""
    inline, display = map(typesetting, (html_visit_math, html_visit_displaymath))
    app.add_html_math_renderer("typeset", (inline, None), (display, None))
    app.add_css_file(SHEET)
    app.connect("html-page-context", fetch_fonts_early)
    app.connect("build-finished", write_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
