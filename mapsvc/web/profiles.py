"""The pages that go deeper: members, countries and themes one by one, all of them, and the members as a table."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from flask import Blueprint, Response, render_template, request, url_for

from mapsvc.analysis.queries import parse_map_query
from mapsvc.analysis.suggestions import nearest_ids
from mapsvc.analysis.tables import parse_table_query
from mapsvc.errors import NotFound
from mapsvc.web.assets import asset
from mapsvc.web.country_sheet import compose_countries, compose_country
from mapsvc.web.http import absolute
from mapsvc.web.language import respond_page, with_query
from mapsvc.web.member_sheet import compose_member
from mapsvc.web.sharing import oembed_links, with_oembed_header
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
    address = with_query(url_for(".table"), query.canonical())
    return _pasted(("table", query, order), "table.html", lambda: compose_table(here, query, order), address)


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
        key, address = ("country", code), url_for(".country", code=code)
        return _pasted(
            key,
            "country.html",
            lambda: compose_country(here, code),
            address,
            cover=lambda: _cover(here, code),
        )
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
        key, address = ("theme", id), url_for(".theme", id=id)
        return _pasted(key, "theme.html", lambda: compose_theme(here, id), address)
    if id.casefold() in ids:
        return _moved(url_for(".theme", id=id.casefold()))
    raise _nothing(
        here, lambda one: url_for(".theme", id=one), id, {one: here.titles["theme"][one] for one in ids}
    )


def _page(template: str, sheet: object, oembed: Sequence[tuple[str, str]] = (), **more: object) -> bytes:
    return render_template(template, page=sheet, asset=asset, oembed=oembed, **more).encode()


def _pasted(
    key: Hashable,
    template: str,
    compose: Callable[[], object],
    address: str,
    **more: Callable[[], object],
) -> Response:
    """Serve a page whose address may be pasted into an editor: it leads to the frame of the same members."""
    whole = absolute(address)
    links = oembed_links(whole)

    def make() -> bytes:
        return _page(
            template, compose(), links, **{name: compose_more() for name, compose_more in more.items()}
        )

    return with_oembed_header(respond_page(key, make), whole)


def _cover(here: Snapshot, code: str) -> object:
    from mapsvc.web.gaps_country import compose_country_coverage  # noqa: PLC0415 – as in `gaps`: not at every start

    return compose_country_coverage(here, code)


def _moved(address: str) -> Response:
    """Lead to the one address of a page; `url_for` made it, so it is one of ours."""
    return Response("", 308, {"Location": address})


def _nothing(here: Snapshot, address: Callable[[str], str], given: str, names: Mapping[str, str]) -> NotFound:
    """Return the failure for an id that nobody has, with pages that may have been meant."""
    links = tuple((names[one], address(one)) for one in nearest_ids(given, names))
    return NotFound(here.language.gettext("There is no page of that name; it may have changed"), near=links)
