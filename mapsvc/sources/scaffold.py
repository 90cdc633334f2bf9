"""An empty network: a folder with the files that it needs, which say themselves what goes where."""

import re
import unicodedata
from pathlib import Path

from mapsvc.errors import CannotCreate
from mapsvc.sources.durable import put_file, sole_writer

_NETWORK = """# What your network is called and what may be said of it. Lines that begin with # are notes; take the # off those you want.
# Another language is a file languages/<tag>.toml beside this one; the README of mapsvc says how.

id = "{id}" # in names of files: lower-case letters, digits and hyphens
name = "{name}" # in full
title = "{name} around the world" # above the map
# short_name = "{name}"
# tagline = "One sentence below the title."
# homepage = "https://example.org/"
contact = "https://example.org/" # where one writes to if a member is missing: a page, or mailto:info@example.org
# accent = "#0b7a75" # your colour
# default_language = "en"

licence = "CC BY 4.0" # what others may do with your list
# licence_url = "https://creativecommons.org/licenses/by/4.0/"

completeness = "complete" # or "partial", which every page then says, with the note
# completeness_note = "What is missing, and why."
compiled = "{today}" # when the list was made
# source_note = "Where the list comes from."
# boundary_disclaimer = "Boundaries and names imply no opinion on the legal status of any territory."

# snapshots_kept = 20 # of so many states of the list the files stay, see mapsvc history

# Regions are those of the United Nations, until you list your own:
# [[regions]]
# id = "africa"
# title = "Africa"
# countries = ["KE", "UG", "TZ"]

# Names of countries are those of the Unicode CLDR, but for these:
# [country_names]
# TR = "Türkiye"
"""
_THEMES = "group,group_title,id,title\n"
_MEMBERS = "id,name,type,country,admin1,population,since,until,status,themes,url,longitude,latitude,location_source,source_url\n"
_README = """# {name}

A network for mapsvc. Put your members into a table of any kind, with a column for the name and one for the country, and

    mapsvc import table.csv --data .
    mapsvc serve --data .

| file | what it holds |
| --- | --- |
| `network.toml` | what the network is called, its licence, regions, colour; each line says what it is |
| `themes.csv` | what members work on, a row for each theme: `group,group_title,id,title`; empty where there are no themes |
| `members.csv` | the members; written by `mapsvc import`, and may be edited by hand |
| `participation.csv` | if you have it, the evidence for themes: `member,member_name,country,programme,themes,source_url` |
| `member_areas.geojson` | if you have them, the boundaries of counties and regions, each with the id of its member: they cover what lies inside |
| `snapshots/` | what was published before; written by mapsvc, see `mapsvc history` |
"""


def make_network(folder: Path, today: str) -> tuple[Path, ...]:
    """Make an empty network in a folder that is new or empty.

    Parameters
    ----------
    today : str
        YYYY-MM-DD.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    CannotCreate
        Where something is there already, or the folder cannot be made.
    StorageFailure
        Where a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise CannotCreate(f"cannot be made: {error.strerror}", file=str(folder)) from error
    if not is_empty:
        raise CannotCreate("there is something in this folder", file=str(folder), hint="name a new one")
    name = " ".join(re.sub(r"[^\w ]|_", " ", folder.resolve().name).split()) or "Network"
    told = {"id": _slug(name), "name": name, "today": today}
    files = {
        "network.toml": _NETWORK.format(**told),
        "themes.csv": _THEMES,
        "members.csv": _MEMBERS,
        "README.md": _README.format(**told),
    }
    with sole_writer(folder):
        for path, text in files.items():
            put_file(text.encode(), folder / path)
    return tuple(folder / path for path in files)


def _slug(name: str) -> str:
    """Return a name as an identifier.

    Examples
    --------
    >>> _slug("Ría de Vigo 2"), _slug("灯台")
    ('ria-de-vigo-2', 'network')
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "network"
