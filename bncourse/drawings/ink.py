"""The colours of all drawings: the ink of the page, and four hues that are mixed with it.

The hues are those of Okabe and Ito (2008), which colour-blind readers tell apart, as in
``course.mplstyle``. A part of the page's own ink makes each of them darker on white and lighter in
the dark: enough to be read as text on both, with a contrast of 4.5 to 1, also on a light ``TINT``.
"""

INK = "currentColor"
HUES = {  # name: the pure colour, and how many percent of ink are mixed with it
    "blue": ("#0072b2", 36),
    "vermilion": ("#d55e00", 24),
    "green": ("#009e73", 32),
    "purple": ("#cc79a7", 38),
}
TINT = 0.08  # the opacity of a ground that coloured text may stand on
BLUE = "var(--blue)"
VERMILION = "var(--vermilion)"
GREEN = "var(--green)"
PURPLE = "var(--purple)"

PALETTE: str = ";".join(
    f"--{name}:color-mix(in srgb,{INK} {percent}%,{pure})" for name, (pure, percent) in HUES.items()
)

# For a file of its own, where there is no page to take the ink from: dark, and light in the dark.
# In a page the rule finds nothing, for there the drawing is not the root.
ON_ITS_OWN = "svg:root{color:#1f2328}@media(prefers-color-scheme:dark){svg:root{color:#f0f6fc}}"
