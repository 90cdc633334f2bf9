"""The pages that go deeper: members, countries and themes one by one, all of them, and the members as a table."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, render_template, request, url_for

from mapsvc.analysis.queries import parse_map_query
from mapsvc.analysis.suggestions import nearest_ids
from mapsvc.analysis.tables import parse_table_query
from mapsvc.errors import NotFound
from mapsvc.web.assets import asset
from mapsvc.web.country_sheet import compose_countries, compose_country
from mapsvc.web.language import respond_page
from mapsvc.web.member_sheet import compose_member
from mapsvc.web.snapshot import Snapshot, snapshot
from mapsvc.web.table_sheet import compose_table
from mapsvc.web.theme_sheet import compose_theme, compose_themes, theme_ids

blueprint = Blueprint("profiles", __name__)


@blueprint.get("/members")
def table() -> Response:
    """Serve the members of a view as a table."""
    here = snapshot()
    arguments = list(request.args.items(multi=True))
    query = parse_map_query(arguments, here.dataset.network, here.dataset.countries.index, strict=False)
    order = parse_table_query(arguments)
    return respond_page(
        ("table", query, order), lambda: _page("table.html", compose_table(here, query, order))
    )


@blueprint.get("/members/<id>")
def member(id: str) -> Response:
    """Serve the page of a member."""
    here = snapshot()
    ids = here.dataset.members.index
    if id in ids:
        return respond_page(("member", id), lambda: _page("member.html", compose_member(here, id)))
    if id.casefold() in ids:
        return _moved(url_for(".member", id=id.casefold()))
    names = {str(one): str(name) for one, name in here.dataset.members["name"].items()}
    raise _nothing(here, lambda one: url_for(".member", id=one), id, names)


@blueprint.get("/countries")
def countries() -> Response:
    """Serve the page of all countries."""
    here = snapshot()
    return respond_page("countries", lambda: _page("index.html", compose_countries(here)))


@blueprint.get("/countries/<code>")
def country(code: str) -> Response:
    """Serve the page of a country."""
    here = snapshot()
    codes = here.dataset.countries.index
    if code in codes:
        return respond_page(("country", code), lambda: _country_page(here, code))
    if code.upper() in codes:
        return _moved(url_for(".country", code=code.upper()))
    by_iso3 = {str(iso_a3): str(one) for one, iso_a3 in here.dataset.countries["iso_a3"].items()}
    if code.upper() in by_iso3:
        return _moved(url_for(".country", code=by_iso3[code.upper()]))
    raise _nothing(here, lambda one: url_for(".country", code=one), code, here.titles["country"])


@blueprint.get("/themes")
def themes() -> Response:
    """Serve the page of all themes."""
    here = snapshot()
    return respond_page("themes", lambda: _page("index.html", compose_themes(here)))


@blueprint.get("/themes/<id>")
def theme(id: str) -> Response:
    """Serve the page of a theme or a theme group."""
    here = snapshot()
    ids = theme_ids(here.dataset.network)
    if id in ids:
        return respond_page(("theme", id), lambda: _page("theme.html", compose_theme(here, id)))
    if id.casefold() in ids:
        return _moved(url_for(".theme", id=id.casefold()))
    raise _nothing(
        here, lambda one: url_for(".theme", id=one), id, {one: here.titles["theme"][one] for one in ids}
    )


def _country_page(here: Snapshot, code: str) -> bytes:
    from mapsvc.web.gaps_country import compose_country_coverage  # noqa: PLC0415 – as in `gaps`: not at every start

    cover = compose_country_coverage(here, code)
    return render_template(
        "country.html", page=compose_country(here, code), cover=cover, asset=asset
    ).encode()


def _page(template: str, sheet: object) -> bytes:
    return render_template(template, page=sheet, asset=asset).encode()


def _moved(address: str) -> Response:
    """Lead to the one address of a page; `url_for` made it, so it is one of ours."""
    return Response("", 308, {"Location": address})


def _nothing(here: Snapshot, address: Callable[[str], str], given: str, names: Mapping[str, str]) -> NotFound:
    """Return the failure for an id that nobody has, with pages that may have been meant."""
    links = tuple((names[one], address(one)) for one in nearest_ids(given, names))
    return NotFound(here.language.gettext("There is no page of that name; it may have changed"), near=links)
