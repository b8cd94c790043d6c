"""Sphinx extension: the directive ``{claims}`` lists every claim, from the notebooks' outputs."""

import json
import math
import posixpath
import re
import tomllib
from collections import defaultdict
from html import unescape
from pathlib import Path, PurePosixPath

from cards import MIME, cards
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxDirective

ROOM = Path(__file__).parents[1] / "bncourse" / "claims"
ARTICLE, SYNTHESES, SENTENCES = (
    ROOM / f"{name}.toml" for name in ("article", "syntheses", "sentences")
)
PAGE = "chapters/claims.html"
ROW = re.compile(r"<div><p>(.*?)</p>(<svg.*?</svg>)</div>")  # of the picture on a card


def title_and_cards(path):
    """Return the title of the notebook at ``path``, and its cards in order: data, and HTML."""
    cells = json.loads(Path(path).read_text("utf-8"))["cells"]
    title = "".join(cells[0]["source"]).splitlines()[0].removeprefix("# ")
    outputs = [out for cell in cells for out in cell.get("outputs", []) if cards([out])]
    bundles = [output["data"] for output in outputs]
    return title, [(bundle[MIME], "".join(bundle["text/html"])) for bundle in bundles]


def strength(card):
    """Return a key that sorts cards: what is decided most clearly first, what is open last."""
    distances = [math.inf if d is None else abs(d) for d in card.get("distances") or [None]]
    return card["verdict"] == "open", -min(distances)


def note_cards(app, doctree):
    """Let other pages refer to the cards of a page by their anchors."""
    env = app.env
    path = env.doc2path(env.docname)
    for card, _ in title_and_cards(path)[1] if path.endswith(".ipynb") else []:
        anchor = card["anchor"]
        env.get_domain("std").note_hyperlink_target(anchor, env.docname, anchor, card["text"])


def link_rows(app, pagename, templatename, context, doctree):
    """Let the id on a card lead to its row among all claims: a page that JupyterLab has not."""
    page = posixpath.relpath(PAGE, PurePosixPath(pagename).parent)
    words = tomllib.loads(SENTENCES.read_text("utf-8"))["page"]["row"]

    def link(match):
        title = words.format(id=match[1])
        return (
            f'<a class="claim-row" href="{page}#{match[1].lower()}" title="{title}">{match[1]}</a>'
        )

    if "body" in context:
        context["body"] = re.sub(r'<span class="claim-row">(\w+)</span>', link, context["body"])


class Claims(SphinxDirective):
    """The statements of the article, each with the claims that answer it, then our own claims."""

    def run(self):
        """Return one section a statement, and one for our own claims if there are any."""
        self.all_words = tomllib.loads(SENTENCES.read_text("utf-8"))
        self.words = self.all_words["page"]
        syntheses = tomllib.loads(SYNTHESES.read_text("utf-8"))["synthesis"]
        self.syntheses = {synthesis["id"]: synthesis for synthesis in syntheses}
        answers = self.answers()
        sections = [
            self.statement(statement, answers[statement["id"]])
            for statement in tomllib.loads(ARTICLE.read_text("utf-8"))["statement"]
        ]
        own = answers["own"]
        return sections + ([self.section("own", self.words["own"], *own)] if own else [])

    def answers(self):
        """Return the cards of all notebooks by what they answer, the clearest ones first."""
        answers, seen = defaultdict(list), set()
        paths = map(self.env.doc2path, self.env.external_site_map)
        notebooks = [path for path in paths if path.endswith(".ipynb")]
        for path in (ARTICLE, SYNTHESES, SENTENCES, *notebooks):
            self.env.note_dependency(str(path))
        for path in notebooks:
            title, found = title_and_cards(path)
            for card, html in found:
                if card["id"] in seen:
                    raise self.error(f"claim {card['id']} is made twice: give it a suffix")
                seen.add(card["id"])
                answers[card["id"].partition(".")[0]].append((card, html, title))
        for found in answers.values():
            found.sort(key=lambda answer: strength(answer[0]))
        return defaultdict(
            list, {head: [self.card(*one) for one in found] for head, found in answers.items()}
        )

    def statement(self, statement, answers):
        """Return one statement of the article, what comes of it, and the claims that answer it."""
        head, name = statement["id"], statement["id"].lower()
        domain = self.env.get_domain("std")
        domain.note_hyperlink_target(f"article-{name}", self.env.docname, name, head)
        return self.section(
            head,
            self.words["statement"].format(**statement),
            self.paragraph(statement["text"]),
            self.synthesis(head),
            *(answers or [self.asserted(head)]),
        )

    def asserted(self, head):
        """Return a link to the chapter that asserts what needs no card."""
        if "asserted" not in self.syntheses[head]:
            raise self.error(
                f"{head} has no card: make one, or name the chapter that asserts it, as "
                f'asserted = "…", in {SYNTHESES.name}'
            )
        chapter = f"/chapters/{self.syntheses[head]['asserted']}"
        title = title_and_cards(self.env.doc2path(chapter[1:]))[0]
        return self.link(chapter, self.words["asserted"].format(chapter=title), "doc")

    def synthesis(self, head):
        """Return the verdict on a statement as a whole, and the sentence that sums it up."""
        synthesis = self.syntheses[head]
        verdict = self.paragraph(self.all_words["synthesis"][synthesis["verdict"]])
        verdict["classes"].append("claim-verdict")
        name = synthesis["verdict"].replace(" ", "-")
        parts = [verdict, self.paragraph(synthesis["text"])]
        return nodes.compound("", *parts, classes=["claim-synthesis", name])

    def card(self, card, html, chapter):
        """Return one claim: its verdict, its cases, its evidence, and where it is computed."""
        sentences = card["sentences"]
        verdict = self.paragraph(sentences["verdict"])
        verdict["classes"].append("claim-verdict")
        parts = [verdict, self.paragraph(card["text"])]
        if sentences["cases"]:
            items = [nodes.list_item("", self.paragraph(case)) for case in sentences["cases"]]
            parts.append(nodes.bullet_list("", *items))
        parts += self.evidence(card["evidence"], ROW.findall(html), sentences.get("distance"))
        if card.get("settings"):
            parts += self.fold("settings", self.paragraph(card["settings"]))
        parts.append(self.link(card["anchor"], self.words["cell"].format(chapter=chapter)))
        name = card["verdict"].replace(" ", "-")
        return nodes.compound("", *parts, ids=[card["anchor"]], classes=["claim-card", name])

    def evidence(self, pieces, rows, distance):
        """Return the picture of the estimates, exact facts, and the numbers in a fold."""
        estimates = [piece for piece in pieces if rows and isinstance(piece["data"], dict)]
        facts = [piece for piece in pieces if piece not in estimates]
        if rows:
            drawn = [self.row(unescape(words), svg) for words, svg in rows]
            yield nodes.compound("", *drawn, classes=["claim-picture"])
        if facts:
            yield self.numbers(facts)
        if estimates:
            beyond = [self.paragraph(distance)] if distance else []
            yield from self.fold("numbers", self.numbers(estimates), *beyond)

    def row(self, words, svg):
        """Return one row of the picture: what was measured, and its interval."""
        return nodes.compound("", self.paragraph(words), self.raw(svg))

    def fold(self, name, *children):
        """Return nodes that a reader opens with a click."""
        words = self.all_words["card"][name]
        start = f'<details class="claim-{name}"><summary>{words}</summary>'
        return [self.raw(start), *children, self.raw("</details>")]

    def raw(self, html):
        """Return HTML as a node."""
        return nodes.raw("", html, format="html")

    def numbers(self, pieces):
        """Return pieces of evidence as a list: what was measured, and what came out."""
        return nodes.definition_list("", *map(self.piece, pieces))

    def piece(self, piece):
        """Return one piece of evidence."""
        term = self.located(nodes.term(piece["label"], piece["label"]))
        shown = nodes.definition("", self.paragraph(piece["shown"]))
        return nodes.definition_list_item("", term, shown)

    def link(self, target, text, kind="ref"):
        """Return a paragraph that links to a card in its chapter, or to a chapter ("doc")."""
        reference = pending_xref(
            "",
            nodes.inline("", text),
            refdomain="std",
            reftype=kind,
            reftarget=target,
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        source = f"{{{kind}}}`{text} <{target}>`"  # what a translator sees
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
    app.connect("html-page-context", link_rows)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
