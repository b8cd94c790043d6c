"""A notebook in canonical form keeps what a reader sees, and loses what says nothing."""

import base64
import io

import nbformat
import pytest
from notebooks import canonical
from PIL import Image, PngImagePlugin


def png(software):
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", software)
    buffer = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(buffer, format="PNG", pnginfo=info)
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.fixture
def noisy():
    output = nbformat.v4.new_output("display_data", {"image/png": png("version 1")})
    cell = nbformat.v4.new_code_cell("draw()\n", execution_count=7, outputs=[output])
    cell.metadata = {"execution": {"iopub.execute_input": "2026"}, "tags": ["hide-input"]}
    notebook = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("draw()")])
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    return notebook


def test_canonical_form_is_stable(noisy):
    once = canonical(noisy)
    assert canonical(once) == once


def test_what_says_nothing_is_removed(noisy):
    cell = canonical(noisy).cells[0]
    picture = Image.open(io.BytesIO(base64.b64decode(cell.outputs[0].data["image/png"])))
    assert cell.metadata == {"tags": ["hide-input"]}
    assert "version" not in canonical(noisy).metadata.language_info
    assert picture.info == {}


def test_what_a_reader_sees_is_kept(noisy):
    cell = canonical(noisy).cells[0]
    picture = Image.open(io.BytesIO(base64.b64decode(cell.outputs[0].data["image/png"])))
    assert (cell.source, cell.execution_count) == ("draw()", 7)
    assert picture.getpixel((0, 0)) == (0, 128, 128)


def test_cells_are_named_by_their_text_and_never_twice(noisy):
    first, second = (cell.id for cell in canonical(noisy).cells)
    assert second == f"{first}-2"
    assert canonical(canonical(noisy)).cells[0].id == first


def test_a_pasted_picture_is_refused(noisy):
    noisy.cells.append(nbformat.v4.new_markdown_cell("![x](attachment:x.png)"))
    noisy.cells[-1]["attachments"] = {"x.png": {"image/png": png("any")}}
    with pytest.raises(ValueError, match="store it as a file beside the notebook"):
        canonical(noisy)


def test_what_was_printed_in_pieces_is_stored_in_one_and_in_its_order(noisy):
    piece, shown = nbformat.v4.new_output, noisy.cells[0].outputs[0]
    noisy.cells[0].outputs = [
        piece("stream", name="stdout", text="one\n"),
        piece("stream", name="stdout", text="two\n"),
        piece("stream", name="stderr", text="oh\n"),
        shown,
        piece("stream", name="stdout", text="three\n"),
    ]
    outputs = canonical(noisy).cells[0].outputs
    assert [output.get("text") for output in outputs] == ["one\ntwo\n", "oh\n", None, "three\n"]
