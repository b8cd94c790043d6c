"""The Python side of a live page: run a cell as a notebook would, and say what it shows.

It needs nothing but Python, so it can be tried outside a browser, too. What a cell shows is handed
over as it appears: texts, pictures, HTML and errors, each a small ``dict`` (see `Kernel`).
"""

import ast
import base64
import builtins
import contextlib
import io
import linecache
import sys
import traceback
from types import ModuleType

MOST = 100_000  # characters that a cell may print
current = None  # the kernel that was made last; `figures` asks it to show them


class Kernel:
    """Runs cells one after the other in one scope.

    Parameters
    ----------
    show : callable
        called with each output, a ``dict``: ``{"kind": "text", "text": …}`` is printed,
        ``{"kind": "data", "data": {mime: …}}`` is the value of the cell or a figure, and
        ``{"kind": "error", "text": …, "missing": …}`` is what was raised, with the package that
        cannot run here, if that is why
    words : dict of str to str
        what the page says: "too_much", "no_input"
    absent : collection of str
        packages that cannot run here
    """

    def __init__(self, show, words, absent=()):
        global current
        current = self
        self.show, self.words, self.absent = show, words, absent
        self.main = ModuleType("__main__")
        sys.modules["__main__"] = self.main
        builtins.input = self._no_input

    def run(self, name, source):
        """Run a cell; return whether it ended without an error.

        Parameters
        ----------
        name : str
            of the cell, which a traceback shows
        source : str
        """
        file = f"<{name}>"
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        self.printed = _Printed(self.show, self.words["too_much"])
        with contextlib.redirect_stdout(self.printed), contextlib.redirect_stderr(self.printed):
            try:
                value = self._value(source, file)
            except BaseException as error:  # also KeyboardInterrupt and SystemExit
                self._fail(error, file)
                return False
            finally:
                self.printed.flush()
        self._display(value)
        self.show_figures()
        return True

    def show_figures(self):
        """Show and close the open figures, after what was printed before them."""
        self.printed.flush()
        if (pyplot := sys.modules.get("matplotlib.pyplot")) is None:
            return
        for number in pyplot.get_fignums():
            picture = io.BytesIO()
            figure = pyplot.figure(number)
            figure.savefig(picture, format="png", bbox_inches="tight", dpi=figure.dpi)
            png = base64.b64encode(picture.getvalue()).decode()
            self.show({"kind": "data", "data": {"image/png": png}})
        pyplot.close("all")

    def _value(self, source, file):
        """Run the statements; return the value of the last one, if it is an expression."""
        tree = ast.parse(source, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, file, "exec"), vars(self.main))
        if last is None or source.rstrip().endswith(";"):
            return None
        return eval(compile(ast.Expression(last.value), file, "eval"), vars(self.main))

    def _display(self, value):
        if value is None:
            return
        if bundle := getattr(value, "_repr_mimebundle_", None):
            data = dict(bundle())
        else:
            data = {"text/plain": repr(value)}
            if html := getattr(value, "_repr_html_", None):
                data["text/html"] = html()
        self.show({"kind": "data", "data": data})

    def _fail(self, error, file):
        """Show an error with the frames that are the reader's own."""
        error = error.with_traceback(_from(file, error.__traceback__))
        text = "".join(traceback.format_exception(error, chain=False))
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        missing = missing if missing in self.absent else None
        self.show({"kind": "error", "text": text, "missing": missing})

    def _no_input(self, prompt=""):
        raise EOFError(self.words["no_input"])


def _from(file, trace):
    """Return a traceback without the frames before the first one in a cell."""
    while trace is not None and trace.tb_frame.f_code.co_filename != file:
        trace = trace.tb_next
    return trace


class _Printed(io.TextIOBase):
    """Hands over what is printed, a line or more at a time, up to a limit."""

    def __init__(self, show, too_much):
        self.show_text = lambda text: show({"kind": "text", "text": text})
        self.too_much, self.left, self.waiting = too_much, MOST, []

    def write(self, text):
        kept = text[: self.left]
        self.waiting.append(kept)
        if self.left and len(kept) < len(text):
            self.waiting.append(f"\n{self.too_much}\n")
        self.left -= len(kept)
        return len(text)

    def flush(self):
        if text := "".join(self.waiting):
            self.waiting.clear()
            self.show_text(text)
