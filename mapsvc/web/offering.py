"""The files that a view can be had in, as pages offer them: format, about how large, and what each is good for."""

from collections.abc import Iterator

from flask import url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.formats.kinds import KINDS, Kind
from mapsvc.formats.sizes import about_bytes
from mapsvc.i18n import Language
from mapsvc.web.describing import file_url
from mapsvc.web.language import with_query
from mapsvc.web.views import Download, FileChoice, Offer

_ = str  # marks a text for the catalogue; the translation happens in `offer_of`

GOOD_FOR = {
    "geojson": _("for web maps, and for every program that knows maps"),
    "csv": _("for any spreadsheet or statistics program"),
    "xlsx": _("for Excel and LibreOffice, with a sheet that says the source"),
    "gpkg": _("for QGIS and ArcGIS"),
    "fgb": _("for GIS, fast where there is much"),
    "kml": _("for Google Earth"),
    "parquet": _("for Python, R and DuckDB"),
    "zip": _("CSV and GeoJSON with licence, citation and metadata"),
}


def offer_of(query: MapQuery, n_members: int, language: Language) -> Offer:
    """Return the files of a view of so many members."""
    view = query.canonical()
    members = tuple(
        FileChoice(
            one.ending,
            one.title,
            with_query(address, view, "dl=1"),
            size_text(about_bytes(one.ending, n_members), language),
            language.gettext(GOOD_FOR[one.ending]),
        )
        for one, address in _addresses("members")
    )
    countries = tuple(
        Download(one.title, with_query(address, view, "dl=1"), "") for one, address in _addresses("countries")
    )
    return Offer(members, countries, with_query(url_for("files.page"), view))


def size_text(n_bytes: int, language: Language) -> str:
    """Return a size as it is said in a language."""
    if n_bytes >= 1_000_000:
        return language.gettext("about %(size)s MB") % {"size": language.number(n_bytes / 1_000_000)}
    return language.gettext("about %(size)s kB") % {"size": language.number(max(n_bytes / 1_000, 0.1))}


def _addresses(what: str) -> Iterator[tuple[Kind, str]]:
    # One look-up for all of them: a page offers them whenever it is drawn.
    first = file_url(what, "csv", "")
    for one in KINDS.values():
        yield one, first.replace(f"/{what}.csv", f"/{what}.{one.ending}", 1)
