"""Work that keeps a core busy for long: a few at once, some more wait, and the others are asked to come again."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from mapsvc.errors import Overloaded


class Turns:
    """Lets a few work at once and some more wait, and sends the others away."""

    def __init__(self, working: int, waiting: int) -> None:
        self._places = BoundedSemaphore(working + waiting)
        self._working = BoundedSemaphore(working)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn.

        Raises
        ------
        Overloaded
            Where too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise Overloaded("too many pictures or files are being made")
        try:
            with self._working:
                yield
        finally:
            self._places.release()
