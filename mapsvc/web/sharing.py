"""What is given away of a view: its link, the code that puts it into another site, its pictures and files."""

from html import escape
from urllib.parse import quote

from flask import Response, url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.i18n import Language
from mapsvc.maps.view import PRESETS
from mapsvc.sites import EVERYBODY
from mapsvc.web.embed_options import EmbedOptions
from mapsvc.web.frames import FrameCode, Sharing
from mapsvc.web.http import absolute, service
from mapsvc.web.language import with_query
from mapsvc.web.titles import page_url
from mapsvc.web.views import Download, MapPage

_ = str  # marks a text for the catalogue; the translation happens in `pictures_of`

PICTURE_TITLES = {
    "og": _("Wide, %(width)s × %(height)s"),
    "square": _("Square, %(width)s × %(height)s"),
    "a4": _("A4, for print"),
}


def compose_sharing(page: MapPage, query: MapQuery, language: Language) -> Sharing:
    """Return what the share panel of a map page gives away, of exactly its view."""
    allowed = service().embed_allow
    code = FrameCode(page.picture.title, embed_url(query, EmbedOptions()), absolute(page_url(query)))
    return Sharing(
        link=absolute(page_url(query)),
        code=frame_html(code) if allowed else "",
        sites=() if EVERYBODY in allowed else allowed,
        builder_url="",
        oembed=oembed_links(absolute(page_url(query))),
        pictures=pictures_of(query, language),
        # The picture is there already, in three sizes.
        files=tuple(
            one
            for one in page.downloads
            if not one.href.startswith(url_for("pictures.png").partition("?")[0])
        ),
    )


def embed_url(query: MapQuery, options: EmbedOptions, camera: str = "", language: str = "") -> str:
    """Return the public address of the frame of a view; `language` replaces that of the request."""
    own = {"lang": language} if language else {}
    address = with_query(url_for("embed.embed", **own), query.canonical(), options.canonical())  # type: ignore[arg-type]
    return absolute(address) + (f"#{camera}" if camera else "")


def pictures_of(query: MapQuery, language: Language) -> tuple[Download, ...]:
    """Return the pictures of a view in each of the preset sizes."""
    return tuple(
        Download(
            language.gettext(title) % {"width": PRESETS[name].width, "height": PRESETS[name].height},
            absolute(with_query(url_for("pictures.png"), query.canonical(), f"size={name}")),
            "",
        )
        for name, title in PICTURE_TITLES.items()
    )


def frame_html(code: FrameCode) -> str:
    """Return the markup that shows the map in a page, with a plain link for where frames are not shown."""
    fixed = f' width="{code.width}"' if code.width else ""
    style = "max-width:100%" if code.width else "width:0;min-width:100%!important"
    frame = (
        f'<iframe title="{escape(code.title)}" src="{escape(code.src)}" loading="lazy"{fixed} height="{code.height}" '
        f'style="{style};border:none" allowfullscreen referrerpolicy="strict-origin-when-cross-origin"></iframe>'
    )
    return frame if code.width else f'{frame}\n<p><a href="{escape(code.link)}">{escape(code.title)}</a></p>'


def oembed_links(address: str) -> tuple[tuple[str, str], ...]:
    """Return where editors find how to embed a public address: media type and address, JSON first."""
    here = service()
    if not (here.base_url and here.embed_allow):
        return ()
    return tuple(
        (
            media_type,
            absolute(
                with_query(
                    url_for("oembed.oembed", lang=None), f"format={kind}", f"url={quote(address, safe='')}"
                )
            ),
        )
        for kind, media_type in (("json", "application/json+oembed"), ("xml", "text/xml+oembed"))
    )


def with_oembed_header(response: Response, address: str) -> Response:
    """Return the answer with the same links in its head, for those who do not read HTML."""
    for media_type, href in oembed_links(address):
        response.headers.add("Link", f'<{href}>; rel="alternate"; type="{media_type}"')
    return response
