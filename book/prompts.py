"""Sphinx extension: the line above folded code says what the code is for.

What a cell gives tells what it is for: a figure, or a claim with its evidence. If it gives neither,
its code tells: it chooses learning rates, trains networks, prints numbers, gives a name to what
others use, or imports. Other folded cells keep the words of ``nb_code_prompt_show``. Folded outputs
are called that. Screen readers hear the same words.
"""

import ast

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

_ = get_translation("prompts")


TRAINING = {"run", "train", ".fit"}  # .train() sets the mode of a network


def purpose(cell):
    """Return what folded code is for, in words, or None if nothing tells."""
    if any('class="claim-card' in raw.astext() for raw in cell.findall(nodes.raw)):
        return _("Show how the claim is checked")
    if next(cell.findall(nodes.image), None):
        return _("Show how the figure is drawn")
    tree = ast.parse(next(cell.findall(nodes.literal_block)).astext())
    calls = set(called(tree.body))
    if TRAINING & calls:
        return _("Show how the networks are trained")
    if "tuned" in calls:
        return _("Show how the rates are chosen")
    names = defined(tree)
    if not names and "print" in calls:
        return _("Show how the numbers are computed")
    return named(", ".join(names or assigned(tree)), imports(tree))


def named(names, imports):
    """Return the words for code that gives names, imports, or both, or None if it does neither."""
    if names and imports:
        return _("Show the imports and the code of {names}").format(names=names)
    if names:
        return _("Show the code of {names}").format(names=names)
    return _("Show the imports") if imports else None


def imports(tree):
    """Tell whether code imports something."""
    return any(isinstance(statement, ast.Import | ast.ImportFrom) for statement in tree.body)


def called(statements):
    """Yield the name of each function and, with its dot, method that statements call.

    Those that are called within a definition do not count.
    """
    for statement in statements:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
            for func in calls:
                yield func.id if isinstance(func, ast.Name) else f".{getattr(func, 'attr', '')}"


def defined(tree):
    """Return the names of the functions and classes that code defines."""
    kinds = ast.FunctionDef | ast.ClassDef
    return [statement.name for statement in tree.body if isinstance(statement, kinds)]


def assigned(tree):
    """Return the names that the last assignment gives: what came before it is on the way there."""
    for statement in reversed(tree.body):
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        names = [node for t in targets for node in ast.walk(t) if isinstance(node, ast.Name)]
        if given := [n.id for n in names if isinstance(n.ctx, ast.Store) and n.id != "_"]:
            return given
    return []


class NameFoldedCode(SphinxPostTransform):
    """Name folded code by its purpose, just before it is folded."""

    default_priority = 198
    formats = ("html",)

    def run(self, **kwargs):
        """Name the folded cells of a page."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") != "cell_code":
                continue
            if cell.get("hide_mode") == "input":
                cell["prompt_show"] = purpose(cell) or cell["prompt_show"]
            elif cell.get("hide_mode") == "output":
                cell["prompt_show"], cell["prompt_hide"] = (
                    _("Show the output"),
                    _("Hide the output"),
                )


def visit_folded(translator, node):
    """Begin the box, as MyST-NB does but for its label, which hides the words from some readers."""
    classes = " ".join(["admonition", "hide", *node["classes"]])
    translator.body.append(
        f'<details class="{classes}">\n<summary>\n'
        f'<p class="collapsed admonition-title">{translator.encode(node["prompt_show"])}</p>\n'
        f'<p class="expanded admonition-title">{translator.encode(node["prompt_hide"])}</p>\n'
        "</summary>\n"
    )


def setup(app):
    """Register the transform and the box."""
    app.setup_extension("myst_nb")
    app.add_post_transform(NameFoldedCode)
    app.add_node(HideCodeCellNode, override=True, html=(visit_folded, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
