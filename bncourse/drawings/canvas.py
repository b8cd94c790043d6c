"""A sheet to draw on, and the drawing that comes of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

from bncourse.drawings.formula import spans
from bncourse.drawings.ink import INK, ON_ITS_OWN, PALETTE

WORDS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
LETTERS = "'STIX Two Text','Times New Roman',Times,serif"
ENLARGED = 1.15  # the most that a unit of a drawing is on a page, in pixels
HALF_LETTER = 0.33  # from the baseline to the middle of a line of text, of its size
HEAD = 9  # length of an arrow's head
Place = tuple[float, float]  # to the right and down


@dataclass(frozen=True, repr=False)
class Drawing:
    """A drawing that a notebook, a terminal and a screen reader can show.

    Parameters
    ----------
    title : str
        what it shows, in a few words
    text : str
        the text alternative, in sentences
    width, height : float
        of the sheet, in its own units
    body : str
        the SVG elements on it
    """

    title: str
    text: str
    width: float
    height: float
    body: str

    def __repr__(self):
        return f"{self.title}. {self.text}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the drawing for a page, and its text for a terminal."""
        return {"text/html": self.svg(), "text/plain": repr(self)}

    def svg(self) -> str:
        """Return the drawing as one SVG element for a page, at most as wide as the page."""
        place = (
            f"display:block;width:100%;max-width:{number(ENLARGED * self.width)}px;height:auto;"
            "margin:1rem auto;break-inside:avoid"
        )
        return self._element(f"{PALETTE};{place}", self.body)

    def save(self, path: str | Path) -> None:
        """Write the drawing as a file of its own, light or dark as the reader's system is.

        Parameters
        ----------
        path : str or Path
            the file to write, ending in ``.svg``
        """
        title = f"<title>{escape(self.title)}</title><desc>{escape(self.text)}</desc>"
        svg = self._element(PALETTE, f"{title}<style>{ON_ITS_OWN}</style>{self.body}")
        Path(path).write_text(svg + "\n", encoding="utf-8")

    def _element(self, style, inside):
        width, height = number(self.width), number(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" '
            f'aria-label="{escape(repr(self))}" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" style="{style}" font-family="{WORDS}" fill="{INK}" '
            f'stroke-linejoin="round">{inside}</svg>'
        )


class Canvas:
    """An empty sheet. The places on it are pairs of numbers, to the right and down.

    Parameters
    ----------
    width, height : float
        its size, in its own units
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._body = []

    def finish(self, title: str, text: str) -> Drawing:
        """Return what was drawn as a ``Drawing``, with its title and its text alternative."""
        return Drawing(title, text, self.width, self.height, "".join(self._body))

    def line(self, *places: Place, **look: Any) -> None:
        """Draw a line from place to place: see ``lines``."""
        self.lines(places, **look)

    def lines(
        self,
        *lines: Sequence[Place],
        colour: str = INK,
        width: float = 1.5,
        dash: str | None = None,
        opacity: float = 1,
    ) -> None:
        """Draw several lines, each a sequence of places, with one look."""
        path = "".join("M" + "L".join(map(_pair, places)) for places in lines)
        self._path(path, fill="none", **_stroke(colour, width, dash, opacity))

    def shape(
        self,
        *places: Place,
        colour: str = INK,
        fill: float = 1,
        width: float = 0,
        dash: str | None = None,
    ) -> None:
        """Draw a polygon, filled with an opacity from 0 to 1, with an outline of a width."""
        path = "M" + "L".join(map(_pair, places)) + "Z"
        self._path(path, **_fill(colour, fill), **(_stroke(colour, width, dash) if width else {}))

    def dot(
        self,
        place: Place,
        radius: float,
        colour: str = INK,
        fill: float = 1,
        width: float = 0,
        dash: str | None = None,
    ) -> None:
        """Draw a disc, filled with an opacity from 0 to 1, with an outline of a width."""
        stroke = _stroke(colour, width, dash) if width else {}
        look = _attributes(**_fill(colour, fill), **stroke)
        x, y = map(number, place)
        self._body.append(f'<circle cx="{x}" cy="{y}" r="{number(radius)}"{look}/>')

    def box(
        self,
        place: Place,
        size: tuple[float, float],
        colour: str = INK,
        fill: float = 0.1,
        width: float = 1.5,
        dash: str | None = None,
        corner: float = 6,
    ) -> None:
        """Draw a rectangle with round corners about a place."""
        (x, y), (w, h) = place, size
        stroke = _stroke(colour, width, dash) if width else {}
        look = _attributes(**_fill(colour, fill), **stroke)
        left, top = number(x - w / 2), number(y - h / 2)
        self._body.append(
            f'<rect x="{left}" y="{top}" width="{number(w)}" height="{number(h)}" '
            f'rx="{number(corner)}"{look}/>'
        )

    def arrow(
        self, *places: Place, colour: str = INK, width: float = 2, dash: str | None = None
    ) -> None:
        """Draw an arrow from place to place."""
        *before, tip = places
        back = _towards(tip, before[-1], HEAD - 1)
        self.line(*before, back, colour=colour, width=width, dash=dash)
        self.shape(*_head(before[-1], tip), colour=colour)

    def write(
        self,
        place: Place,
        words: str,
        size: float = 14,
        anchor: Literal["start", "middle"] = "middle",
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """Write words, the middle of their first line at the height of the place."""
        weight = {"font_weight": 600} if bold else {}
        self._text(place, escape(words), size, anchor, colour, **weight)

    def formula(
        self,
        place: Place,
        text: str,
        size: float = 17,
        anchor: Literal["start", "middle"] = "middle",
        colour: str = INK,
    ) -> None:
        """Write a formula: see ``bncourse.drawings.formula``."""
        self._text(place, spans(text, size), size, anchor, colour, font_family=LETTERS)

    def fraction(
        self, place: Place, top: str, bottom: str, width: float, size: float = 17, colour: str = INK
    ) -> None:
        """Write one formula above another, with a line of a width between them."""
        x, y = place
        self.formula((x, y - 0.62 * size), top, size, colour=colour)
        self.formula((x, y + 0.68 * size), bottom, size, colour=colour)
        self.line((x - width / 2, y), (x + width / 2, y), colour=colour, width=1.2)

    def _text(self, place, inner, size, anchor, colour, **look):
        x, y = number(place[0]), number(place[1] + HALF_LETTER * size)
        look = {"font_size": number(size), **look}
        if anchor != "start":
            look["text_anchor"] = anchor
        if colour != INK:
            look["fill"] = colour
        self._body.append(f'<text x="{x}" y="{y}"{_attributes(**look)}>{inner}</text>')

    def _path(self, path, **look):
        self._body.append(f'<path d="{path}"{_attributes(**look)}/>')


def number(value: float) -> str:
    """Return a number as SVG has it: to a tenth, so that it is equal on all machines.

    Layouts like places halfway between two tenths, where a rounding error would show: so the edge
    of rounding is moved away from there.
    """
    text = f"{value + 0.001:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def between(start: Place, end: Place, part: float) -> Place:
    """Return the place that is a part of the way from one to another."""
    x, y = (a + part * (b - a) for a, b in zip(start, end, strict=True))
    return x, y


def shortened(start: Place, end: Place, at_start: float, at_end: float) -> tuple[Place, Place]:
    """Return the ends of the line between two places, cut by a length at each end."""
    return _towards(start, end, at_start), _towards(end, start, at_end)


def _towards(start, end, length):
    return between(start, end, length / math.dist(start, end))


def _head(before, tip):
    (x, y), base = tip, _towards(tip, before, HEAD)
    across = (base[1] - y) * 0.42, (x - base[0]) * 0.42
    return tip, *((base[0] + sign * across[0], base[1] + sign * across[1]) for sign in (1, -1))


def _pair(place):
    return ",".join(map(number, place))


def _fill(colour, opacity):
    if not opacity:
        return {"fill": "none"}
    look = {} if colour == INK else {"fill": colour}
    return look if opacity == 1 else {**look, "fill_opacity": opacity}


def _stroke(colour, width, dash=None, opacity=1):
    look = {"stroke": colour, "stroke_width": width}
    if dash:
        look["stroke_dasharray"] = dash
    if opacity != 1:
        look["stroke_opacity"] = opacity
    return look


def _attributes(**look):
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in look.items())
