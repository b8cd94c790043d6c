"""Sphinx extension: the directive ``{claims}`` lists every claim, from the notebooks' outputs."""

import json
import tomllib
from collections import defaultdict
from pathlib import Path

from cards import cards
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

ROOM = Path(__file__).parents[1] / "bncourse" / "claims"
ARTICLE, SENTENCES = ROOM / "article.toml", ROOM / "sentences.toml"


def title_and_cards(path):
    """Return the title of the notebook at ``path``, and the data of its cards in order."""
    cells = json.loads(Path(path).read_text("utf-8"))["cells"]
    title = "".join(cells[0]["source"]).splitlines()[0].removeprefix("# ")
    return title, [card for cell in cells for card in cards(cell.get("outputs", []))]


def note_cards(app, doctree):
    """Let other pages refer to the cards of a page by their anchors."""
    env = app.env
    path = env.doc2path(env.docname)
    for card in title_and_cards(path)[1] if path.endswith(".ipynb") else []:
        anchor = card["anchor"]
        env.get_domain("std").note_hyperlink_target(anchor, env.docname, anchor, card["text"])


class Claims(SphinxDirective):
    """The statements of the article, each with the claims that answer it, then our own claims."""

    def run(self):
        """Return one section a statement, and one for our own claims if there are any."""
        self.words = tomllib.loads(SENTENCES.read_text("utf-8"))["page"]
        answers = self.answers()
        sections = [
            self.statement(statement, answers[statement["id"]])
            for statement in tomllib.loads(ARTICLE.read_text("utf-8"))["statement"]
        ]
        own = answers["own"]
        return sections + ([self.section("own", self.words["own"], *own)] if own else [])

    def answers(self):
        """Return the cards of all notebooks, in the order of the book, by what they answer."""
        answers, seen = defaultdict(list), set()
        paths = map(self.env.doc2path, self.env.external_site_map)
        notebooks = [path for path in paths if path.endswith(".ipynb")]
        for path in (ARTICLE, SENTENCES, *notebooks):
            self.env.note_dependency(str(path))
        for path in notebooks:
            title, cards = title_and_cards(path)
            for card in cards:
                if card["id"] in seen:
                    raise self.error(f"claim {card['id']} is made twice: give it a suffix")
                seen.add(card["id"])
                answers[card["id"].partition(".")[0]].append(self.card(card, title))
        return answers

    def statement(self, statement, answers):
        """Return one statement of the article with the claims that answer it."""
        head, name = statement["id"], statement["id"].lower()
        domain = self.env.get_domain("std")
        domain.note_hyperlink_target(f"article-{name}", self.env.docname, name, head)
        return self.section(
            head,
            self.words["statement"].format(**statement),
            self.paragraph(statement["text"]),
            *(answers or [self.paragraph(self.words["unanswered"])]),
        )

    def card(self, card, chapter):
        """Return one claim: its verdict, its cases, its evidence, and where it is computed."""
        sentences = card["sentences"]
        verdict = self.paragraph(sentences["verdict"])
        verdict["classes"].append("claim-verdict")
        parts = [verdict, self.paragraph(card["text"])]
        if sentences["cases"]:
            items = [nodes.list_item("", self.paragraph(case)) for case in sentences["cases"]]
            parts.append(nodes.bullet_list("", *items))
        parts.append(nodes.definition_list("", *map(self.evidence, card["evidence"])))
        parts.append(self.link(card["anchor"], self.words["cell"].format(chapter=chapter)))
        name = card["verdict"].replace(" ", "-")
        return nodes.compound("", *parts, classes=["claim-card", name])

    def evidence(self, piece):
        """Return one piece of evidence: what was measured, and what came out."""
        term = self.located(nodes.term(piece["label"], piece["label"]))
        shown = nodes.definition("", self.paragraph(piece["shown"]))
        return nodes.definition_list_item("", term, shown)

    def link(self, anchor, text):
        """Return a paragraph that links to a card in its chapter."""
        reference = pending_xref(
            "",
            nodes.inline("", text),
            refdomain="std",
            reftype="ref",
            reftarget=anchor,
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        source = f"{{ref}}`{text} <{anchor}>`"  # what a translator sees
        return self.located(nodes.paragraph(source, "", reference))

    def section(self, head, title, *children):
        """Return a section that other pages can link to by ``head``."""
        heading = self.located(nodes.title(title, title))
        name = head.lower()
        return nodes.section("", heading, *children, ids=[name], names=[name])

    def paragraph(self, text):
        """Return a paragraph that can be translated."""
        return self.located(nodes.paragraph(text, text))

    def located(self, node):
        """Return the node with its place in the source, which translation needs."""
        self.set_source_info(node)
        return node


def setup(app):
    """Register the directive."""
    app.add_directive("claims", Claims)
    app.connect("doctree-read", note_cards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
