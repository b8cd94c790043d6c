"""Sphinx extension: what pages make of the project's address, which ``_config.yml`` tells once.

While it is empty, pages have no buttons that open a notebook elsewhere.
"""

import re

from sphinx.errors import ConfigError
from sphinx.locale import get_translation

_ = get_translation("address")
ADDRESS = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+)")
WRONG = (
    'repository_url in _config.yml is "{url}": write it as "https://github.com/owner/name", '
    "of which the buttons for Binder and Colab are made, or leave it empty"
)
# Binder installs the project by itself.
COLAB = _("Open in Colab. Its first cell must fetch the project: the README tells how.")


def url_of(config):
    """Return the address of the project, or an empty text.

    Raises
    ------
    ConfigError : it is no address that the buttons can be made of.
    """
    url = config.html_theme_options.get("repository_url") or ""
    if url and (url.endswith(".git") or not ADDRESS.fullmatch(url)):
        raise ConfigError(WRONG.format(url=url))
    return url


def hide_launch_buttons(app, config):
    """Leave out the buttons that cannot know where the notebooks are: the theme fails on them."""
    if not url_of(config):
        config.html_theme_options.pop("launch_buttons", None)


def say_what_colab_needs(app, pagename, templatename, context, doctree):
    """Say on the button for Colab how the package comes there."""
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("text") == "Colab":
                button["tooltip"] = COLAB


def setup(app):
    """Register the hooks."""
    app.connect("config-inited", hide_launch_buttons)
    app.connect("html-page-context", say_what_colab_needs, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
