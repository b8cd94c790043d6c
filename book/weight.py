"""Sphinx extension: pages fetch nothing that they do not use, and pictures keep their place.

The templates ``layout.html`` of the themes name scripts without asking. Ours gives what they write
to ``needed``, see ``_templates/layout.html``.
"""

import io
import re
from functools import cache
from pathlib import Path, PurePosixPath

import imagesize
from PIL import Image

# The theme's two thousand icons as pictures: see icons.py. The search, which has a page of its own.
UNUSED = ("fontawesome.js", "searchtools.js", "language_data.js", "searchindex.js")
SCRIPT = re.compile(r"[ \t]*<script[^>]*\bsrc=\"([^\"?]+)[^>]*></script>\n?")
PICTURE = re.compile(r"<img\b([^>]*)>")
SOURCE = re.compile(r'\bsrc="([^"]+)"')
THUMBNAIL = (640, 640)  # pixels: a card is some 300 wide
COLOURS = 64


def needed(html):
    """Return a part of a page without the scripts that it does not need."""

    def keep(match):
        return "" if match[1].endswith(UNUSED) else match[0]

    return SCRIPT.sub(keep, str(html))


def offer(app, pagename, templatename, context, doctree):
    """Let templates call ``needed``."""
    context["needed"] = needed


@cache
def size_of(path):
    """Return width and height of a picture in pixels, as attributes of HTML."""
    width, height = imagesize.get(path)
    return f' width="{width}" height="{height}"' if width > 0 else ""


def with_sizes(html, paths):
    """Return HTML in which pictures say how large they are, before they are fetched.

    Parameters
    ----------
    html : str
        of a page
    paths : dict of str to path
        the files of pictures by their names
    """

    def sized(match):
        name = PurePosixPath(SOURCE.search(match[1])[1]).name
        if "width=" in match[1] or name not in paths:
            return match[0]
        return f"<img{size_of(paths[name])}{match[1]}>"

    return PICTURE.sub(sized, html)


def reserve(app, pagename, templatename, context, doctree):
    """Let the pictures of a page say how large they are."""
    if "body" in context:
        paths = {name: Path(app.srcdir, path) for path, name in app.builder.images.items()}
        context["body"] = with_sizes(context["body"], paths)


def thumbnail(png):
    """Return a picture as large as a card of the front page shows it on a fine screen, as PNG."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.thumbnail(THUMBNAIL)
    small = io.BytesIO()
    image.quantize(COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


def setup(app):
    """Register the hooks."""
    app.connect("html-page-context", offer)
    app.connect("html-page-context", reserve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
