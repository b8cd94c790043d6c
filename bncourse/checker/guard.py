"""Run code that may be anything: slow, endless, noisy, or of no mind to return."""

import contextlib
import ctypes
import io
import linecache
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE = 0.5  # seconds that a stopped thread gets to end
PERSISTENCE = 60.0  # seconds for which one that catches everything is stopped again and again
SHOWN_LINES, SHOWN_CHARACTERS = 10, 1000


class Stopped(BaseException):
    """Raised inside code that has run for too long."""


class _StoppedTwice(Stopped):
    """Raised from outside; where it is caught (``except:``), the next line raises once more.

    Such an exception is made in the thread that it stops, so that this one can be traced.
    """

    def __init__(self):
        super().__init__()
        frame = sys._getframe(1)
        while frame is not None:
            frame.f_trace = _stop
            frame = frame.f_back
        sys.settrace(_stop)


def _stop(frame, event, arg):
    raise Stopped


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
        the first lines of what was written to standard output
    """

    error: BaseException | None = None
    stopped: bool = False
    printed: str = ""


class _FirstLines(io.StringIO):
    """Keeps the beginning of what is printed, and lets the rest go."""

    def write(self, text):
        self.truncate()
        room = SHOWN_CHARACTERS - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)

    def shown(self):
        return "\n".join(self.getvalue().splitlines()[:SHOWN_LINES])


def guarded(action: Callable[[], object], seconds: float) -> Run:
    """Call ``action()`` in a thread of its own for at most `seconds`, and say how it ended.

    A thread can be given up on every operating system, and leaves the kernel alive; Python code
    in it is ended by an exception. Where no thread can be started, as in a browser, the call is
    made directly, and ended at its next line once the time is up; what is no Python code, such as
    one long sum, ends when it ends.
    """
    run, printed = Run(), _FirstLines()

    def work():
        try:
            action()
        except BaseException as error:  # also SystemExit: a learner may well call quit()
            run.error = error

    thread = threading.Thread(target=work, daemon=True)
    with contextlib.redirect_stdout(printed), _no_plots():
        try:
            thread.start()
        except RuntimeError:
            run.stopped = _in_time(work, run, seconds)
        else:
            run.stopped = not _ended(thread, seconds)
    run.printed = printed.shown()
    return run


@contextlib.contextmanager
def _no_plots():
    """Show no figure that an answer draws: it would come once for each input."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        yield
        return
    show, known = pyplot.show, set(pyplot.get_fignums())
    pyplot.show = lambda *args, **kwargs: None  # pyrefly: ignore[missing-attribute]
    try:
        yield
    finally:
        pyplot.show = show  # pyrefly: ignore[missing-attribute]
        for number in set(pyplot.get_fignums()) - known:
            pyplot.close(number)


def _ended(thread, seconds):
    try:
        thread.join(seconds)
    finally:
        alive = thread.is_alive()
        if alive:  # the time is up, or somebody pressed stop
            threading.Thread(target=_stop_thread, args=(thread,), daemon=True).start()
            thread.join(PATIENCE)
    return not alive


def _in_time(work, run, seconds):
    """Do the work here, and look at the clock at each line and jump; return whether time was up.

    What catches everything is stopped at its next line, too. Python before 3.12 cannot do this.
    """
    end, monitor = time.monotonic() + seconds, getattr(sys, "monitoring", None)
    if monitor is None:
        work()
        return False
    events = monitor.events.LINE, monitor.events.JUMP, monitor.events.PY_START

    def watch(code, *where):
        if time.monotonic() > end and code.co_filename != __file__:
            raise Stopped

    monitor.use_tool_id(monitor.PROFILER_ID, __name__)
    for event in events:
        monitor.register_callback(monitor.PROFILER_ID, event, watch)
    monitor.set_events(monitor.PROFILER_ID, sum(events))
    try:
        work()
    finally:
        monitor.set_events(monitor.PROFILER_ID, 0)
        monitor.free_tool_id(monitor.PROFILER_ID)
    return time.monotonic() > end


def _stop_thread(thread):
    """Stop a thread, again and again if it catches what stops it (``except:`` in a loop)."""
    end = time.monotonic() + PERSISTENCE
    while thread.is_alive() and time.monotonic() < end:
        ident = ctypes.c_ulong(thread.ident)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_StoppedTwice))
        thread.join(0.01)


def line_of(error: BaseException, filename: str) -> tuple[int, str] | None:
    """Return the number and the text of the last line of `filename` that led to `error`."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename == filename:
            # pyrefly: ignore[bad-argument-type, bad-return]
            return frame.lineno, linecache.getline(filename, frame.lineno).strip()
    return None
