"""Formulas as SVG text: letters that stand alone are italic, words and digits upright.

So ``mean(g x̂)`` has an upright "mean" and an italic g. ``_`` lowers and ``^`` raises the character
that follows, or all that follows in braces: ``x_1``, ``μ_{run}``. A hat is set above its letter
here, because many fonts cannot do it.
"""

import re
from html import escape

HAT = "\u0302"
PIECE = re.compile(
    r"(?P<shift>[_^])(\{(?P<group>[^}]*)\}|(?P<one>.))"
    r"|(?P<word>[A-Za-z]{2,})"
    rf"|(?P<letter>[A-Za-zΑ-ΡΤ-Ωα-ω])(?P<hat>{HAT})?"  # Σ is a sum, and upright
    r"|(?P<other>[^_^A-Za-zΑ-ΡΤ-Ωα-ω]+)"
)
# All in parts of the size of the text.
SMALL = 0.7
SHIFTS = {"_": 0.22, "^": -0.38}  # downwards
HAT_BACK = 0.36  # from the end of a letter to where its hat begins
HAT_WIDTH = 0.33


def spans(text: str, size: float) -> str:
    """Return the ``<tspan>`` elements of a formula.

    Parameters
    ----------
    text : str
        the formula
    size : float
        the size of its text, in units of the drawing

    Returns
    -------
    str
        what belongs into a ``<text>`` element of that size
    """
    out, shift, forward = [], 0.0, 0.0
    for piece in PIECE.finditer(text):
        inner = piece["group"] or piece["one"] or piece["letter"] or piece[0]
        target = SHIFTS[piece["shift"]] * size if piece["shift"] else 0.0
        small = SMALL * size if piece["shift"] else None
        out.append(_span(inner, dx=forward, dy=target - shift, font_size=small))
        shift, forward = target, 0.0
        if piece["hat"]:
            out.append(_span("ˆ", dx=-HAT_BACK * size))
            forward = (HAT_BACK - HAT_WIDTH) * size
    return "".join(out)


def _span(inner, **places):
    look = "".join(
        f' {name.replace("_", "-")}="{value:.1f}"' for name, value in places.items() if value
    )
    if len(inner) == 1 and inner.isalpha() and inner not in "Σˆ":
        look += ' font-style="italic"'
    return f"<tspan{look}>{escape(inner)}</tspan>" if look else escape(inner)
