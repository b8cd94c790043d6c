"""Sphinx extension: of the theme's icons, pages fetch those that they show.

The theme brings some two thousand icons twice, as a script and as fonts. Here the few that are used
are cut out of the font, into a style sheet of a few kilobytes, and the script is left out. Should a
page show an icon that was not found here, the browser fetches the whole font for it.
"""

import base64
import io
import re
from pathlib import Path

from fontTools import subset

SHEET = "icons.css"
THEME = "styles/pydata-sphinx-theme.css"
FONT = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
SCRIPT = "scripts/fontawesome.js"
ICON = re.compile(r'((?:\.fa-[\w-]+::?before,?)+)\{content:"\\([0-9a-f]+)"\}')
NAME = re.compile(r"\bfa-([a-z0-9-]+)")
CODE = re.compile(r"\\(f[0-8][0-9a-f]{2})\b|([\uf000-\uf8ff])")  # as CSS writes it, or as it is
FACE = """/* The icons that this book shows. */
@font-face {{
  font-display: block;
  font-family: "Font Awesome 6 Free";
  font-weight: 900;
  src: url("data:font/woff;base64,{data}") format("woff");
  unicode-range: {ranges};
}}
"""


def names_of(theme):
    """Return the code points of the icons in the theme's style sheet, by their names."""
    return {
        name: int(code, 16)
        for selectors, code in ICON.findall(theme)
        for name in NAME.findall(selectors)
    }


def used(theme, sheets, pages):
    """Return the code points of the icons that are shown.

    Parameters
    ----------
    theme : str
        the theme's style sheet
    sheets : iterable of str
        other style sheets, which may name icons by code points
    pages : iterable of str
        pages and scripts, which name icons by classes
    """
    known = names_of(theme)
    by_name = {known[name] for page in pages for name in NAME.findall(page) if name in known}
    texts = (ICON.sub("", theme), *sheets)
    codes = (match for text in texts for match in CODE.finditer(text))
    return by_name | {int(match[1], 16) if match[1] else ord(match[2]) for match in codes}


def cut_out(font, codes):
    """Return the characters of a font file at these code points, as the bytes of a WOFF file."""
    options = subset.Options(flavor="woff", layout_features=[])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    part = io.BytesIO()
    with subset.load_font(str(font), options) as whole:
        subsetter.subset(whole)
        whole.save(part)
    return part.getvalue()


def write_sheet(app, error):
    """Write the style sheet with the icons of all pages."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    theme = (static / THEME).read_text("utf-8")
    sheets = (p.read_text("utf-8") for p in static.rglob("*.css") if p != static / THEME)
    files = [*Path(app.outdir).rglob("*.html"), *static.rglob("*.js")]
    pages = (path.read_text("utf-8") for path in files if path != static / SCRIPT)
    codes = used(theme, sheets, pages)
    data = base64.b64encode(cut_out(static / FONT, codes)).decode()
    ranges = ", ".join(f"U+{code:x}" for code in sorted(codes))
    (static / SHEET).write_text(FACE.format(data=data, ranges=ranges), "utf-8")


def setup(app):
    """Register the style sheet."""
    app.add_css_file(SHEET)
    app.connect("build-finished", write_sheet)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
