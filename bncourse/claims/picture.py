"""A small picture of intervals against their margins: SVG without script, one row an estimate.

Words stand beside it, so that they can wrap and be translated; the axis alone carries numbers. The
ink is that of the text around it, in the light and in the dark.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bncourse.claims.article import read
from bncourse.claims.piece import Evidence
from bncourse.statistics import TIMES, typeset

EDGE = 5  # percent of the width that is left free on each side
STRETCH = 4  # times as wide as needed an axis may become to show where nothing is
TICKS = 6
INK = 'stroke="currentColor"'
NOTHING = f'{INK} stroke-opacity="0.5"'
MARGIN = f'{INK} stroke-width="1.5" stroke-dasharray="4 3"'
INTERVAL = f'{INK} stroke-width="3"'


@dataclass(frozen=True)
class Axis:
    """From numbers to places, linear or logarithmic.

    Attributes
    ----------
    low, high : float
        the numbers at its ends
    log : bool
        whether equal ratios are equally far apart
    """

    low: float
    high: float
    log: bool = False

    def place(self, number: float) -> str:
        """Return how far from the left a number is, in percent, as SVG has it."""
        part = (self._scaled(number) - self._scaled(self.low)) / self.length()
        return f"{EDGE + (100 - 2 * EDGE) * part:.2f}%"

    def length(self) -> float:
        """Return the distance between the ends, of logarithms where it is logarithmic."""
        return self._scaled(self.high) - self._scaled(self.low)

    def ticks(self) -> list[float]:
        """Return about six round numbers between the ends."""
        if self.log and self.high >= 4 * self.low:
            return _log_ticks(self.low, self.high)
        return _linear_ticks(self.low, self.high)

    def _scaled(self, number):
        return math.log(number) if self.log else number


def picture(pieces: Iterable[Evidence]) -> str:
    """Return the estimates among pieces of evidence as a figure in HTML, or nothing without any.

    Rows of one unit share an axis; a margin stands in the rows that were judged by it, dashed, and
    a thin line where nothing is: 0, or 1 in ratios.
    """
    groups = {}
    for piece in pieces:
        if isinstance(piece.data, dict):
            groups.setdefault(piece.data["unit"], []).append(piece)
    rows = [row for unit, group in groups.items() for row in _group(unit, group)]
    return f'<figure class="claim-picture">{"".join(rows)}</figure>' if rows else ""


def _group(unit, pieces):
    axis, nothing = _axis(unit, pieces)
    for piece in pieces:
        yield _row(escape(piece.label), _interval(axis, nothing, piece))
    ticks = "".join(
        f'<text x="{axis.place(tick)}" y="13">{_number(tick)}</text>' for tick in axis.ticks()
    )
    look = 'text-anchor="middle" font-size="12" fill="currentColor"'
    yield _row(
        escape(unit), f'<svg width="100%" height="18" aria-hidden="true" {look}>{ticks}</svg>'
    )


def _row(words, svg):
    return f"<div><p>{words}</p>{svg}</div>"


def _axis(unit, pieces):
    """Return the axis of some estimates, and where nothing is on it, or None."""
    numbers = [piece.data[end] for piece in pieces for end in ("value", "low", "high")]
    numbers += [margin for piece in pieces for margin in piece.margins]
    log = unit == TIMES and min(numbers) > 0
    nothing = 1 if unit == TIMES else 0
    low, high = min(numbers), max(numbers)
    if low == high == nothing:
        return Axis(nothing - 0.5, nothing + 0.5), nothing
    wide, close = Axis(min(low, nothing), max(high, nothing), log), Axis(low, high, log)
    shown = low == high or wide.length() <= STRETCH * close.length()
    return (wide, nothing) if shown else (close, None)


def _interval(axis, nothing, piece):
    """Return one row: the interval with a dot, its margins, and where nothing is."""
    data = piece.data
    low, value, high = (axis.place(data[name]) for name in ("low", "value", "high"))
    lines = [] if nothing is None else [_upright(axis.place(nothing), NOTHING)]
    lines += [_upright(axis.place(margin), MARGIN) for margin in piece.margins]
    return (
        f'<svg width="100%" height="26" role="img" aria-label="{escape(_read_out(piece))}">'
        f'{"".join(lines)}<line x1="{low}" x2="{high}" y1="50%" y2="50%" {INTERVAL}/>'
        f'<circle cx="{value}" cy="50%" r="4.5" fill="currentColor"/></svg>'
    )


def _upright(x, look):
    return f'<line x1="{x}" x2="{x}" y1="0" y2="100%" {look}/>'


def _read_out(piece):
    words = read("sentences.toml")["picture"]
    key = ("row", "row_margin")[len(piece.margins)] if len(piece.margins) < 2 else "row_margins"
    margins = ", ".join(map(_number, piece.margins))
    return words[key].format(shown=piece.shown, margins=margins)


def _number(number):
    return typeset(f"{number:.4g}").removeprefix("1 × ")


def _linear_ticks(low, high):
    rough = (high - low) / (TICKS - 1)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{number * step:.6g}") for number in range(first, last + 1)]


def _log_ticks(low, high):
    """Return powers of 10, every one or fewer, with 2 and 5 between them if there is room."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    stride = max(1, math.ceil((last - first) / TICKS))
    digits = (1, 2, 5) if last - first <= 2 else (1,)
    powers = [p for p in range(first, last + 1) if p % stride == 0]
    ticks = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [tick for tick in ticks if low * 0.999 <= tick <= high * 1.001]
