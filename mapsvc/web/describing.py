"""What data says of itself when it leaves: in files, as metadata, and as links in GeoJSON and in the head of an answer."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Response, url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.formats.citation import Work, apa
from mapsvc.formats.description import Description
from mapsvc.formats.kinds import KINDS
from mapsvc.formats.package import EARLIEST_YEAR
from mapsvc.formats.sitemap import calendar_date
from mapsvc.i18n import Language
from mapsvc.model import Dataset
from mapsvc.web.filtering import chips_of
from mapsvc.web.http import absolute
from mapsvc.web.language import with_query
from mapsvc.web.titles import value_titles

_ = str  # marks a text for the catalogue; the translation happens in `title_of`

# What can be had as files, by the first part of its address.
WHAT = {
    "members": _("Members"),
    "countries": _("Countries"),
    "gaps": _("Coverage gaps"),
    "urban-centres": _("Urban centres"),
}


def made_at(dataset: Dataset) -> datetime:
    """Return the day of the data for formats that carry a time: the same for equal data, whenever it is written."""
    known = calendar_date(dataset.network.compiled)
    day = (known + "-01-01")[:10] if known else ""
    return datetime.fromisoformat(day if day[:4] >= str(EARLIEST_YEAR) else f"{EARLIEST_YEAR}-01-01").replace(
        tzinfo=UTC
    )


def file_url(what: str, ending: str, view: str, **values: str | None) -> str:
    """Return the address of a view in a file format; `view` is its canonical query."""
    if ending == "geojson":
        endpoint = {"gaps": "gaps.as_geojson", "urban-centres": "gaps.urban_centres"}.get(what, f"api.{what}")
        return with_query(url_for(endpoint, **values), view)  # type: ignore[arg-type]
    if (what, ending) == ("gaps", "csv"):
        return with_query(url_for("gaps.as_csv", **values), view)  # type: ignore[arg-type]
    return with_query(url_for("files.file", what=what, ending=ending, **values), view)  # type: ignore[arg-type]


def view_title(dataset: Dataset, what: str, query: MapQuery, language: Language) -> str:
    """Return the title of a view of members or countries, narrowest first, as its page has it."""
    chips = chips_of(query, value_titles(dataset, language), language, address=lambda _query: "")
    return title_of(dataset, what, (chip.label for chip in chips), language)


def title_of(dataset: Dataset, what: str, labels: Iterable[str], language: Language) -> str:
    """Return a title: what the data is narrowed to, what it is of, and what the network calls its list."""
    network = dataset.network.in_language(language.tag)
    return " · ".join([*labels, language.gettext(WHAT[what]), network.title])


def work_of(dataset: Dataset, title: str, address: str) -> Work:
    """Return how a part of the data is cited; an address that is not a public one is left out."""
    network = dataset.network
    public = "" if address.startswith("/") else address
    return Work(title, network.name, calendar_date(network.compiled), dataset.fingerprint, public)


def description_of(  # noqa: PLR0917 – the facts that travel with a file
    dataset: Dataset, title: str, view: str, page: str, n_features: int, language: Language
) -> Description:
    """Return what a file says of itself.

    Parameters
    ----------
    view : str
        The canonical query.
    page : str
        The path of the page that shows it.
    """
    network, say = dataset.network.in_language(language.tag), language.gettext
    notes = [network.completeness_note, network.boundary_disclaimer]
    if dataset.uses_geonames:
        notes.append(f"{say('Places:')} GeoNames (CC BY 4.0)")
    if not dataset.own_boundaries:
        notes.append(f"{say('Boundaries:')} Natural Earth")
    address = absolute(with_query(page, view))
    return Description(
        title=title,
        publisher=network.name,
        homepage=network.homepage,
        licence=network.licence,
        licence_url=network.licence_url,
        source=network.source_note,
        compiled=network.compiled,
        snapshot=dataset.fingerprint,
        query=view,
        address=address,
        citation=apa(work_of(dataset, title, address)),
        completeness=network.completeness,
        notes=tuple(note for note in notes if note),
        number_of_features=n_features,
    )


def links_of(dataset: Dataset, what: str, view: str) -> list[dict[str, str]]:
    """Return the links of a FeatureCollection: itself, its licence, what describes it, and the same as files."""
    links = [
        {
            "rel": "self",
            "href": absolute(file_url(what, "geojson", view)),
            "type": KINDS["geojson"].media_type,
        },
        # Metadata is of members and countries; of coverage, that of the whole.
        *_about(dataset, view if what in {"members", "countries"} else ""),
    ]
    return links + [
        {"rel": "enclosure", "href": absolute(file_url(what, one.ending, view)), "type": one.media_type, "title": one.title}
        for one in KINDS.values() if one.ending != "geojson"
    ]  # fmt: skip


def _about(dataset: Dataset, view: str) -> list[dict[str, str]]:
    described = absolute(with_query(url_for("files.metadata"), view))
    links = [{"rel": "describedby", "href": described, "type": "application/json"}]
    if dataset.network.licence_url:
        links.insert(0, {"rel": "license", "href": dataset.network.licence_url, "type": "text/html"})
    return links


def with_links(response: Response, dataset: Dataset, view: str) -> Response:
    """Return an answer that says in its head under what licence it stands, and where it is described."""
    links = (f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in _about(dataset, view))
    response.headers["Link"] = ", ".join(links)
    return response
