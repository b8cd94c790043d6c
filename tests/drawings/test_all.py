"""What holds for every drawing: it is sound SVG, can be read aloud, and stays on its sheet."""

import re
import tomllib
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from bncourse import drawings
from bncourse.drawings import canvas
from bncourse.drawings.pool import NORMS

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = r"-?\d+(?:\.\d+)?"
PAIR = re.compile(rf"({NUMBER}),({NUMBER})")
CALLS = {
    "batch_through_batch_norm": drawings.batch_through_batch_norm,
    "batch_through_batch_norm, houses": lambda: drawings.batch_through_batch_norm(
        (50, 60, 80, 110), 9.0, 60.0
    ),
    "network_as_a_chain": drawings.network_as_a_chain,
    "network_as_a_chain, growing": lambda: drawings.network_as_a_chain(
        ("linear", "norm", "ReLU"), factor=1.47
    ),
    **{f"pooled_block, {norm}": lambda norm=norm: drawings.pooled_block(norm) for norm in NORMS},
    "pooled_blocks": drawings.pooled_blocks,
    "two_modes": drawings.two_modes,
    "forward_graph": drawings.forward_graph,
    "backward_graph": drawings.backward_graph,
    "circle": drawings.circle,
    "ghost_batches": drawings.ghost_batches,
    "ghost_batches, four": lambda: drawings.ghost_batches(16, 4),
    "residual_blocks": drawings.residual_blocks,
    "troubleshooting_tree": drawings.troubleshooting_tree,
}


@pytest.fixture(params=CALLS)
def draw(request):
    return CALLS[request.param]


def places(root):
    """Yield all places that are drawn on, each with how far the mark reaches around it."""
    for node in root.iter():
        at = node.attrib
        if node.tag == f"{SVG}path":
            yield from ((float(x), float(y), 0) for x, y in PAIR.findall(at["d"]))
        elif node.tag == f"{SVG}circle":
            yield float(at["cx"]), float(at["cy"]), float(at["r"])
        elif node.tag == f"{SVG}rect":
            x, y, w, h = (float(at[name]) for name in ("x", "y", "width", "height"))
            yield from ((x, y, 0), (x + w, y + h, 0))
        elif node.tag == f"{SVG}text":
            yield float(at["x"]), float(at["y"]), 1


def test_every_drawing_of_the_room_is_tested():
    assert set(drawings.__all__) - {"Drawing"} == {name.partition(",")[0] for name in CALLS}


def test_it_is_one_well_formed_svg_element(draw):
    assert ElementTree.fromstring(draw().svg()).tag == f"{SVG}svg"


def test_it_has_a_text_alternative(draw):
    drawing = draw()
    root = ElementTree.fromstring(drawing.svg())
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{drawing.title}. {drawing.text}"
    assert len(drawing.text) > 100 and drawing.text.endswith(".")
    assert not re.search(r"[{}]|None|nan", drawing.text)


def test_a_terminal_shows_the_text_alternative_and_a_page_the_drawing(draw):
    drawing = draw()
    bundle = drawing._repr_mimebundle_()
    assert bundle == {"text/html": drawing.svg(), "text/plain": repr(drawing)}
    assert drawing.text in repr(drawing) and "<" not in repr(drawing)


def test_it_is_the_same_each_time(draw):
    assert draw() == draw()


@pytest.mark.parametrize("error", [1e-11, -1e-11])
def test_rounding_errors_do_not_show(draw, error, monkeypatch):
    exact, number = draw(), canvas.number
    monkeypatch.setattr(canvas, "number", lambda value: number(value * (1 + error)))
    assert draw().svg() == exact.svg()


def test_all_of_it_is_on_the_sheet(draw):
    drawing = draw()
    found = list(places(ElementTree.fromstring(drawing.svg())))
    assert len(found) > 20
    for x, y, reach in found:
        assert reach <= x <= drawing.width - reach
        assert reach <= y <= drawing.height - reach


def test_every_text_that_is_stored_belongs_to_a_drawing():
    stored = tomllib.loads(files("bncourse.drawings").joinpath("texts.toml").read_text("utf-8"))
    assert set(stored) <= set(drawings.__all__)


def test_in_a_page_it_brings_no_style_sheet_and_no_names(draw):
    svg = draw().svg()
    assert "<style" not in svg and " id=" not in svg


def test_a_file_is_complete_and_takes_its_ink_from_the_readers_system(tmp_path):
    drawing = drawings.batch_through_batch_norm()
    path = tmp_path / "batch.svg"
    drawing.save(path)
    root = ElementTree.parse(path).getroot()
    assert root.find(f"{SVG}title").text == drawing.title
    assert root.find(f"{SVG}desc").text == drawing.text
    style = root.find(f"{SVG}style").text
    assert "svg:root{color:" in style and "prefers-color-scheme:dark" in style
    assert "margin" not in root.get("style")
    assert len(root) == 3 + len(ElementTree.fromstring(drawing.svg()))
