"""What changed, as an Atom feed (RFC 4287) and as JSON: the same entries, newest first."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

ATOM_TYPE, JSON_TYPE = "application/atom+xml", "application/json"
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Entry:
    """One change of one member.

    Attributes
    ----------
    kind : str
        ``joined``, ``left``, ``renamed``, ``moved`` or ``themes``.
    date : str
        When, as it is known: YYYY, YYYY-MM, YYYY-MM-DD, or the moment of a publication (ISO 8601, UTC).
    generation : str
        In which generation of the history it was seen; empty where the member's own dates say it.
    title, href : str
        The change in words, and where the member is shown.
    """

    kind: str
    date: str
    member: str
    name: str
    country: str
    title: str
    href: str
    generation: str = ""
    before: str = ""
    after: str = ""

    def urn(self, network: str) -> str:
        """Return an identifier that stays the same for the same change."""
        what = f"{network}/{self.kind}/{self.member}/{self.generation or self.date}"
        return uuid5(NAMESPACE_URL, what).urn

    @property
    def moment(self) -> str:
        """The date as Atom wants it: of a year or a month, the beginning."""
        return self.date if "T" in self.date else f"{(self.date + '-01-01')[:10]}T00:00:00Z"


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself."""

    network: str
    title: str
    author: str
    licence: str
    updated: str
    self_url: str
    page_url: str
    language: str


def atom(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """Return a feed as Atom.

    Examples
    --------
    >>> feed = Feed("x", "Changes", "X", "CC0", "2026-01-01T00:00:00Z", "/changes.atom", "/", "en")
    >>> entry = Entry("joined", "2026", "a", "A", "AA", "A joined", "/members/a")
    >>> b"<updated>2026-01-01T00:00:00Z</updated>" in atom(feed, [entry])
    True
    """
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", uuid5(NAMESPACE_URL, f"{feed.network}/changes").urn)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated)
    _add(root, "rights", feed.licence)
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type=ATOM_TYPE, href=feed.self_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page_url)
    for one in entries:
        entry = _add(root, "entry")
        _add(entry, "id", one.urn(feed.network))
        _add(entry, "title", one.title)
        _add(entry, "updated", one.moment)
        _add(entry, "link", rel="alternate", type="text/html", href=one.href)
        _add(entry, "category", term=one.kind)
        _add(entry, "content", one.title, type="text")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    one = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        one.text = text
    return one


def as_json(feed: Feed, entries: Iterable[Entry], about: Mapping[str, object]) -> bytes:
    """Return the same as JSON."""
    changes = [
        {
            "id": one.urn(feed.network),
            "kind": one.kind,
            "date": one.date,
            "member": one.member,
            "name": one.name,
            "country": one.country,
            "before": one.before or None,
            "after": one.after or None,
            "snapshot": one.generation or None,
            "title": one.title,
            "href": one.href,
        }
        for one in entries
    ]
    body = {"title": feed.title, "updated": feed.updated, **about, "changes": changes}
    return json.dumps(body, ensure_ascii=False).encode()
