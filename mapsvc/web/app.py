"""`create_app`: settings and data in, a WSGI application out. The only place where the parts meet."""

from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, request
from pyproj import CRS
from pyproj.exceptions import CRSError
from werkzeug.middleware.proxy_fix import ProxyFix

from mapsvc.errors import BadConfiguration
from mapsvc.formats.kinds import KINDS
from mapsvc.maps.shell import basemap, tile_host
from mapsvc.settings import Settings, shipped
from mapsvc.sources.following import open_store
from mapsvc.sources.store import Store
from mapsvc.web import (
    api,
    assets,
    builder,
    changes,
    discovery,
    embed,
    errors,
    files,
    gaps,
    labelling,
    oembed,
    ogc,
    ops,
    pages,
    pictures,
    pinning,
    profiles,
    quality,
    single,
    suggesting,
)
from mapsvc.web.framing import framing
from mapsvc.web.http import AnswerCache, HeldStore, Service
from mapsvc.web.language import prepare_templates
from mapsvc.web.prepared import SHARE, Environ, PreparedAnswers, WsgiApplication

MAX_TARGET = 4096
DATA_ENDINGS = (".json", *(f".{ending}" for ending in KINDS))
_MEGABYTE = 1_000_000


def create_app(settings: Settings, store: Store | None = None) -> Flask:
    """Build the application.

    Parameters
    ----------
    settings : Settings
        What the operator decided.
    store : Store, optional
        The data to serve; by default the folder that the settings name is loaded.

    Raises
    ------
    MapsvcError
        Where the data or a setting cannot be used.
    """
    _check_systems(settings)
    app = Flask("mapsvc", template_folder=str(shipped("templates")), static_folder=None)
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    prepare_templates(app)
    store = store or open_store(data_folder(settings))
    app.extensions["mapsvc"] = Service(
        settings.base_url,
        HeldStore(store),
        AnswerCache(settings.cache_mb * _MEGABYTE),
        basemap(settings.basemap),
        settings.embed_allow,
        settings.crs,
    )
    app.before_request(lambda: _refusal(settings))
    pinning.register(app)
    app.after_request(_header_setter(settings))
    for part in (
        pages,
        labelling,
        profiles,
        gaps,
        changes,
        quality,
        api,
        ogc,
        files,
        suggesting,
        discovery,
        pictures,
        single,
        embed,
        builder,
        oembed,
        assets,
        ops,
    ):
        app.register_blueprint(part.blueprint)
    errors.register(app)
    mounted, share = _mounted(app.wsgi_app, settings), settings.cache_mb * _MEGABYTE // SHARE
    app.wsgi_app = PreparedAnswers(mounted, store, share)  # type: ignore[method-assign]
    return app


def data_folder(settings: Settings) -> Path:
    """Return the folder of the network that the settings name."""
    return Path(settings.data) if settings.data else shipped("geodata")


def _check_systems(settings: Settings) -> None:
    """Refuse a reference system that PROJ does not know; our own list is known, and looking it up would cost a start."""
    if settings.crs == Settings.crs:
        return
    for one in settings.crs:
        try:
            CRS.from_user_input(one)
        except CRSError as error:
            raise BadConfiguration(f"there is no reference system {one}", column="MAPSVC_CRS") from error


def _refusal(settings: Settings) -> Response | None:
    """Refuse foreign hosts and addresses that are too long, before anything is looked up."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if settings.trusted_hosts and host not in settings.trusted_hosts:
        return errors.answer(421, "")
    if len(request.full_path) > MAX_TARGET:
        return errors.answer(414, "")
    return None


def _header_setter(settings: Settings) -> Callable[[Response], Response]:
    host = tile_host(basemap(settings.basemap))
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: {host}".rstrip(),
            "connect-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'",
        ]
    )
    always = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        # The place of the visitor is asked for on a click, for this page alone, and never sent anywhere.
        "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
        # No Cross-Origin-Opener-Policy: a page that has one is not opened from a sandboxed frame, and here is nothing to guard.
    }

    def add_headers(response: Response) -> Response:
        response.headers.extend(always)  # nobody else sets them: an update would look for each
        frames = framing()
        shown = f"; frame-src {frames.frames}" if frames.frames else ""
        # A picture and the page in one file have a policy of their own, which is stricter.
        whole = f"{policy}{shown}; frame-ancestors {frames.ancestors}"
        response.headers.setdefault("Content-Security-Policy", whole)
        if not frames.may_be_framed:
            response.headers["X-Frame-Options"] = "DENY"
        public = "Access-Control-Allow-Origin" in response.headers or frames.may_be_framed
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if public else "same-origin"
        is_data = request.path.endswith(DATA_ENDINGS) or request.blueprint == ogc.blueprint.name
        if request.method == "OPTIONS" and is_data:
            # Asked by a browser before it sends a conditional request from another site.
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        return response

    return add_headers


def _mounted(wsgi: WsgiApplication, settings: Settings) -> WsgiApplication:
    """Believe as many proxies as configured, and live under the path of the base address."""
    if settings.proxy_hops:
        hops = settings.proxy_hops
        wsgi = ProxyFix(wsgi, x_for=hops, x_proto=hops, x_host=hops)
    prefix = urlsplit(settings.base_url).path
    if not prefix:
        return wsgi

    def mounted(environ: Environ, start_response: object) -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = prefix
        path = str(environ.get("PATH_INFO", ""))
        inside = path == prefix or path.startswith(f"{prefix}/")
        environ["PATH_INFO"] = (path.removeprefix(prefix) or "/") if inside else path
        return wsgi(environ, start_response)

    return mounted
