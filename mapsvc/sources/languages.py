"""`languages/<tag>.toml`: what a network says of itself in one more language. A language is added by adding its file."""

import re
from collections.abc import Mapping
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any

from mapsvc.errors import BadConfiguration, NoInput
from mapsvc.i18n import is_language
from mapsvc.model import Network, NetworkTexts
from mapsvc.sources.toml import note, read_toml, refuse_unknown, text

_CODE = re.compile(r"[A-Z]{2}")
FOLDER = "languages"
MAX_LANGUAGES = 100
_TEXTS = ("name", "short_name", "title")
_NOTES = ("tagline", "completeness_note", "source_note", "boundary_disclaimer")
_TABLES = ("themes", "theme_groups", "regions", "country_names")


def language_files(folder: Path) -> list[Path]:
    """Return the files of a network's further languages, in order; none where it has no such folder.

    Raises
    ------
    NoInput
        Where something else has the folder's name, or it cannot be looked at.
    """
    try:
        return sorted(path for path in (folder / FOLDER).iterdir() if path.suffix == ".toml")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise NoInput(f"it cannot be read: {error.strerror}", file=FOLDER) from error


def read_languages(folder: Path, network: Network) -> dict[str, NetworkTexts]:
    """Read what a network says in its further languages.

    Parameters
    ----------
    network : Network
        In its own language; it says which themes, groups and regions there are.

    Returns
    -------
    dict of str to NetworkTexts
        By the tag of the language, which is the name of the file.

    Raises
    ------
    BadConfiguration, NoInput
        Naming the file and the key.
    """
    files = language_files(folder)
    if len(files) > MAX_LANGUAGES:
        raise BadConfiguration(f"more than {MAX_LANGUAGES} languages", file=FOLDER)
    known = {
        "themes": network.theme_ids,
        "theme_groups": tuple(group.id for group in network.groups),
        "regions": tuple(region.id for region in network.regions),
    }
    found = {}
    for path in files:
        file = f"{FOLDER}/{path.name}"
        if not is_language(path.stem):
            raise BadConfiguration(
                f"{path.stem[:40]!r} is not the tag of a language", file=file, hint="name it as in fr.toml"
            )
        if path.stem == network.default_language:
            raise BadConfiguration(
                "this is the network's own language", file=file, hint="write its texts in network.toml"
            )
        found[path.stem] = _texts(read_toml(path, file), file, known)
    return found


def _texts(table: Mapping[str, Any], file: str, known: Mapping[str, tuple[str, ...]]) -> NetworkTexts:
    refuse_unknown(table, (one.name for one in fields_of(NetworkTexts)), file)
    texts = {key: text(table.get(key, ""), key, file, needed=False) for key in _TEXTS}
    notes = {key: note(table.get(key, ""), key, file) for key in _NOTES}
    tables = {key: _titles(table.get(key, {}), key, file, known.get(key)) for key in _TABLES}
    return NetworkTexts(**texts, **notes, **tables)  # type: ignore[arg-type]


def _titles(stated: object, key: str, file: str, known: tuple[str, ...] | None) -> dict[str, str]:
    """Return titles by id; which countries there are is for the boundaries to say, so any code will do."""
    if not isinstance(stated, dict):
        raise BadConfiguration(
            f"{key!r} must be a table", file=file, column=key, hint=f"begin it with [{key}]"
        )
    for id_ in stated:
        if not (_CODE.fullmatch(id_) if known is None else id_ in known):
            raise BadConfiguration(
                f"there is no {id_[:80]!r} among the {key.replace('_', ' ')}", file=file, column=key,
                hint=f"known are {', '.join(known)}" if known else "use two capital letters as in ISO 3166-1",
            )  # fmt: skip
    return {id_: text(title, f"{key}.{id_}", file) for id_, title in stated.items()}
