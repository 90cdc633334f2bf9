"""Other people's sites, for the frames in them: one small server under several names, each another origin for the browser."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from mapsvc.model import Dataset
from mapsvc.settings import Settings
from mapsvc.sources.store import Store
from mapsvc.web.app import create_app

# The browser looks these up on this machine, see FLAGS in conftest.py.
NAMES = CITY, SUB, OTHER, MAP = "city.example", "sub.city.example", "other.example", "map.example"


class Hosts:
    """The pages of the sites, the same under each name."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.port = 0

    def put(self, body: str) -> str:
        """Keep a page with this body and return its path."""
        path = f"/page{len(self.pages)}"
        self.pages[path] = (
            f"<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>A site</title>{body}"
        )
        return path

    def at(self, name: str, path: str = "") -> str:
        """Return the address of a path under one of the names."""
        return f"http://{name}:{self.port}{path}"

    def __call__(self, environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        """Answer as a WSGI application; an icon is not missed."""
        path = Request(environ).path
        missing = Response("", 204 if path == "/favicon.ico" else 404)
        found = self.pages.get(path)
        return (Response(found, mimetype="text/html") if found else missing)(environ, start_response)


@contextmanager
def running(app: object) -> Iterator[int]:
    """Serve an application on a free port and yield the port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def map_allowed_on(dataset: Dataset, *sites: str, name: str = "127.0.0.1") -> Iterator[str]:
    """Serve the map to frames of these sites, under a public address; yield the address."""
    made: list[Flask] = []

    def late(environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        return made[0](environ, start_response)

    # Its address is known when there is a port.
    with running(late) as port:
        address = f"http://{name}:{port}"
        made.append(create_app(Settings(base_url=address, embed_allow=sites), Store(dataset)))
        yield address
