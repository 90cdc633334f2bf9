"""Languages: which fits a reader, its screen texts, its numbers, dates and order, and what countries are called in it.

A language has screen texts where there is ``translations/<locale>/LC_MESSAGES/messages.po``; English is the source and needs
none. The files are read as translators write them, when their language is first asked for: what a checkout, an editable
install and a wheel hold is the same, and nothing has to be compiled. No Flask here.
"""

import gettext
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

DOMAIN = "messages"
SOURCE_LANGUAGE = "en"
TRANSLATIONS = Path(__file__).resolve().parent / "translations"
# How a date is written, by how much of it is known.
_SKELETONS = {4: ("%Y", "y"), 7: ("%Y-%m", "yMMMM"), 10: ("%Y-%m-%d", "")}
_WRITTEN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
# A number of each plural category of any language is among these.
_SAMPLES = (1, 2, 0, *range(3, 201), 1_000_000)


@dataclass(frozen=True, eq=False)
class Language:
    """A language to answer in: there is one object for each, from `language`."""

    tag: str
    locale: Locale
    texts: gettext.NullTranslations

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return str(self.locale.text_direction)

    @property
    def own_name(self) -> str:
        """What its speakers call it, as in a list.

        Examples
        --------
        >>> language("fr").own_name, language("ko").own_name
        ('Français', '한국어')
        """
        name = str(self.locale.display_name)
        return name[:1].upper() + name[1:]

    def gettext(self, message: str) -> str:
        """Return one of our texts in this language."""
        return self.texts.gettext(message)

    def number(self, value: float) -> str:
        """Return a number as it is written in this language.

        Examples
        --------
        >>> language("en").number(1500), language("es").number(1500), language("pt").number(0.25)
        ('1,500', '1.500', '0,25')
        """
        return _decimal(value, self.locale)

    def rounded(self, value: float) -> str:
        """Return a number with three digits at least, and no more than it needs.

        Examples
        --------
        >>> language("en").rounded(1500), language("fr").rounded(0.0512), language("en").rounded(93.6154)
        ('1,500', '0,0512', '93.6')
        """
        short = value if abs(value) >= 100 else float(f"{value:.3g}")
        pattern = "#,##0.######" if abs(value) < 100 else "#,##0"
        return format_decimal(short, format=pattern, locale=self.locale)

    def share(self, value: float) -> str:
        r"""Return a share as a percentage with one decimal, small ones with two.

        Examples
        --------
        >>> language("en").share(0.1057), language("fr").share(0.004), language("en").share(1.0)
        ('10.6%', '0,4\xa0%', '100%')
        """
        pattern = self.locale.percent_formats[None].pattern.split(";")[0]
        digits = "0.#" if value >= 0.001 else "0.##"
        return format_percent(value, format=pattern.replace("0", digits, 1), locale=self.locale)

    def percent(self, share: float) -> str:
        r"""Return a share as a whole percentage.

        Examples
        --------
        >>> language("en").percent(0.25), language("fr").percent(0.25)
        ('25%', '25\xa0%')
        """
        return format_percent(share, locale=self.locale)

    def date(self, written: str) -> str:
        """Return a year, a month or a day as people write it; what is no date stays as it is.

        Examples
        --------
        >>> language("en").date("2026-11-23"), language("fr").date("2026-11-23"), language("ko").date("2026")
        ('November 23, 2026', '23 novembre 2026', '2026년')
        >>> language("es").date("2026-11"), language("en").date("soon")
        ('noviembre de 2026', 'soon')
        """
        if not _WRITTEN.fullmatch(written):
            return written
        pattern, skeleton = _SKELETONS[len(written)]
        try:
            day = datetime.strptime(written, pattern)  # noqa: DTZ007 – a day of the calendar, without a zone
        except ValueError:
            return written
        if skeleton:
            return str(format_skeleton(skeleton, day, tzinfo=None, locale=self.locale))
        return str(format_date(day, "long", locale=self.locale))

    def listed(self, items: Iterable[str]) -> str:
        """Return names in one line, parted as this language parts them.

        Examples
        --------
        >>> language("en").listed(["Air", "Water"]), language("ja").listed(["大気", "水"])
        ('Air, Water', '大気、水')
        """
        between = "{0}، {1}" if self.direction == "rtl" else self.locale.list_patterns["standard"]["middle"]
        return between.removeprefix("{0}").removesuffix("{1}").join(items)

    def order(self, text: str) -> bytes:
        """Return what to sort `text` by: accents and case aside; Chinese by its sound, as GB 18030 has it.

        Examples
        --------
        >>> sorted(["Zambie", "États-Unis", "Fidji"], key=language("fr").order)
        ['États-Unis', 'Fidji', 'Zambie']
        """
        return _order(text, is_chinese=self.locale.language == "zh")

    def plurals(self, singular: str, plural: str) -> dict[str, str]:
        """Return the forms of a text by the plural categories of the Unicode CLDR, for whoever counts elsewhere.

        Examples
        --------
        >>> language("en").plurals("%n member", "%n members")
        {'one': '%n member', 'other': '%n members'}
        """
        rule = self.locale.plural_form
        # Of the numbers of a category the first decides, so that English stands in well where there is no catalogue.
        numbers = {rule(n): n for n in reversed(_SAMPLES)}
        return {kind: self.texts.ngettext(singular, plural, n) for kind, n in sorted(numbers.items())}


@lru_cache(maxsize=4096)  # a page writes the same small numbers many times
def _decimal(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=16_384)  # each page sorts the same names
def _order(text: str, *, is_chinese: bool) -> bytes:
    apart = unicodedata.normalize("NFKD", text.casefold())
    base = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", base).encode("gb18030" if is_chinese else "utf-8")


@lru_cache(maxsize=256)
def language(tag: str) -> Language:
    """Return the language of a BCP 47 tag that `is_language` knows."""
    return Language(tag, Locale.parse(tag, sep="-"), _catalogue(tag))


def is_language(tag: str) -> bool:
    """Say whether `tag` is the BCP 47 tag of a language that the Unicode CLDR describes.

    Examples
    --------
    >>> is_language("pt-BR"), is_language("ar"), is_language("pt_BR"), is_language("xx")
    (True, True, False, False)
    """
    try:
        return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) is not None and bool(
            Locale.parse(tag, sep="-")
        )
    except (UnknownLocaleError, ValueError):
        return False


@lru_cache(maxsize=1)
def translated_languages() -> tuple[str, ...]:
    """Return the tags of the languages that have screen texts."""
    found = (path.parent.parent.name for path in TRANSLATIONS.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return (SOURCE_LANGUAGE, *sorted(name.replace("_", "-") for name in found))


def offered_languages(default: str, own: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that a network can be read in, by their own names.

    Its own come first: ours stand beside them, unless it speaks a regional form of one of them already.

    Examples
    --------
    >>> offered_languages("pt-BR", ["en", "de"])[:2]
    ('de', 'en')
    """
    return _offered(default, tuple(own))


@lru_cache(maxsize=64)
def _offered(default: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Sort them once: every answer asks for them."""
    tags = {default, *own}
    spoken = {primary(tag) for tag in tags}
    tags.update(tag for tag in translated_languages() if tag not in spoken)
    return tuple(sorted(tags, key=lambda tag: language(tag).own_name.casefold()))


def primary(tag: str) -> str:
    """Return the first part of a tag, which names the language itself."""
    return tag.lower().partition("-")[0]


def negotiate(wanted: Iterable[tuple[str, float]], offered: Sequence[str], default: str) -> str:
    """Return the offered language that fits best.

    Parameters
    ----------
    wanted : iterable of (str, float)
        Language ranges with their weights, as ``Accept-Language`` holds them (RFC 9110, 12.5.4); 0 refuses one.

    Examples
    --------
    >>> negotiate([("de", 1.0), ("pt-BR", 0.8), ("en", 0.5)], ["en", "pt"], "en")
    'pt'
    """
    ranges = sorted(wanted, key=lambda pair: -pair[1])
    refused = {name.lower() for name, weight in ranges if weight <= 0}
    left = [tag for tag in (default, *offered) if tag.lower() not in refused]
    for name, weight in ranges:
        found = left[0] if name == "*" and left else _lookup(name, left)
        if weight > 0 and found:
            return found
    return default


def _lookup(wanted: str, offered: Sequence[str]) -> str:
    """Return what RFC 4647 (3.4) finds: the range, shortened from its end; else any form of the same language."""
    by_name = {tag.lower(): tag for tag in offered}
    parts = wanted.lower().split("-")
    for end in range(len(parts), 0, -1):
        if found := by_name.get("-".join(parts[:end])):
            return found
    return next((tag for tag in offered if primary(tag) == parts[0]), "")


@lru_cache(maxsize=64)
def _catalogue(tag: str) -> gettext.NullTranslations:
    """Return the screen texts of a language; English where there is none."""
    for name in (tag.replace("-", "_"), primary(tag)):
        path = TRANSLATIONS / name / "LC_MESSAGES" / f"{DOMAIN}.po"
        if path.is_file():
            compiled = BytesIO()
            with path.open("rb") as stream:
                write_mo(compiled, read_po(stream))
            compiled.seek(0)
            return gettext.GNUTranslations(compiled)
    return gettext.NullTranslations()


def country_names(
    codes: Iterable[str], tag: str, policy: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return what each country is called in a language, sorted by code.

    The network's policy for that language comes first, then the Unicode CLDR, then the name in the boundary table.

    Examples
    --------
    >>> country_names(["KE", "TR"], "fr", {}, {})
    {'KE': 'Kenya', 'TR': 'Turquie'}
    >>> country_names(["TR"], "en", {"TR": "Türkiye"}, {})
    {'TR': 'Türkiye'}
    """
    territories = language(tag).locale.territories
    return {
        code: policy.get(code) or territories.get(code) or given.get(code) or code for code in sorted(codes)
    }


def open_graph_locale(tag: str) -> str:
    """Return the locale that Open Graph wants for a language: with the territory where most speak it.

    Examples
    --------
    >>> open_graph_locale("en"), open_graph_locale("ko")
    ('en_US', 'ko_KR')
    """
    locale = language(tag).locale
    likely = str(get_global("likely_subtags").get(locale.language, ""))
    territory = locale.territory or likely.rpartition("_")[2]
    return f"{locale.language}_{territory}" if territory else locale.language
