"""What is given away of a view: its link, the code that puts it into another site, its pictures and files."""

import re
from base64 import b64encode
from hashlib import sha384
from html import escape
from urllib.parse import quote

from flask import Response, url_for

from mapsvc.analysis.queries import MapQuery
from mapsvc.i18n import Language
from mapsvc.maps.view import PRESETS
from mapsvc.sites import EVERYBODY
from mapsvc.web.assets import content
from mapsvc.web.embed_options import EmbedOptions
from mapsvc.web.frames import FrameCode, Sharing
from mapsvc.web.http import absolute, service
from mapsvc.web.language import asked_language, with_query
from mapsvc.web.titles import page_url
from mapsvc.web.views import Download, MapPage

COMPONENT = "js/member-map.js"

_ = str  # marks a text for the catalogue; the translation happens in `pictures_of`

PICTURE_TITLES = {
    "og": _("Wide, %(width)s × %(height)s"),
    "square": _("Square, %(width)s × %(height)s"),
    "a4": _("A4, for print"),
}


def compose_sharing(page: MapPage, query: MapQuery, language: Language) -> Sharing:
    """Return what the share panel of a map page gives away, of exactly its view."""
    allowed = service().embed_allow
    speaks = f"speaks={asked_language()}" if asked_language() else ""
    code = FrameCode(page.picture.title, embed_url(query, EmbedOptions()), absolute(page_url(query)))
    return Sharing(
        link=absolute(page_url(query)),
        code=frame_html(code) if allowed else "",
        sites=() if EVERYBODY in allowed else allowed,
        builder_url=with_query(url_for("builder.builder"), query.canonical(), speaks),
        oembed=oembed_links(absolute(page_url(query))),
        pictures=pictures_of(query, language),
        # The picture is there already, in three sizes.
        files=tuple(
            one
            for one in page.downloads
            if not one.href.startswith(url_for("pictures.png").partition("?")[0])
        ),
    )


def embed_url(query: MapQuery, options: EmbedOptions, camera: str = "", **spoken: str | None) -> str:
    """Return the public address of the frame of a view.

    In the language that the request asked for, unless `lang` says another one, or none: then in the visitor's.
    """
    address = url_for("embed.embed", **spoken)  # type: ignore[arg-type]
    whole = absolute(with_query(address, query.canonical(), options.canonical()))
    return f"{whole}#{camera}" if camera else whole


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
    size = f'width="{code.width}" ' if code.width else ""
    size += f'height="{code.height}" ' if not code.ratio else ""
    style = "max-width:100%" if code.width else "width:0;min-width:100%!important"
    style += f";aspect-ratio:{code.ratio}" if code.ratio else ""
    frame = (
        f'<iframe title="{escape(code.title)}" src="{escape(code.src)}" loading="lazy" {size}'
        f'style="{style};border:none" allowfullscreen referrerpolicy="strict-origin-when-cross-origin"></iframe>'
    )
    return frame if code.width else f'{frame}\n<p><a href="{escape(code.link)}">{escape(code.title)}</a></p>'


def responsive_html(code: FrameCode) -> str:
    """Return the frame with a script of ten lines that gives it the height it asks for."""
    return f"{frame_html(code)}\n{_FIT}"


def component_html(code: FrameCode) -> str:
    """Return the frame as our web component, with the hash of its script: a site runs what was looked at, or nothing."""
    script = absolute(url_for("embed.component", lang=None))
    hashed = b64encode(sha384(content(COMPONENT)).digest()).decode()
    # Where no ratio was chosen, it takes the height that the map asks for.
    ratio = f' ratio="{code.ratio}"' if code.ratio else ""
    return (
        f'<script type="module" src="{escape(script)}" integrity="sha384-{hashed}" crossorigin></script>\n'
        f'<member-map src="{escape(code.src)}" title="{escape(code.title)}"{ratio}>'
        f'<a href="{escape(code.link)}">{escape(code.title)}</a></member-map>'
    )


def picture_html(title: str, picture: str, link: str) -> str:
    """Return the picture with a link behind it, for sites that show no frames."""
    size = f'width="{PRESETS["og"].width}" height="{PRESETS["og"].height}"'
    image = f'<img src="{escape(picture)}" alt="{escape(title)}" {size} style="max-width:100%;height:auto" loading="lazy">'
    return f'<a href="{escape(link)}">{image}</a>'


def picture_markdown(title: str, picture: str, link: str) -> str:
    r"""Return the same in Markdown.

    Examples
    --------
    >>> picture_markdown("A [b]", "/map.png", "/")
    '[![A \\[b\\]](/map.png)](/)'
    """
    plain = re.sub(r"([\\\[\]<>!*_`])", r"\\\1", title)
    return f"[![{plain}]({picture})]({link})"


def provider_line(public: str) -> str:
    r"""Return what the owner of a WordPress site writes once, so that it asks us of our addresses.

    A pattern: with a star, which stands for something there and never for nothing, the map itself would be left out.

    Examples
    --------
    >>> provider_line("https://maps.example.org")
    "wp_oembed_add_provider('#^https://maps\\.example\\.org(/.*)?$#', 'https://maps.example.org/oembed', true);"
    """
    pattern = re.sub(r"([.+-])", r"\\\1", public)
    return f"wp_oembed_add_provider('#^{pattern}(/.*)?$#', '{public}/oembed', true);"


# Frames say how high they would like to be in the words of Datawrapper; a site that hears them already needs no script.
_FIT = """<script>
addEventListener("message", function (event) {
  var told = event.data && event.data["datawrapper-height"];
  if (!told || typeof told !== "object") return;
  document.querySelectorAll("iframe").forEach(function (frame) {
    if (frame.contentWindow !== event.source) return;
    var height = Number(Object.values(told)[0]) || 0;
    if (height >= 100 && height <= 5000) frame.style.height = height + "px";
  });
});
</script>"""


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
