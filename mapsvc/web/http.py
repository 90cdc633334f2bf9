"""One way to answer: bytes made once per view, with strong validators, encodings and caching headers."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import cast
from urllib.parse import urlsplit

import brotli
from flask import Response, current_app, g, has_request_context, request
from werkzeug.http import parse_accept_header
from xyzservices import TileProvider

from mapsvc.model import Dataset
from mapsvc.sources.store import Store
from mapsvc.web.prepared import MARK

DATA = "public, max-age=300, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"
# A page names files by their digest: it is asked for again each time, and answered 304 while it is the same.
PAGE = "no-cache"
NOT_STORED = "no-store"

# What is asked for again and again for a year is worth the best; in a view that nobody asked for before, somebody waits for it:
# of its page, 214 kB, quality 6 makes 24.6 kB in 3.5 ms, quality 9 makes 24.1 kB in 37 ms.
_BROTLI_LASTING, _BROTLI_QUALITY, _GZIP_LEVEL = 9, 6, 7
# Of a request: its snapshot, and by which id its address asked for it.
_HELD, _PIN = "mapsvc_dataset", "mapsvc_pin"
_WORTH_ENCODING = 200
_COMPRESSED = frozenset({"image/png", "font/woff2"})


@dataclass
class Answer:
    """The bytes of one address, with each encoding made when it is first asked for."""

    body: bytes
    media_type: str
    encodings: dict[str, bytes] = field(default_factory=dict)
    etag: str = ""
    is_lasting: bool = False

    def __post_init__(self) -> None:
        """Name the answer after its content, so that equal bytes have equal validators."""
        self.etag = sha256(self.body).hexdigest()[:24]

    def encoded(self, encoding: str) -> bytes:
        """Return the body as ``br``, ``gzip`` or ``identity``."""
        if encoding not in self.encodings:
            if encoding == "br":
                quality = _BROTLI_LASTING if self.is_lasting else _BROTLI_QUALITY
                made = cast("bytes", brotli.compress(self.body, quality=quality))
            elif encoding == "gzip":
                made = gzip.compress(self.body, _GZIP_LEVEL, mtime=0)
            else:
                made = self.body
            self.encodings[encoding] = made
        return self.encodings[encoding]

    @property
    def size(self) -> int:
        """Bytes held, roughly; encodings that are still to come are estimated."""
        return len(self.body) + len(self.body) // 2


class AnswerCache:
    """A bounded memory of answers, oldest use first out, with one computation per key at a time."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._making: dict[Hashable, Lock] = {}

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer for `key`, made by `make` where it is not remembered."""
        found = self._find(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, Lock())
        try:
            with turn:
                found = self._find(key)
                if found is None:
                    found = make()
                    self._keep(key, found)
                return found
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _find(self, key: Hashable) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def _keep(self, key: Hashable, answer: Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            self._bytes += answer.size
            while self._bytes > self.max_bytes and len(self._answers) > 1:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= dropped.size


class HeldStore:
    """The Store as one request sees it: the same snapshot from beginning to end, whatever is published meanwhile."""

    def __init__(self, store: Store) -> None:
        self.running = store

    @property
    def dataset(self) -> Dataset:
        """The snapshot of the request; outside of one, that which runs."""
        if not has_request_context():
            return self.running.dataset
        if _HELD not in g:
            setattr(g, _HELD, self.running.dataset)
        return cast("Dataset", getattr(g, _HELD))

    def hold(self, dataset: Dataset, pin: str = "") -> None:
        """Answer the current request from a snapshot; `pin` is the id by which its address asked for it."""
        setattr(g, _HELD, dataset)
        setattr(g, _PIN, pin)

    @property
    def pin(self) -> str:
        """The id of the snapshot that the address asks for, empty where it asks for what runs now: links of the page repeat it."""
        return str(getattr(g, _PIN, "")) if has_request_context() else ""

    def find(self, fingerprint: str) -> Dataset | None:
        """Return the snapshot of a fingerprint if it is that of the request, or ran lately: its pages may still be loading."""
        return self.dataset if fingerprint == self.dataset.fingerprint else self.running.recent(fingerprint)


@dataclass(frozen=True)
class Service:
    """What the routes share: the public address, the running data and the memory of answers."""

    base_url: str
    store: HeldStore
    answers: AnswerCache
    basemap: TileProvider | None = None
    embed_allow: tuple[str, ...] = ()
    crs: tuple[str, ...] = ()


def service() -> Service:
    """Return what the routes of the current app share."""
    return cast("Service", current_app.extensions["mapsvc"])


@lru_cache(maxsize=256)
def choose_encoding(accepted: str) -> str:
    """Return the encoding to use for an ``Accept-Encoding`` header.

    Examples
    --------
    >>> choose_encoding("gzip, deflate, br"), choose_encoding("gzip;q=1, br;q=0"), choose_encoding("")
    ('br', 'gzip', 'identity')
    """
    weights = {name.lower(): quality for name, quality in parse_accept_header(accepted)}
    # Where both are as welcome, the first wins: the smaller one.
    offered = [(weights.get(name, weights.get("*", 0.0)), name) for name in ("br", "gzip")]
    quality, name = max(offered, key=lambda pair: pair[0])
    return name if quality > 0 else "identity"


def respond(
    key: Hashable,
    make: Callable[[], bytes],
    media_type: str,
    *,
    cache: str = DATA,
    vary: tuple[str, ...] = ("Accept-Encoding",),
    public: bool = False,
    filename: str = "",
    language: str = "",
) -> Response:
    """Answer the current request with the bytes of `key`, made by `make` once per snapshot.

    Parameters
    ----------
    key : hashable
        What the bytes depend on besides the snapshot and the language: kind of answer, canonical query.
    public : bool
        Whether other sites may read it (``Access-Control-Allow-Origin: *``): data, never pages.
    filename : str
        Sent as an attachment under this name; empty for inline.
    language : str
        Tag of the language of its texts; empty where it has none.
    """
    here = service()
    dataset = here.store.dataset
    answer = here.answers.get(
        (dataset.fingerprint, here.store.pin, language, key),
        lambda: Answer(make(), media_type, is_lasting=cache == FOR_EVER),
    )
    encoding = choose_encoding(request.headers.get("Accept-Encoding", ""))
    if len(answer.body) < _WORTH_ENCODING or media_type in _COMPRESSED:
        encoding = "identity"
    response = Response(answer.encoded(encoding), content_type=content_type(media_type))
    headers = response.headers
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    response.set_etag(answer.etag if encoding == "identity" else f"{answer.etag}-{encoding}")
    if cache == DATA:
        # The date is the data's: it says nothing of a page, whose templates change too.
        headers["Last-Modified"] = dataset.modified
    headers["Cache-Control"] = cache
    headers["Vary"] = ", ".join(vary)
    if language:
        headers["Content-Language"] = language
    if public:
        headers["Access-Control-Allow-Origin"] = "*"
        request.environ[MARK] = dataset
    if filename:
        headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return cast("Response", response.make_conditional(request.environ))


def content_type(media_type: str) -> str:
    """Return the media type with its charset where it is a text that needs one."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def absolute(path: str) -> str:
    """Return `path`, as `url_for` gives it, at the configured public address; as it is where there is none."""
    public = urlsplit(service().base_url)
    return f"{public.scheme}://{public.netloc}{path}" if public.netloc else path
