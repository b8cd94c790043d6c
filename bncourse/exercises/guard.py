"""Run code that may be anything: slow, endless, noisy, or of no mind to return."""

import contextlib
import ctypes
import io
import linecache
import threading
import traceback
import warnings
from dataclasses import dataclass

PATIENCE = 0.5  # seconds that a stopped thread gets to end


class Stopped(BaseException):
    """Raised inside code that has run for too long."""


@dataclass
class Run:
    """How a guarded call ended.

    Attributes
    ----------
    error : BaseException or None
        what was raised
    stopped : bool
        whether the time was up
    printed : str
        what was written to standard output
    """

    error: BaseException | None = None
    stopped: bool = False
    printed: str = ""


def guarded(action, seconds):
    """Call ``action()`` in a thread of its own for at most `seconds`, and say how it ended.

    A thread can be given up on every operating system, and leaves the kernel alive; Python code
    in it is ended by an exception. Where no thread can be started, as in a browser, the call is
    made directly, and the page has a button to stop it.
    """
    run, printed = Run(), io.StringIO()

    def work():
        try:
            action()
        except BaseException as error:  # also SystemExit: a learner may well call quit()
            run.error = error

    thread = threading.Thread(target=work, daemon=True)
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            thread.start()
        except RuntimeError:
            work()
        else:
            run.stopped = not _ended(thread, seconds)
    run.printed = printed.getvalue()
    return run


def _ended(thread, seconds):
    try:
        thread.join(seconds)
    finally:
        alive = thread.is_alive()
        if alive:  # the time is up, or somebody pressed stop
            ident = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Stopped))
            thread.join(PATIENCE)
    return not alive


def line_of(error, filename):
    """Return the number and the text of the last line of `filename` that led to `error`."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == filename:
            return frame.lineno, linecache.getline(filename, frame.lineno).strip()
    return None
