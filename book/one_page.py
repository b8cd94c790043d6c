"""Put the pages of the built book together to one long page, in reading order, to be printed.

On that page nothing is folded and nothing can be pressed. Each id has the name of its page before
it, so that links lead from chapter to chapter; links to what is not in the book become plain text.
"""

import posixpath
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

STYLE = Path(__file__).with_name("pdf.css")
LEFT_OUT = "script, noscript, button, .headerlink, .prediction-controls, .live-bar, .live-older"
NAMING = ("id", "for", "aria-labelledby", "aria-describedby")  # attributes that hold ids
HEADING = re.compile("^h[1-6]$")


@dataclass(frozen=True)
class Chapter:
    """A page of the book as a part of the long page.

    Attributes
    ----------
    name : str
        of the page, without its suffix, such as ``chapters/summary``
    part : str
        of the book, by its caption, or nothing
    article : bs4.Tag
        what the page says
    """

    name: str
    part: str
    article: Tag

    @property
    def id(self):
        """The id of the page."""
        return slug(self.name)

    def headings(self):
        """Yield level, id and text of the headings that the contents list."""
        for heading in self.article.find_all(["h1", "h2"]):
            place = heading.find_parent(id=True)["id"]
            yield int(heading.name[1]), place, " ".join(heading.get_text().split())


def slug(name):
    """Return the id of a page."""
    return name.replace("/", "-")


def reading_order(toc, part="", depth=0):
    """Yield the pages of ``_toc.yml``: name, the part of the book, and depth below a chapter."""
    if name := toc.get("root") or toc.get("file"):
        yield name, part, depth
    for below in (*toc.get("parts", []), *toc.get("chapters", [])):
        yield from reading_order(below, below.get("caption", part), depth)
    for section in toc.get("sections", []):
        yield from reading_order(section, part, depth + 1)


def chapter(site, name, part="", depth=0):
    """Return a page of the built book, with its headings as many levels lower as it is deep."""
    text = (site / f"{name}.html").read_text("utf-8")
    article = BeautifulSoup(text, "html.parser").find("article", class_="bd-article")
    for tag in article.select(LEFT_OUT):
        tag.decompose()
    for fold in article.find_all("details"):
        fold["open"] = ""
    for image in article.find_all("img", src=True):
        image["src"] = posixpath.join(site.name, beside(name, image["src"]))
    for heading in article.find_all(HEADING):
        heading.name = f"h{min(6, int(heading.name[1]) + depth)}"
    make_unique(article, name)
    return Chapter(name, part, article)


def beside(name, path):
    """Return a path that the page `name` refers to, as seen from the front page."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def make_unique(article, name):
    """Put the name of the page before its ids, and where they are referred to."""
    article["id"] = ""
    for attribute in NAMING:
        for tag in article.find_all(attrs={attribute: True}):
            ids = tag[attribute] if isinstance(tag[attribute], list) else tag[attribute].split()
            tag[attribute] = " ".join(f"{slug(name)}--{one}" for one in ids)
    for link in article.find_all("a", href=True):
        link["href"] = address(link["href"], name)
    article["id"] = slug(name)


def address(href, name):
    """Return where a link on the page `name` leads to on the long page, or out of it."""
    path, _, anchor = href.partition("#")
    if ":" in path:
        return href
    page = slug(beside(name, path).removesuffix(".html") if path else name)
    return f"#{page}--{anchor}" if anchor else f"#{page}"


def cut_loose(chapters):
    """Take away links to what is not on the long page, and leave their text."""
    ids = {tag["id"] for one in chapters for tag in (one.article, *one.article.find_all(id=True))}
    for one in chapters:
        for link in one.article.select('a[href^="#"]'):
            if link["href"][1:] not in ids:
                del link["href"]


def contents(chapters, sheets):
    """Return the contents, with the numbers of the sheets as far as they are known."""
    part, rows = "", []
    for one in chapters:
        if one.part != part:
            part = one.part
            rows.append(f'<p class="part">{escape(part)}</p>')
        rows += (
            f'<p class="level-{level}"><a href="#{id}">{escape(text)}</a>'
            f"<span>{sheets.get(id, '')}</span></p>"
            for level, id, text in one.headings()
        )
    return f'<nav class="book-contents"><h1>Contents</h1>{"".join(rows)}</nav>'


def running_heads(chapters):
    """Return styles that put the title of each chapter on top of its sheets."""
    for one in chapters:
        title = next(one.headings(), (0, "", ""))[2].replace("\\", "").replace('"', r"\"")
        yield f'@page {one.id} {{ @top-left {{ content: "{title}" }} }}'
        yield f"#{one.id} {{ page: {one.id} }}"


def long_page(site, chapters, cover, sheets):
    """Return the long page, to be saved beside the folder `site`."""
    front = BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")
    styles = [f"{site.name}/{link['href']}" for link in front.find_all("link", rel="stylesheet")]
    own = "\n".join([STYLE.read_text("utf-8"), *running_heads(chapters)])
    return "\n".join(
        [
            '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">',
            f"<title>{front.h1.find(string=True)}</title>",
            *(f'<link rel="stylesheet" href="{style}">' for style in styles),
            f'<style>{own}</style></head><body><main class="bd-main"><div class="bd-content">',
            *(cover, contents(chapters, sheets), *(str(one.article) for one in chapters)),
            "</div></main></body></html>",
        ]
    )
