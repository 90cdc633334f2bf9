"""Metadata of a view in our own words, in those of schema.org and in DCAT: plain dicts, to be written as JSON."""

from collections.abc import Iterable

from flask import url_for

from mapsvc.formats.citation import Work, apa, bibtex, ris
from mapsvc.formats.description import Description
from mapsvc.formats.kinds import KINDS
from mapsvc.formats.sitemap import calendar_date
from mapsvc.model import MEMBERS, Dataset
from mapsvc.web.describing import file_url
from mapsvc.web.http import absolute
from mapsvc.web.language import with_query
from mapsvc.web.linked_data import Document, dataset_document

_IANA = "https://www.iana.org/assignments/media-types/"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def citations(work: Work) -> dict[str, str]:
    """Return how the data is cited, in each style."""
    return {"apa": apa(work), "bibtex": bibtex(work), "ris": ris(work)}


def own_metadata(about: Description, what: str, view: str) -> Document:
    """Return what a view is, as `metadata.json` has it.

    Parameters
    ----------
    what : str
        Of what it is: ``members``, ``countries``, ``gaps``, ``urban-centres``.
    view : str
        The canonical query of its files.
    """
    public = "" if about.address.startswith("/") else about.address
    work = Work(about.title, about.publisher, calendar_date(about.compiled), about.snapshot, public)
    document: Document = {
        "title": about.title,
        "publisher": {"name": about.publisher, "url": about.homepage},
        "licence": {"name": about.licence, "url": about.licence_url},
        "source": about.source,
        "compiled": about.compiled,
        "snapshot": about.snapshot,
        "query": about.query,
        "address": about.address,
        "completeness": about.completeness,
        "notes": list(about.notes),
        "numberOfFeatures": about.number_of_features,
        "citation": citations(work),
        "files": list(_files(what, view)),
    }
    if what == "members":
        document["columns"] = [
            {"name": one.name, "type": one.dtype, "nullable": one.nullable, "description": one.help}
            for one in MEMBERS.columns
        ]
    return document


def _files(what: str, view: str) -> Iterable[Document]:
    for one in KINDS.values():
        href = absolute(file_url(what, one.ending, view))
        yield {"format": one.title, "mediaType": one.media_type, "href": href}


def schema_document(dataset: Dataset, about: Description, view: str) -> Document:
    """Return a view as a Dataset of schema.org: every file is a distribution."""
    whole = dataset_document(dataset, about.title, dataset.network.tagline)
    document = whole | {
        "@id": about.address + "#dataset",
        "url": about.address,
        "version": about.snapshot,
        "creditText": about.citation,
        "distribution": [
            {"@type": "DataDownload", "name": f"{what}.{one.ending}", "contentUrl": absolute(file_url(what, one.ending, view)),
             "encodingFormat": one.media_type}
            for what in ("members", "countries") for one in KINDS.values()
        ],
    }  # fmt: skip
    if view:
        document["isPartOf"] = whole["@id"]
    return document


def dcat_document(dataset: Dataset, about: Description, view: str) -> Document:
    """Return a view as a Dataset of DCAT in JSON-LD: each distribution with where to read of it, and where to get it."""
    network = dataset.network
    document: Document = {
        "@context": _CONTEXT,
        "@id": about.address + "#dataset",
        "@type": "dcat:Dataset",
        "dct:title": about.title,
        "dct:description": " ".join(part for part in (network.tagline, network.completeness_note) if part),
        "dct:identifier": about.snapshot,
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": network.name},
        "dct:license": {"@id": network.licence_url} if network.licence_url else network.licence,
        "dct:bibliographicCitation": about.citation,
        "dct:provenance": {"@type": "dct:ProvenanceStatement", "dct:description": network.source_note},
        "dcat:landingPage": {"@id": about.address},
        "dcat:keyword": [theme.title for theme in network.themes],
        "dcat:distribution": [
            _distribution(what, ending, view) for what in ("members", "countries") for ending in KINDS
        ],
    }
    if day := calendar_date(network.compiled):
        kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(day)]
        document["dct:modified"] = {"@type": f"xsd:{kind}", "@value": day}
    return document


def _distribution(what: str, ending: str, view: str) -> Document:
    kind = KINDS[ending]
    return {
        "@type": "dcat:Distribution",
        "dct:title": f"{what}.{ending}",
        "dcat:accessURL": {"@id": absolute(with_query(url_for("pages.index"), view))},
        "dcat:downloadURL": {"@id": absolute(file_url(what, ending, view))},
        "dcat:mediaType": {"@id": _IANA + kind.media_type},
    }
