"""What a page does not need is not fetched, and nothing moves once it is shown."""

import io

import pytest
from PIL import Image
from weight import needed, thumbnail, with_sizes


def test_scripts_that_no_page_uses_are_left_out_and_others_stay():
    kept = '<script src="../_static/doctools.js?v=1"></script>\n<script>let a = 1;</script>\n'
    dropped = (
        '<script defer src="_static/scripts/fontawesome.js?digest=1"></script>\n'
        '<script src="../searchindex.js"></script>\n'
    )
    assert needed(dropped + kept) == kept


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (1024, 477), "white").save(path)
    return path


def test_a_picture_says_how_large_it_is(picture):
    html = with_sizes('<img alt="a" src="../_images/a.png" />', {"a.png": picture})
    assert html == '<img width="1024" height="477" alt="a" src="../_images/a.png" />'


@pytest.mark.parametrize("tag", ['<img width="7" src="a.png">', '<img src="b.png">'])
def test_a_size_that_is_given_stays_and_an_unknown_one_is_not_guessed(picture, tag):
    assert with_sizes(tag, {"a.png": picture}) == tag


def test_a_thumbnail_is_smaller_and_of_the_same_shape():
    large = io.BytesIO()
    Image.effect_noise((1280, 600), 50).save(large, "PNG")
    small = thumbnail(large.getvalue())
    assert Image.open(io.BytesIO(small)).size == (640, 300)
    assert len(small) < len(large.getvalue()) / 2


@pytest.mark.parametrize("name", ["index", "chapters/summary", "chapters/reference-numpy"])
def test_nothing_moves_on_a_phone(phone, origin, name):
    """These pages moved most: pictures, formulas in a table, and the theme's late sizes."""
    phone.goto(f"{origin}/{name}.html", wait_until="networkidle")
    assert phone.evaluate("shifted") <= 0.02


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_has_the_colours_of_the_system_before_it_is_painted(browser, origin, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    page.goto(f"{origin}/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    context.close()
