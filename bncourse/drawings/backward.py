"""The graph of standardizing, forwards, and backwards by the direct road and two detours."""

from bncourse.drawings.canvas import Canvas, Drawing, between, shortened
from bncourse.drawings.ink import BLUE, GREEN, VERMILION
from bncourse.drawings.texts import texts

NODES = {  # name: column, and whether it stands on a detour, above the road
    "x": (0, False),
    "μ": (1, True),
    "d": (2, False),
    "d²": (3, True),
    "σ²": (4, True),
    "s": (5, True),
    "x̂": (6, False),
}
STEPS = {"μ": "mean(x)", "d": "x − μ", "σ²": "mean(d²)", "s": "√(σ² + ε)", "x̂": "d / s"}
DIRECT, BY_MEAN, BY_VARIANCE = (BLUE, None), (VERMILION, "8 4"), (GREEN, "2.5 3")
EDGES = {  # from, to: the road that it belongs to, and by what it multiplies on the way back
    ("x", "d"): (DIRECT, "1"),
    ("d", "x̂"): (DIRECT, "1/s"),
    ("x", "μ"): (BY_MEAN, "1/N"),
    ("μ", "d"): (BY_MEAN, "−Σ"),
    ("d", "d²"): (BY_VARIANCE, "2d"),
    ("d²", "σ²"): (BY_VARIANCE, "1/N"),
    ("σ²", "s"): (BY_VARIANCE, "1/(2s)"),
    ("s", "x̂"): (BY_VARIANCE, "−Σ d/s²"),
}
TERMS = (("g", 198, 16), ("mean(g)", 261, 64), ("x̂ mean(g x̂)", 363, 94))  # place and width
LEFT, APART, RISE, RADIUS = 34, 78, 74, 18
FORWARDS, BACKWARDS = 118, 270  # heights of the direct road


def forward_graph() -> Drawing:
    """Draw the steps from ``x`` to ``x_hat``: a straight road, and two detours.

    ``d = x - mean`` and ``s = sqrt(var + eps)``.

    Returns
    -------
    Drawing
    """
    words, sheet = texts("forward_graph"), Canvas(540, 160)
    _forwards(sheet)
    return sheet.finish(words["title"], words["text"])


def backward_graph() -> Drawing:
    """Draw the steps from ``x`` to ``x_hat``, and how the gradient comes back through them.

    ``d = x - mean`` and ``s = sqrt(var + eps)``. Each road back has a colour and a kind of line, in
    which its term of the result is underlined.

    Returns
    -------
    Drawing
    """
    words, sheet = texts("backward_graph"), Canvas(540, 382)
    _forwards(sheet)
    _graph(sheet, BACKWARDS)
    for ends, ((colour, dash), factor) in EDGES.items():
        end, start = (_place(name, BACKWARDS) for name in ends)
        cut = shortened(start, end, RADIUS + 2, RADIUS + 3)
        sheet.arrow(*cut, colour=colour, dash=dash, width=2.4)
        sheet.formula(_beside(start, end, factor), factor, size=15)
    for name, gradient in (("x", "∂L/∂x"), ("x̂", "g = ∂L/∂x̂")):
        x, y = _place(name, BACKWARDS)
        sheet.formula((x - 4 if name == "x̂" else x, y + 31), gradient, size=15)
    _result(sheet, 350)
    return sheet.finish(words["title"], words["text"])


def _forwards(sheet):
    _graph(sheet, FORWARDS)
    for name, step in STEPS.items():
        x, y = _place(name, FORWARDS)
        sheet.formula((x, y - 30 if NODES[name][1] else y + 31), step, size=15)
    for ends in EDGES:
        start, end = (_place(name, FORWARDS) for name in ends)
        sheet.arrow(*shortened(start, end, RADIUS + 2, RADIUS + 3), width=1.6)


def _place(name, height):
    column, above = NODES[name]
    return LEFT + APART * column, height - RISE * above


def _graph(sheet, height):
    for name in NODES:
        place = _place(name, height)
        sheet.dot(place, RADIUS, fill=0.06, width=1.3)
        sheet.formula(place, name, size=19)


def _beside(start, end, label):
    """Return where the label of an arrow stands: above it, and beside it where it is steep."""
    x, y = between(start, end, 0.5)
    if start[1] == end[1]:
        return x, y - (14 if y == BACKWARDS else 23)
    return x + (20 if start[1] > end[1] else -20) * (1 + 0.16 * max(len(label) - 3, 0)), y - 9


def _result(sheet, height):
    """Write the gradient for x, each of its terms in the colour and with the line of its road."""
    sheet.fraction((112, height), "∂L", "∂x", 26, size=18)
    sheet.formula((138, height), "=", size=18)
    sheet.fraction((160, height), "1", "s", 14, size=18)
    for sign, place in zip("(−−)", (180, 219, 304, 419), strict=True):
        sheet.formula((place, height), sign, size=20)
    roads = (DIRECT, BY_MEAN, BY_VARIANCE)
    for (term, place, width), (colour, dash) in zip(TERMS, roads, strict=True):
        sheet.formula((place, height), term, size=18, colour=colour)
        ends = ((place + side * width / 2, height + 16) for side in (-1, 1))
        sheet.line(*ends, colour=colour, width=3, dash=dash)
