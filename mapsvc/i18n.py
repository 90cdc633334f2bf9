"""Which language, its catalogue, and what countries are called in it. No Flask here.

A language is a folder ``translations/<locale>/LC_MESSAGES`` with a ``messages.mo``; English is the source.
"""

import gettext
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

DOMAIN = "messages"
SOURCE_LANGUAGE = "en"
_TRANSLATIONS = Path(__file__).resolve().parent / "translations"


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the screen texts of a language; English where there is none."""
    return gettext.translation(DOMAIN, _TRANSLATIONS, [language], fallback=True)


def country_names(
    codes: Iterable[str], language: str, policy: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return what each country is called, sorted by code.

    The network's own policy comes first (it is written in the network's language, so it holds for every
    language that has no name of its own), then the Unicode CLDR, then the name in the boundary table.

    Examples
    --------
    >>> country_names(["KE", "TR"], "fr", {}, {})
    {'KE': 'Kenya', 'TR': 'Turquie'}
    >>> country_names(["TR"], "en", {"TR": "Türkiye"}, {})
    {'TR': 'Türkiye'}
    """
    territories = Locale.parse(language, sep="-").territories
    names = {}
    for code in sorted(codes):
        own = policy.get(code) if language == SOURCE_LANGUAGE else None
        names[code] = own or territories.get(code) or given.get(code) or code
    return names


def date_text(written: str, language: str) -> str:
    """Return a date as people write it; what is less than a day, or no date, stays as it is.

    Examples
    --------
    >>> date_text("2026-11-23", "en"), date_text("2026-11-23", "fr"), date_text("2026-11", "en")
    ('November 23, 2026', '23 novembre 2026', '2026-11')
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
        return written
    return str(format_date(date.fromisoformat(written), "long", locale=Locale.parse(language, sep="-")))


def number_text(value: float, language: str) -> str:
    """Return a number as people write it, with three digits at least, and no more than it needs.

    Examples
    --------
    >>> number_text(1500, "en"), number_text(0.0512, "fr"), number_text(93.6154, "en")
    ('1,500', '0,0512', '93.6')
    """
    short = value if abs(value) >= 100 else float(f"{value:.3g}")
    pattern = "#,##0.######" if abs(value) < 100 else "#,##0"
    return str(format_decimal(short, format=pattern, locale=Locale.parse(language, sep="-")))
