"""Who joined, left, is called otherwise, moved, or works on other themes, since a date: from the history, and from the members' own dates."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for

from mapsvc.analysis import fields
from mapsvc.analysis.dates import is_before
from mapsvc.errors import BadQuery
from mapsvc.formats import feed as formats
from mapsvc.formats.feed import Entry, Feed
from mapsvc.model import COUNTED_STATUS
from mapsvc.sources.snapshots import Generation
from mapsvc.web.asking import single_value
from mapsvc.web.http import absolute, respond, service
from mapsvc.web.language import PARAMETER, check_language, with_query
from mapsvc.web.snapshot import Snapshot, snapshot

SINCE = "since"
# Of a network of thousands all who ever joined would be megabytes; who wants older ones asks with an earlier end.
MAX_ENTRIES = 500
_NOTHING_YET = "1970-01-01T00:00:00Z"

_ = str  # marks a text for the catalogue; the translation happens in `_title`

TITLES = {
    "joined": _("%(name)s (%(country)s) joined"),
    "left": _("%(name)s (%(country)s) left"),
    "renamed": _("%(before)s (%(country)s) is now called %(name)s"),
    "moved": _("%(name)s (%(country)s) stands at another place on the map"),
    "themes": _("%(name)s (%(country)s) works on other themes"),
}


def respond_atom() -> Response:
    """Answer with the feed."""
    here, since = _asked()
    return respond(
        ("changes.atom", since, here.dataset.generation),
        lambda: formats.atom(*_composed(here, since, "changes.feed")),
        formats.ATOM_TYPE,
        public=True,
        language=here.language.tag,
    )


def respond_json() -> Response:
    """Answer with the same as JSON."""
    here, since = _asked()

    def make() -> bytes:
        feed, entries = _composed(here, since, "changes.as_json")
        about = {"since": since or None, "numberReturned": len(entries), "most": MAX_ENTRIES}
        return formats.as_json(feed, entries, about)

    return respond(
        ("changes.json", since, here.dataset.generation), make, formats.JSON_TYPE, public=True, language=here.language.tag
    )  # fmt: skip


def _asked() -> tuple[Snapshot, str]:
    check_language()
    arguments = list(request.args.items(multi=True))
    for name, _value in arguments:
        if name not in {SINCE, PARAMETER}:
            raise BadQuery(
                f"there is no parameter {name[:40]!r}", parameter=name[:40], allowed=(SINCE, PARAMETER)
            )
    since = single_value(arguments, SINCE).strip()
    if since and isinstance(fields.day(since), fields.Fault):
        raise BadQuery(
            f"{since[:40]!r} is not a date", parameter=SINCE, allowed=("YYYY", "YYYY-MM", "YYYY-MM-DD")
        )
    return snapshot(), since


def _composed(here: Snapshot, since: str, endpoint: str) -> tuple[Feed, tuple[Entry, ...]]:
    network = here.dataset.network
    found = [one for one in (*_seen(here), *_dated(here)) if not (since and is_before(one.date[:10], since))]
    # Of one moment, in the order of kind and name.
    found.sort(key=lambda one: (one.kind, one.name))
    found.sort(key=lambda one: one.moment, reverse=True)
    entries = tuple(found[:MAX_ENTRIES])
    feed = Feed(
        network.id,
        f"{network.title} · {here.language.gettext('Changes')}",
        network.name,
        network.licence,
        entries[0].moment if entries else _NOTHING_YET,
        absolute(with_query(url_for(endpoint), f"{SINCE}={since}" if since else "")),
        absolute(url_for("pages.index")),
        here.language.tag,
    )
    return feed, entries


def _generations(here: Snapshot) -> Iterator[Generation]:
    """Return the generations up to the one that the request is answered from."""
    last = int(here.dataset.generation.partition("-")[0] or 0)
    for one in service().store.running.history():
        if not last or one.number <= last:
            yield one


def _seen(here: Snapshot) -> Iterator[Entry]:
    """Return what the history says."""
    for generation in _generations(here):
        for change in generation.about.changes:
            yield _entry(here, change["kind"], generation.published, change, generation.id)


def _dated(here: Snapshot) -> Iterator[Entry]:
    """Return what the members' own dates say, where the history does not."""
    told = {(one.kind, one.member) for one in _seen(here)}
    columns = ("name", "country", "status", "since", "until")
    for id_, name, country, status, since, until in here.dataset.members[list(columns)].itertuples():
        member = {"id": str(id_), "name": str(name), "country": str(country)}
        if isinstance(since, str) and ("joined", id_) not in told and status in {COUNTED_STATUS, "former"}:
            yield _entry(here, "joined", since, member)
        if isinstance(until, str) and ("left", id_) not in told:
            yield _entry(here, "left", until, member)


def _entry(here: Snapshot, kind: str, date: str, change: Any, generation: str = "") -> Entry:  # noqa: ANN401 – a mapping, of this or another version
    country = here.country_name(change["country"])
    words = {"name": change["name"], "country": country, "before": change.get("before", "")}
    id_ = change["id"]
    is_there = id_ in here.dataset.members.index
    page = url_for("profiles.member", id=id_) if is_there else url_for("pages.index")
    return Entry(
        kind, date, id_, change["name"], change["country"], here.language.gettext(TITLES[kind]) % words, absolute(page),
        generation, change.get("before", ""), change.get("after", ""),
    )  # fmt: skip
