"""Sphinx extension: pages that ask nothing of the network, and a reference without strangers."""

import posixpath
import re
from pathlib import PurePosixPath

MORE = "Pages below"
NOTEBOOK = "Download the notebook. To run it, have the package installed: see the README."


def drop_thebe(app, pagename, templatename, context, doctree):
    """Leave out sphinx-thebe's scripts: they fetch from a CDN, and declare a constant twice."""
    context["script_files"] = [s for s in context["script_files"] if "thebe" not in str(s)]


def name_references(app, pagename, templatename, context, doctree):
    """Give the entries of a reference list the role that their list asks for (ARIA 1.2)."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def name_toggles(app, pagename, templatename, context, doctree):
    """Give the arrows of the sidebar, which open the pages below a page, a name to read out."""
    plain = context["generate_toctree_html"]

    def named(*args, **options):
        return str(plain(*args, **options)).replace("<summary>", f'<summary aria-label="{MORE}">')

    context["generate_toctree_html"] = named


def say_what_a_notebook_needs(app, pagename, templatename, context, doctree):
    """Say beside the button that downloads a notebook what it takes to run it."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if str(button.get("url", "")).endswith(".ipynb"):
                button["tooltip"] = NOTEBOOK


def link_reports(app, pagename, templatename, context, doctree):
    """Let the links in reports on exercises, which name notebooks, lead to their pages."""
    folder = PurePosixPath(pagename).parent

    def page(match):
        return f'href="{posixpath.relpath(f"chapters/{match[1]}.html", folder)}#'

    if "body" in context:
        context["body"] = re.sub(r'href="([\w-]+)\.ipynb#', page, context["body"])


def skip_strangers(app, what, name, member, skip, options):
    """Leave out of a module's reference what it only imports, and what has no docstring."""
    return skip or member.imported or not member.docstring


def setup(app):
    """Register the hooks."""
    app.connect("autodoc-skip-member", skip_strangers)
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("html-page-context", name_references)
    app.connect("html-page-context", link_reports)
    app.connect("html-page-context", name_toggles, priority=900)
    app.connect("html-page-context", say_what_a_notebook_needs, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
