"""Text that a spreadsheet would run as a formula: the mark that disarms it, and how the mark comes off again."""

import re

# What spreadsheets take for the start of a formula, plain and in full width; the tab and the return hide one.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_FIRST = frozenset("'=+-@\t\r＝＋－＠")
_MARKED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def disarm(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and does not run it. `rearm` gives back exactly `text`.

    Only for cells that hold text: a number may begin with a minus.

    Examples
    --------
    >>> disarm("=1+1"), disarm("Merri-bek"), rearm(disarm("'=1+1"))
    ("'=1+1", 'Merri-bek', "'=1+1")
    """
    return f"'{text}" if text[:1] in _FIRST and _FORMULA.match(text) else text


def disarmed(texts: list[str]) -> list[str]:
    """Return `disarm(text)` of each; the same list where nothing is to be done, which the first letters tell.

    Examples
    --------
    >>> disarmed(["Lyon", "=1+1"])
    ['Lyon', "'=1+1"]
    """
    if _FIRST.isdisjoint({text[:1] for text in texts}):
        return texts
    return [disarm(text) if text[:1] in _FIRST else text for text in texts]


def rearm(text: str) -> str:
    """Return `text` without the mark that `disarm` put there.

    Examples
    --------
    >>> rearm("'=1+1"), rearm("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return text[1:] if _MARKED.match(text) else text
