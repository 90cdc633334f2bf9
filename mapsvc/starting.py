"""Starting without the garbage collector: what is imported and loaded then stays as long as the process."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage in the block, and never again among what it left.

    Importing the libraries and loading a network makes a million objects that stay. The collector would walk
    through all of them again and again, for a quarter of the whole start, and find nothing.

    Examples
    --------
    >>> with uncollected():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
