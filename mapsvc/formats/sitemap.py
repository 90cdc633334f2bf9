"""A sitemap as sitemaps.org has it: every page with the date of the data, and its versions in other languages."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE = "application/xml"
# The protocol's limit for one file.
MAX_ADDRESSES = 50_000
_ALL = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def calendar_date(written: str) -> str:
    """Return `written` where it is a year, a month or a day of the calendar; else nothing.

    Examples
    --------
    >>> calendar_date("2026-11-23"), calendar_date("2026"), calendar_date("2026-02-31"), calendar_date("soon")
    ('2026-11-23', '2026', '', '')
    """
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", written):
        return ""
    try:
        date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return ""
    return written


def sitemap(
    addresses: Iterable[str], modified: str, versions: Mapping[str, Mapping[str, str]] | None = None
) -> bytes:
    """Return the XML of a sitemap.

    Parameters
    ----------
    addresses : iterable of str
        The absolute address of every page, the most important first: beyond `MAX_ADDRESSES` they are left out.
    modified : str
        When the data was compiled; what is no date is not said.
    versions : mapping, optional
        For each address, its versions by language tag (``x-default`` among them).

    Examples
    --------
    >>> b"<loc>https://a.example/?x=1&amp;y</loc>" in sitemap(["https://a.example/?x=1&y"], "2026")
    True
    """
    when = calendar_date(modified)
    lastmod = f"<lastmod>{when}</lastmod>" if when else ""
    rows = []
    for address in list(addresses)[:MAX_ADDRESSES]:
        others = (versions or {}).get(address, {})
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(href)}/>'
            for tag, href in others.items()
        )
        rows.append(f"<url><loc>{escape(address)}</loc>{lastmod}{links}</url>\n")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_ALL}>\n{"".join(rows)}</urlset>\n'.encode()
