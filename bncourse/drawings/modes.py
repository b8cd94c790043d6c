"""Training mode and evaluation mode, and the running averages between them."""

from bncourse.drawings.canvas import Canvas, Drawing
from bncourse.drawings.ink import BLUE, GREEN
from bncourse.drawings.texts import texts

TRAINING, BATCH, RUNNING, EVALUATION = 62, 158, 240, 336  # heights
X, BRANCH, MIDDLE, AFFINE, Y = 34, 92, 222, 400, 500  # places from the left
BOX = (156, 60)
DASHED = "7 4"


def two_modes() -> Drawing:
    """Draw the two paths through the layer: one writes the running averages, one reads them.

    Returns
    -------
    Drawing
    """
    words, sheet = texts("two_modes"), Canvas(520, 378)
    _path(sheet, TRAINING, words["training"], ("x − μ", "√(σ² + ε)"), BLUE)
    evaluation = ("x − μ_{run}", "√(σ²_{run} + ε)")
    _path(sheet, EVALUATION, words["evaluation"], evaluation, GREEN, DASHED)
    _statistics(sheet, words)
    return sheet.finish(words["title"], words["text"])


def _path(sheet, height, name, fraction, colour, dash=None):
    """Draw the way from x to y in one mode."""
    look = {"colour": colour, "dash": dash}
    sheet.write((X - 12, height - 46), name, size=16, anchor="start", colour=colour, bold=True)
    sheet.formula((X, height), "x", size=22)
    sheet.arrow((X + 14, height), (MIDDLE - BOX[0] / 2 - 3, height), **look)
    sheet.box((MIDDLE, height), BOX, colour)
    sheet.formula((MIDDLE - 52, height), "x̂ =", size=18)
    sheet.fraction((MIDDLE + 18, height), *fraction, 100, size=18)
    sheet.arrow((MIDDLE + BOX[0] / 2 + 3, height), (AFFINE - 43, height), **look)
    sheet.box((AFFINE, height), (80, BOX[1]), colour)
    sheet.formula((AFFINE, height), "γ x̂ + β", size=18)
    sheet.arrow((AFFINE + 43, height), (Y - 14, height), **look)
    sheet.formula((Y, height), "y", size=22)


def _statistics(sheet, words):
    """Draw the statistics of the batch, the running averages, and who reads and writes them."""
    half = BOX[1] / 2 + 3
    sheet.box((MIDDLE, BATCH), (BOX[0], 42), BLUE)
    sheet.formula((MIDDLE, BATCH), "μ, σ²", size=18)
    sheet.write((MIDDLE + BOX[0] / 2 + 12, BATCH), words["batch"], size=15, anchor="start")
    sheet.arrow((BRANCH, TRAINING), (BRANCH, BATCH), (MIDDLE - BOX[0] / 2 - 3, BATCH), colour=BLUE)
    sheet.dot((BRANCH, TRAINING), 3.5, BLUE)
    sheet.arrow((MIDDLE, BATCH - 24), (MIDDLE, TRAINING + half), colour=BLUE)
    sheet.arrow((MIDDLE, BATCH + 24), (MIDDLE, RUNNING - 24), colour=BLUE)
    sheet.formula((MIDDLE + 14, (BATCH + RUNNING) / 2), words["update"], size=16, anchor="start")
    sheet.box((MIDDLE, RUNNING), (BOX[0], 42), width=2.5, fill=0.08)
    sheet.formula((MIDDLE, RUNNING), "μ_{run}, σ²_{run}", size=18)
    sheet.write((MIDDLE + BOX[0] / 2 + 12, RUNNING), words["running"], size=15, anchor="start")
    ends = (MIDDLE, RUNNING + 24), (MIDDLE, EVALUATION - half)
    sheet.arrow(*ends, colour=GREEN, dash=DASHED)
