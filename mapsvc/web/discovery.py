"""What search engines look for: a sitemap of every page, and what they need not ask for."""

from flask import Blueprint, Response, url_for

from mapsvc.formats.sitemap import MEDIA_TYPE, sitemap
from mapsvc.web.http import absolute, respond, service
from mapsvc.web.language import address_versions
from mapsvc.web.snapshot import snapshot

blueprint = Blueprint("discovery", __name__)

# One filter is a page of its own; filters combined, sorted and paged are as many as the sand.
_ENDLESS = ("/*?*&", "/*?q=", "/*?sort=", "/*?p=", "/*?exact=")


@blueprint.get("/sitemap.xml")
def site_map() -> Response:
    """Serve the addresses of all pages; absolute ones need the setting of the public address."""
    here = snapshot()
    dataset = here.dataset

    def make() -> bytes:
        whole = [
            url_for(name)
            for name in (
                "pages.index",
                "pages.about",
                "files.page",
                "profiles.table",
                "profiles.countries",
                "profiles.themes",
                "gaps.page",
                "gaps.matrix_page",
                "gaps.next_page",
                "gaps.method_page",
                "quality.page",
            )
        ]
        groups = [group.id for group in dataset.network.groups]
        themes = dict.fromkeys([*groups, *dataset.network.theme_ids])
        pages = [
            *whole,
            *(url_for("profiles.theme", id=one) for one in themes),
            *(url_for("profiles.country", code=str(code)) for code in dataset.countries.index),
            *(url_for("profiles.member", id=one) for one in here.order),
        ]
        versions = {absolute(path): address_versions(path) for path in pages}
        return sitemap(versions, dataset.network.compiled, versions)

    return respond("sitemap", make, MEDIA_TYPE, public=True)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Serve what robots may ask for: everything but endless combinations of filters."""
    prefix = url_for("pages.index").partition("?")[0].rstrip("/")
    lines = ["User-agent: *", *(f"Disallow: {prefix}{one}" for one in _ENDLESS), "Allow: /"]
    if service().base_url:
        lines += ["", f"Sitemap: {absolute(url_for('discovery.site_map').partition('?')[0])}"]
    return respond("robots", ("\n".join(lines) + "\n").encode, "text/plain", public=True)
