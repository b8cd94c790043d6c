"""Sphinx extension: what other sites show of a page that is shared there: title, text and picture.

What a page says stands in the first sentences of its short answer, or of its first paragraph.
The picture, which ``social_card.py`` draws, needs an address in full: see ``site``.
"""

import re
from html import escape, unescape

from address import ADDRESS, url_of
from docutils import nodes

PICTURE = "_static/social-card.png"
SIZE = {"width": 1200, "height": 630}
MOST = 200  # characters of a description, if its first sentence is not longer
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
HAT = re.compile(r"\\hat\s*\{?(\w)\}?")
TAG = re.compile(r"<[^>]*>")


def site(config):
    """Return the address of the built book, with a slash at its end, or None if it is not known.

    It is ``html: baseurl:`` in ``_config.yml``, or else where GitHub shows the pages of a project.
    """
    if config.html_baseurl:
        return config.html_baseurl.rstrip("/") + "/"
    if not (url := url_of(config)):
        return None
    owner, name = ADDRESS.fullmatch(url).groups()
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def description(doctree):
    """Return the first sentences of a page, or nothing if it does not begin with sentences."""
    short = [box for box in doctree.findall(nodes.admonition) if "short" in box["classes"]]
    boxes = (*short, next(doctree.findall(nodes.section), ()))  # no further: no solution is told
    paragraphs = (node for box in boxes for node in box if is_text(node))
    return first_sentences(next(paragraphs, nodes.paragraph()).astext())


def is_text(node):
    """Return whether a node is a paragraph of sentences, and no link that stands alone."""
    return isinstance(node, nodes.paragraph) and node.astext().endswith((".", ":"))


def first_sentences(text):
    """Return as many sentences as there is room for, up to the first one with a formula."""
    text = HAT.sub("\\1\N{COMBINING CIRCUMFLEX ACCENT}", " ".join(text.split()))
    shown = ""
    for sentence in SENTENCE.split(text):
        longer = f"{shown} {sentence}".strip()
        if "\\" in sentence or (shown and len(longer) > MOST):
            break
        shown = longer
    return shown


def tags(title, text, book, page, base):
    """Return names and contents of the tags of a page.

    Parameters
    ----------
    title, text : str
        of the page, and what it says, which may be nothing
    book : str
        the title of the book
    page : str
        where the page is in the book, such as ``chapters/claims.html``
    base : str or None
        where the book is
    """
    found = {"og:type": "article", "og:site_name": book, "og:title": title}
    if text:
        found |= {"description": text, "og:description": text}
    if base is None:
        return found | {"twitter:card": "summary"}
    found |= {"og:url": base + page, "og:image": base + PICTURE, "og:image:alt": book}
    found |= {f"og:image:{side}": str(length) for side, length in SIZE.items()}
    return found | {"twitter:card": "summary_large_image"}


def add_tags(app, pagename, templatename, context, doctree):
    """Add its tags to a page that is read."""
    if doctree is None:
        return
    title, page = TAG.sub("", context["title"]), app.builder.get_target_uri(pagename)
    book = app.config.html_title
    found = tags(unescape(title), description(doctree), book, page, site(app.config))
    context["metatags"] += "".join(
        f'\n<meta {"property" if name.startswith("og:") else "name"}="{name}" '
        f'content="{escape(content)}">'
        for name, content in found.items()
    )


def setup(app):
    """Register the hook."""
    app.connect("html-page-context", add_tags)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
