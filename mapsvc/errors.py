"""One class per failure, so that each is raised at the fault and mapped to an exit code or a status in one table.

Nothing of mapsvc is imported here. The class says what kind of failure it is; the message says what was found
and `hint` what to do about it. ``str(error)`` is the one line that the command line prints:
``FILE:ROW:COLUMN: what – what to do``.
"""

from __future__ import annotations


class MapsvcError(Exception):
    """A failure that mapsvc understands and can explain.

    Parameters
    ----------
    message : str
        What was found, safe to show to anyone.
    file, row, column : str, int or None, str
        Where it was found; whatever is known.
    hint : str
        What to do about it.

    Examples
    --------
    >>> str(MapsvcError("latitude 95 is out of range", file="m.csv", row=7, column="latitude", hint="use -90 to 90"))
    'm.csv:7:latitude: latitude 95 is out of range – use -90 to 90'
    """

    def __init__(
        self, message: str, *, file: str = "", row: int | None = None, column: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.row = row
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        """Return the error as one line, place first."""
        place = ":".join(part for part in (self.file, str(self.row or ""), self.column) if part)
        text = f"{self.message} – {self.hint}" if self.hint else self.message
        return f"{place}: {text}" if place else text


class BadData(MapsvcError):
    """The content of a file is not what it must be."""


class NoInput(MapsvcError):
    """A file or folder that was named is not there, or is not one that can be read."""


class CannotCreate(MapsvcError):
    """An output cannot be created where it was asked for."""


class StorageFailure(MapsvcError):
    """Writing failed half-way: the disk is full or broken. What was there before is still there."""


class Unavailable(MapsvcError):
    """Something outside that is needed, such as a port or a database, cannot be had."""


class Busy(MapsvcError):
    """Another writer holds the lock."""


class BadConfiguration(MapsvcError):
    """A setting, or the network's settings file, cannot be used as it stands."""


class BadQuery(MapsvcError):
    """A request parameter has a value that cannot be understood.

    `parameter` names it, `allowed` lists the nearest valid values where there are any.
    """

    def __init__(self, message: str, *, parameter: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=f"use {', '.join(allowed)}" if allowed else "")
        self.parameter = parameter
        self.allowed = allowed


class Overloaded(MapsvcError):
    """So much is being computed already that another one would have to wait too long."""


class NotAllowed(MapsvcError):
    """The operator has not allowed this for who asks."""


class NotOffered(MapsvcError):
    """What is asked for is understood, and is not done here."""


class NotFound(MapsvcError):
    """There is nothing at this address.

    `near` lists the title and path of pages that may have been meant, nearest first.
    """

    def __init__(self, message: str, *, near: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.near = near


class Gone(MapsvcError):
    """What was at this address belongs to data that has been replaced."""


class UnsafeText(MapsvcError):
    """A text that may hold data was about to enter a template of Folium or branca."""
