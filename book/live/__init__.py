"""Sphinx extension: pages whose code runs in the browser.

What is in the page is small: a bar that offers it, and the words that the script says. The script,
the editor and Python are fetched when the reader asks for them, from the folder ``_live`` of the
built book. A book that is built where the runtime was not fetched (``make live``) is complete, and
static.

- ``cells``: the cells of a page, and which of them need PyTorch (``survey`` finds out);
- ``runtime``: fetches Python for the browser, and checks it;
- ``publish``: writes ``_live``;
- ``site/``: the scripts of a page and its worker; ``editor/``: the sources of the editor;
- ``python/``: runs the cells, in the worker.
"""

from live import bar, cells, publish, runtime


def offer(app, doctree):
    """Offer to run the cells of a notebook."""
    page, path = app.env.docname, app.env.doc2path(app.env.docname)
    if app.live and (found := cells.of_page(path)):
        app.env.live_pages = getattr(app.env, "live_pages", {}) | {page: found}
        bar.offer(doctree, page, found)


def style(app, pagename, templatename, context, doctree):
    """Give the pages that can be live their style."""
    if pagename in getattr(app.env, "live_pages", {}):
        app.add_css_file("live.css")


def finish(app, error):
    """Write what the live pages fetch."""
    if not error and app.live and app.builder.format == "html":
        publish.publish(app.outdir, app.env.live_pages)


def begin(app):
    """Find out whether pages can be live: whether the runtime is there, whole and right."""
    app.live = app.builder.format == "html" and not runtime.missing()


def setup(app):
    """Register the hooks."""
    app.connect("builder-inited", begin)
    app.connect("doctree-read", offer)
    app.connect("html-page-context", style)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
