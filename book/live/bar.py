"""The bar of a page that can be live: what it offers, its buttons, and the words of its script."""

import json
import posixpath
import tomllib
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node

from live import runtime

HERE = Path(__file__).parent
BUTTONS = {
    "start": "start",
    "again": "again",
    "all": "run_all",
    "stop": "stop",
    "reset": "reset",
    "download": "download",
}
BAR = """
<aside class="live-bar" tabindex="-1" aria-label="{label}">
<p class="live-status"{role}>{offer}</p>
<p class="live-buttons">{buttons}</p>
</aside>
<noscript><style>.live-bar {{ display: none; }}</style>
<p class="live-note">{no_script}</p></noscript>
"""
SCRIPT = """
<p class="live-older" hidden><span></span>
<button type="button">{older_download}</button> <button type="button">{older_discard}</button></p>
<script type="application/json" class="live-words">{data}</script>
<script>
if (location.protocol !== "file:") import(new URL("{script}", document.baseURI));
else for (const one of document.querySelectorAll(".live-bar")) {{
  one.querySelector(".live-status").textContent = {from_disk};
  one.querySelector(".live-buttons").remove();
}}
</script>
"""


def words():
    """Return the texts of a live page."""
    return tomllib.loads((HERE / "words.toml").read_text("utf-8"))


def offer(doctree, page, cells):
    """Put a bar below the title of a page, and another one before its first exercise."""
    texts = words()
    title = next(doctree.findall(nodes.title))
    index = title.parent.index(title)
    exercises = [node for node in doctree.findall(_is_exercise)]
    if exercises:
        first = exercises[0]
        first.parent.insert(first.parent.index(first), _raw(_bar(texts, cells)))
    # Both bars say the same; one of them says it aloud.
    title.parent.insert(index + 1, _raw(_bar(texts, cells, role=' role="status"')))
    doctree += _raw(_script(texts, page, cells))


def _is_exercise(node):
    return isinstance(node, exercise_node | exercise_enumerable_node)


def _raw(html):
    return nodes.raw("", html, format="html")


def _offer(texts, cells):
    return texts["bar"]["offer"].format(
        live=sum(not cell["torch"] for cell in cells),
        all=len(cells),
        megabytes=round(_start() / 1e6),
        more=round(runtime.size_of("matplotlib") / 1e6),
    )


def _start():
    return runtime.size_of("start") + runtime.size_of("pure")


def _bar(texts, cells, role=""):
    buttons = "".join(
        f'<button type="button" name="{name}"{"" if name == "start" else " hidden"}>'
        f"{escape(texts['bar'][word])}</button> "
        for name, word in BUTTONS.items()
    )
    return BAR.format(
        label=escape(texts["bar"]["start"]),
        role=role,
        offer=escape(_offer(texts, cells)),
        buttons=buttons,
        no_script=escape(texts["bar"]["no_script"]),
    )


def _script(texts, page, cells):
    """Return the script that makes a page live when asked to, with its words."""
    up = posixpath.relpath(".", posixpath.dirname(page) or ".")
    name = posixpath.basename(page)
    data = {
        "page": page,
        "cells": f"{up}/_live/cells/{page}.json",
        "notebook": f"{up}/_sources/{page}.ipynb",
        "name": f"{name}.ipynb",
        "bytes": _start(),
        "torch": any(cell["torch"] for cell in cells),
        "offer": _offer(texts, cells),
        "words": texts,
    }
    return SCRIPT.format(
        older_download=escape(texts["bar"]["older_download"]),
        older_discard=escape(texts["bar"]["older_discard"]),
        data=json.dumps(data, ensure_ascii=False).replace("</", "<\\/"),
        script=f"{up}/_live/page.js",
        from_disk=json.dumps(texts["bar"]["from_disk"]),
    )
