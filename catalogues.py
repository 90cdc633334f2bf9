"""The catalogues of screen texts: says what is missing or wrong in them, or, with --update, brings them up to date.

Texts are marked in the templates with ``_()`` and ``ngettext()``, in Python with ``_()``, ``_n()`` and ``gettext()``. An update adds
what is new, empty, and takes out what is gone; it never guesses a translation.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent
TRANSLATIONS = ROOT / "mapsvc" / "translations"
SOURCES = (("mapsvc", [("**.py", "python")]), ("templates", [("**.html", "jinja2")]))
KEYWORDS = {"_": None, "gettext": None, "say": None, "ngettext": (1, 2), "_n": (1, 2)}
# What stands for a value: %(name)s in templates and Python, %n and %p in the texts of the map.
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%[np]|%%")
_WIDTH = 110
# Lines of the header that say nothing, or change with every update.
_IDLE = (
    '"Project-Id',
    '"Report-Msgid',
    '"POT-Creation',
    '"PO-Revision',
    '"Last-Tr',
    '"Language-Team',
    '"Generated-By',
)


def extract() -> Catalog:
    """Return every text that is marked, with the comments that are meant for translators."""
    found = Catalog(project="mapsvc", charset="utf-8")
    for folder, methods in SOURCES:
        for name, _, message, comments, _ in extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments)
    return found


def findings(catalogue: Catalog, wanted: Catalog, n_plurals: int) -> Iterator[str]:
    """Yield what is missing or wrong in a catalogue, one line each.

    Parameters
    ----------
    wanted : Catalog
        What the sources hold.
    n_plurals : int
        How many forms the language needs.
    """
    if catalogue.num_plurals != n_plurals:
        yield f"has {catalogue.num_plurals} plural forms where the language has {n_plurals}"
    if catalogue.fuzzy:
        yield "is marked as fuzzy as a whole"
    for gone in catalogue.obsolete:
        yield f"holds an obsolete text: {_short(gone)}"
    known = {message.id for message in wanted if message.id}
    for message in catalogue:
        if message.id and message.id not in known:
            yield f"holds a text that is not used: {_short(message.id)}"
    for message in wanted:
        if message.id:
            yield from _of_message(message, catalogue.get(message.id), n_plurals)


def _of_message(wanted: Message, found: Message | None, n_plurals: int) -> Iterator[str]:
    name = _short(wanted.id)
    if found is None:
        yield f"lacks {name}"
        return
    if found.fuzzy:
        yield f"is not sure of {name}"
    if isinstance(wanted.id, str) != isinstance(found.id, str):
        yield f"counts where the source does not, or the other way round: {name}"
        return
    forms = found.string if isinstance(found.string, list | tuple) else (found.string,)
    if not all(forms):
        yield f"leaves {name} empty"
        return
    if not isinstance(wanted.id, str) and len(forms) != n_plurals:
        yield f"has {len(forms)} forms of {name} instead of {n_plurals}"
    sources = (wanted.id,) if isinstance(wanted.id, str) else wanted.id
    allowed = [sorted(_PLACEHOLDER.findall(source)) for source in sources]
    for form in filter(None, forms):
        if sorted(_PLACEHOLDER.findall(form)) not in allowed:
            yield f"has other placeholders in {name}: {form!r}"


def _short(message: str | list[str] | tuple[str, ...]) -> str:
    return repr((message if isinstance(message, str) else message[0])[:60])


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def plurals_of(locale: str) -> int:
    """Return how many forms gettext has in a language: the usual ones, without the millions of CLDR."""
    return Catalog(locale=locale).num_plurals


def update(path: Path, wanted: Catalog) -> None:
    """Add what is new to a catalogue, and take out what is gone."""
    catalogue = read(path)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    written = BytesIO()
    write_po(written, catalogue, width=_WIDTH, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(_IDLE)), encoding="utf-8")


def main() -> int:
    """Check the catalogues, or update them; the exit code says whether something is to be done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--update", action="store_true", help="write new texts into them, and take out old ones"
    )
    wanted = extract()
    paths = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
    if parser.parse_args().update:
        for path in paths:
            update(path, wanted)
    wrong = [
        f"{path.relative_to(ROOT)} {finding}"
        for path in paths
        for finding in findings(read(path), wanted, plurals_of(path.parent.parent.name))
    ]
    for line in wrong:
        sys.stderr.write(line + "\n")
    sys.stdout.write(f"{len(paths)} catalogues of {len(wanted)} texts: {len(wrong)} findings\n")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
