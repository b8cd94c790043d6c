"""One address makes the buttons that open a notebook elsewhere; without it there are none."""

from pathlib import Path
from types import SimpleNamespace

import address
import pytest
import yaml
from jupyter_book.config import get_final_config
from sphinx.errors import ConfigError
from sphinx_book_theme.header_buttons import update_context_with_repository_info
from sphinx_book_theme.header_buttons.launch import add_launch_buttons

ROOT = Path(__file__).parents[2]
ADDRESS = "https://github.com/somebody/a-course"
PAGE = "chapters/test-time"


class Configuration(SimpleNamespace):
    """As Sphinx's: options by attribute and by name."""

    def __getitem__(self, name):
        return getattr(self, name)


def configured(url):
    """Return the book's configuration as Jupyter Book reads it, but for the address."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    settings["sphinx"]["config"]["html_theme_options"]["repository_url"] = url
    options = get_final_config(user_yaml=settings, cli_config={"latex_individualpages": False})[0][
        "html_theme_options"
    ]
    return Configuration(html_theme_options=options, html_context={})


def buttons(url):
    """Return the buttons of a page, as the theme makes them of an address."""
    config = configured(url)
    env = SimpleNamespace(
        metadata={PAGE: {"kernelspec": {}}}, doc2path=lambda name: f"{ROOT}/{name}.ipynb"
    )
    builder = SimpleNamespace(theme_options=config.html_theme_options)
    app = SimpleNamespace(config=config, env=env, builder=builder)
    context = {"pagename": PAGE, "sourcename": f"{PAGE}.ipynb", "header_buttons": []}
    address.hide_launch_buttons(app, config)
    update_context_with_repository_info(app)
    context |= config.html_context
    add_launch_buttons(app, PAGE, "", context, None)
    address.say_what_colab_needs(app, PAGE, "", context, None)
    return {one["text"]: one for group in context["header_buttons"] for one in group["buttons"]}


def test_without_an_address_there_are_no_buttons():
    assert buttons("") == {}


def test_with_an_address_a_notebook_opens_on_binder_and_colab():
    assert {name: one["url"] for name, one in buttons(ADDRESS).items()} == {
        "Binder": "https://mybinder.org/v2/gh/somebody/a-course/main"
        "?urlpath=lab/tree/chapters/test-time.ipynb",
        "Colab": "https://colab.research.google.com/github/somebody/a-course/blob/main/"
        "chapters/test-time.ipynb",
    }


def test_the_button_for_colab_says_how_the_package_comes_there():
    made = buttons(ADDRESS)
    assert "the README tells how" in made["Colab"]["tooltip"]
    assert "README" not in made["Binder"]["tooltip"]
    assert "`!git clone --depth 1 " in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "url",
    [f"{ADDRESS}.git", f"{ADDRESS}/", "git@github.com:a/b", "https://github.com/a", "a/b"],
)
def test_an_address_that_would_make_wrong_links_is_told(url):
    with pytest.raises(ConfigError, match=f'repository_url in _config.yml is "{url}": write it as'):
        buttons(url)


def test_pages_have_the_buttons_if_and_only_if_there_is_an_address(site):
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    page = (site / f"{PAGE}.html").read_text("utf-8")
    options = settings["sphinx"]["config"]["html_theme_options"]
    assert ("launch-buttons" in page) == bool(options["repository_url"])
