"""One cell of text as a value, or the fault in it and the nearest valid value. Nothing is guessed."""

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

MAX_TEXT = 500
MAX_URL = 2_000
_MAX_POPULATION = 2_000_000_000
_MAX_LOOKUPS = 1_000
_MAX_COMPARISONS = 500_000


class Fault(NamedTuple):
    """What is wrong with a cell, and what it should perhaps be."""

    code: str
    message: str
    suggestion: str = ""


# Control characters, and surrogates that stand alone: neither can be shown or written. Marks of direction can.
UNPRINTABLE = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,15})?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]{1,3},[0-9]{1,15}")
_DMS = re.compile(
    r"(?P<deg>[0-9]{1,3})\s*[°º]\s*(?:(?P<min>[0-9]{1,2}(?:\.[0-9]+)?)\s*['’′]\s*)?"
    r"(?:(?P<sec>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:[\"”″]|'')\s*)?(?P<side>[NSEWOnsewo]?)"
)
_ISO_DATE = re.compile(r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[./ ]([0-9]{1,2})(?:[./ ]([0-9]{1,2}))?(?:[ T].*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ ,.'’\u00a0\u202f][0-9]{3})+")
_WEB = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def degrees(text: str, limit: int) -> float | Fault:
    """Return decimal degrees between -`limit` and `limit`, rounded to the seventh decimal.

    Examples
    --------
    >>> degrees("52.52", 90), degrees("52,52", 90).suggestion, degrees("13° 24' E", 180).suggestion
    (52.52, '52.52', '13.4')
    """
    if not _NUMBER.fullmatch(text):
        if _COMMA_NUMBER.fullmatch(text):
            return Fault("decimal-comma", f"{text} has a decimal comma", text.replace(",", "."))
        found = _DMS.fullmatch(text)
        if found:
            return Fault("degrees-minutes-seconds", f"{text} is not in decimal degrees", _decimal(found))
        return Fault(
            "not-a-number", f"{_short(text)} is not a number of degrees", "write decimal degrees, as 52.52"
        )
    value = float(text)
    if abs(value) > limit:
        return Fault("out-of-range", f"{text} is not between -{limit} and {limit}")
    return round(value, 7) + 0.0


def _decimal(found: re.Match[str]) -> str:
    value = float(found["deg"]) + float(found["min"] or 0) / 60 + float(found["sec"] or 0) / 3600
    # An O may be east in German and west in Spanish: no sign is suggested for it.
    sign = "-" if found["side"].upper() in {"S", "W"} else ""
    return f"{sign}{value:.5f}".rstrip("0").rstrip(".")


def population(text: str) -> int | Fault:
    """Return a number of inhabitants.

    Examples
    --------
    >>> population("76000"), population("1,247,327").suggestion
    (76000, '1247327')
    """
    if text.isascii() and text.isdigit() and len(text) <= 12:
        value = int(text)
        if 0 < value <= _MAX_POPULATION:
            return value
        return Fault(
            "bad-population", f"{text} is no number of inhabitants", "leave it empty if it is not known"
        )
    if _GROUPED.fullmatch(text):
        return Fault("bad-population", f"{text} has separators", re.sub(r"[^0-9]", "", text))
    if re.fullmatch(r"[0-9]+\.0*", text):
        return Fault("bad-population", f"{text} is not a whole number", text.partition(".")[0])
    return Fault("bad-population", f"{_short(text)} is not a whole number", "write digits only")


def day(text: str) -> str | Fault:
    """Return a date as it is written: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Examples
    --------
    >>> day("2007"), day("2007-11-27"), day("2007-02-30").code, day("27.11.2007").suggestion
    ('2007', '2007-11-27', 'impossible-date', '2007-11-27')
    """
    found = _ISO_DATE.fullmatch(text)
    if found:
        if _exists(found["y"], found["m"] or "1", found["d"] or "1"):
            return text
        return Fault("impossible-date", f"there is no {text}")
    parts: tuple[str, ...] = ()
    if found := _YEAR_FIRST.fullmatch(text):
        parts = tuple(part for part in found.groups() if part)
    elif found := _DAY_FIRST.fullmatch(text):
        parts = (found[3], found[2], found[1])
    suggestion = "-".join(part.zfill(2) for part in parts)
    if not parts or not _exists(*parts, *("1",) * (3 - len(parts))):
        suggestion = "write YYYY, YYYY-MM or YYYY-MM-DD"
    return Fault("impossible-date", f"{_short(text)} is not a date that can be told for certain", suggestion)


def _exists(year: str, month: str, day_: str) -> bool:
    try:
        return date(int(year), int(month), int(day_)).year >= 1000
    except ValueError:
        return False


def web_address(text: str) -> str | Fault:
    """Return an address that a browser may open: http or https, nothing else.

    Examples
    --------
    >>> web_address("https://example.org/"), web_address("javascript:alert(1)").code
    ('https://example.org/', 'bad-url')
    """
    if len(text) > MAX_URL:
        return Fault("bad-url", f"an address of {len(text):,} characters", f"use one of at most {MAX_URL:,}")
    if _WEB.fullmatch(text):
        return text
    guess = f"https://{text}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text) else ""
    return Fault("bad-url", f"{_short(text)} does not begin with http:// or https://", guess)


def name(text: str) -> str | Fault:
    """Return a name that leaves something to see.

    Examples
    --------
    >>> name("\u200b\u200b").code
    'missing'
    """
    if (text and text.isprintable()) or any(letter.isprintable() for letter in text):
        return text
    return Fault("missing", "a name of which nothing shows")


def source(text: str) -> str | Fault:
    """Return where something is stated: an address, or a ``urn:``, which names a document without an address."""
    if text[:4].lower() == "urn:" and len(text) <= MAX_URL and not re.search(r"\s", text):
        return text
    return web_address(text)


def one_of(valid: Collection[str]) -> Callable[[str], str | Fault]:
    """Return a check that a cell is one of `valid`.

    Examples
    --------
    >>> one_of(("city", "town"))("citty").suggestion
    'city'
    """
    near = Nearest(valid)

    def check(text: str) -> str | Fault:
        if text in valid:
            return text
        return Fault("unknown-value", f"{_short(text)} is not known", near(text))

    return check


def nearest(text: str, valid: Collection[str]) -> str:
    """Return the one of `valid` that is spelt most like `text`, or an empty string."""
    from rapidfuzz import process  # noqa: PLC0415 – slow to import, and needed where something is wrong only

    found = process.extractOne(
        text[:MAX_TEXT].casefold(), {one: one.casefold() for one in valid}, score_cutoff=60
    )
    return str(found[2]) if found else ""


class Nearest:
    """Looks for the nearest of `valid`: for each text once, and for no more texts than can be afforded.

    Examples
    --------
    >>> near = Nearest(("city", "town"))
    >>> near("citty"), near("citty")
    ('city', 'city')
    """

    def __init__(self, valid: Collection[str]) -> None:
        self._valid = valid
        self._found: dict[str, str] = {}
        # A file with nothing but faults has more of them than are listed, and than anyone reads.
        self._limit = max(1, min(_MAX_LOOKUPS, _MAX_COMPARISONS // max(1, len(valid))))

    def __call__(self, text: str) -> str:
        """Return the nearest, or an empty string; always that one once the limit is reached."""
        if text not in self._found and len(self._found) < self._limit:
            self._found[text] = nearest(text, self._valid)
        return self._found.get(text, "")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")
