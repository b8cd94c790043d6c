"""What a room needs besides NumPy, and how to get it."""

from importlib.util import find_spec


def lacking(room: str, module: str, extra: str) -> ModuleNotFoundError | None:
    """Return `missing`, if a module that a room needs is not installed, or else None."""
    try:
        found = find_spec(module)
    except ModuleNotFoundError:  # something keeps it from being imported
        found = None
    return None if found else missing(room, module, extra)


def missing(room: str, module: str, extra: str) -> ModuleNotFoundError:
    """Return the error that tells how to get what is not installed.

    Parameters
    ----------
    room : str
        who needs it, ``bncourse.nn``
    module : str
        what it imports, ``torch``
    extra : str
        the extra of the package that brings it

    Returns
    -------
    ModuleNotFoundError
    """
    return ModuleNotFoundError(
        f"{room} needs {module}, which is not installed here: "
        f"`pip install 'bncourse[{extra}]'` brings it",
        name=module,
    )
