"""The colours: legible as text, in the light and in the dark."""

import pytest

from bncourse.drawings.ink import HUES, PALETTE, TINT

PAGES = {  # ink and ground
    "the book, light": ("#222832", "#ffffff"),
    "the book, dark": ("#ced6dd", "#14181e"),
    "JupyterLab, light": ("#212121", "#ffffff"),
    "JupyterLab, dark": ("#ffffff", "#111111"),
    "a file, light": ("#1f2328", "#ffffff"),
    "a file, dark": ("#f0f6fc", "#0d1117"),
    "paper": ("#000000", "#ffffff"),
}
ENOUGH = 4.5  # Web Content Accessibility Guidelines 2.2, success criterion 1.4.3
STRONGEST_GROUND = 0.25  # the opacity of a hue that ink is written on


def rgb(colour):
    return [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]


def mixed(one, other, part):
    """Return a colour with a part of another: what color-mix gives in srgb, and opacity too."""
    return [(1 - part) * a + part * b for a, b in zip(one, other, strict=True)]


def contrast(one, other):
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted(luminance(colour) + 0.05 for colour in (one, other))
    return high / low


def test_the_measure_is_that_of_the_guidelines():
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hue", HUES)
def test_every_hue_is_legible_on_the_page_and_on_a_tint(page, hue):
    ink, ground = map(rgb, PAGES[page])
    pure, percent = HUES[hue]
    colour = mixed(rgb(pure), ink, percent / 100)
    assert contrast(colour, ground) >= ENOUGH
    assert contrast(colour, mixed(ground, ink, TINT)) >= ENOUGH
    assert contrast(ink, mixed(ground, colour, STRONGEST_GROUND)) >= ENOUGH


def test_the_palette_says_what_is_tested():
    for hue, (pure, percent) in HUES.items():
        assert f"--{hue}:color-mix(in srgb,currentColor {percent}%,{pure})" in PALETTE.split(";")
