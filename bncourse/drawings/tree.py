"""The tree of questions for a network that is good in training and poor in evaluation."""

from bncourse.drawings.canvas import Canvas, Drawing
from bncourse.drawings.ink import GREEN, VERMILION
from bncourse.drawings.texts import texts

CAUSES = {  # of each question, in the order in which they are tried
    "finite": ("input_not_finite", "overflow", "bad_variance", "not_finite"),
    "vanished": ("underflow", "eps_large", "constant_channels", "gamma_zero"),
    "pools": ("batch_of_one", "sorted_batches", "small_pools", "momentum_large"),
    "modes": (
        *("momentum_zero", "never_updated", "folded_twice", "instance_average", "shared"),
        *("cumulative", "dropout_shift", "few_updates", "lagging", "other_in_modes"),
    ),
    "company": (
        *("untracked", "hidden_module", "left_training"),
        *("functional_training", "handmade_batch"),
    ),
    "use": ("evaluated_in_training", "given_in_training", "active_dropout"),
    "rest": ("frozen_moving", "half_frozen", "detached"),
    "inputs": ("unscaled", "channel_order", "shifted"),
    "reference": (
        *("eps_mismatch", "statistics_differ", "kept_norm"),
        *("folded_scale", "folded_bias", "other_layer"),
    ),
}
WIDTH, MIDDLE, LEAVES = 520, 104, 264  # of the sheet; of the questions; where causes begin
BOX = (188, 46)
LINE, GAP, TOP = 18, 20, 62  # height of a cause, between two questions, above the first


def troubleshooting_tree() -> Drawing:
    """Draw the questions that `bncourse.troubleshooting.diagnose` asks, and their causes.

    Returns
    -------
    Drawing
    """
    words = texts("troubleshooting_tree")
    heights = [max(BOX[1], LINE * len(causes)) for causes in CAUSES.values()]
    sheet = Canvas(WIDTH, TOP + sum(heights) + GAP * len(heights) + 34)
    _lines(sheet, (MIDDLE, 22), words["start"], bold=True)
    place = TOP
    above = 22 + LINE
    for (branch, causes), height in zip(CAUSES.items(), heights, strict=True):
        middle = place + height / 2
        _down(sheet, above, middle - BOX[1] / 2, words["no"] if branch != "finite" else "")
        sheet.box((MIDDLE, middle), BOX)
        _lines(sheet, (MIDDLE, middle), words["branch"][branch])
        _leaves(sheet, middle, [words["cause"][cause] for cause in causes], words["yes"])
        above = middle + BOX[1] / 2
        place += height + GAP
    _down(sheet, above, place + 2, words["no"])
    sheet.write((MIDDLE, place + 16), words["end"], colour=GREEN, bold=True)
    return sheet.finish(words["title"], words["text"])


def _lines(sheet, place, lines, bold=False):
    """Write two lines, one above and one below a place."""
    x, y = place
    for line, shift in zip(lines, (-LINE / 2, LINE / 2), strict=True):
        sheet.write((x, y + shift), line, size=14, bold=bold)


def _down(sheet, above, below, answer):
    """Draw the arrow from a question to the next one."""
    sheet.arrow((MIDDLE, above + 2), (MIDDLE, below - 2), colour=GREEN, dash="5 3")
    if answer:
        sheet.write((MIDDLE + 8, (above + below) / 2), answer, 13, "start", colour=GREEN)


def _leaves(sheet, middle, causes, answer):
    """Draw the arrow from a question to its causes, with a bracket before them."""
    half = LINE * len(causes) / 2
    left = MIDDLE + BOX[0] / 2
    sheet.arrow((left + 2, middle), (LEAVES - 14, middle), colour=VERMILION)
    sheet.write(((left + LEAVES - 14) / 2 - 2, middle - 11), answer, 13, colour=VERMILION)
    x, top, bottom = LEAVES - 10, middle - half + 3, middle + half - 3
    sheet.line((x + 4, top), (x, top), (x, bottom), (x + 4, bottom), colour=VERMILION)
    for k, cause in enumerate(causes):
        sheet.write((LEAVES, middle - half + LINE * (k + 0.5)), cause, size=14, anchor="start")
