"""The listener on the public port: answers that are in memory go out from here, without a thread, a queue or a hand-over between.

Measured with 22 kB of GeoJSON: a request through granian costs 68 µs of processor time even where the application only
looks its answer up, most of it for waking threads; nginx with the same bytes as a file needs 25 µs, and this
module less. Whatever is not in memory, or not a plain request, goes on to granian unread.

One thread per worker, on an event loop of libuv (uvloop); every worker listens on the same port (SO_REUSEPORT).
"""

import asyncio
import io
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import uvloop

from mapsvc.serving.connection import Connection
from mapsvc.serving.requests import Request
from mapsvc.web.prepared import Key, PreparedAnswers

_MAX_CONNECTIONS = 8192
_BACKLOG = 1024
# Heads of requests that were understood once: browsers of one kind send the same, byte for byte.
_MAX_KNOWN = 4096
_PUBLIC = b"\r\naccess-control-allow-origin: *\r\n"
_DRAIN_S = 10.0


class Front:
    """Listens on a port for one worker.

    Parameters
    ----------
    answers : PreparedAnswers
        The application of this worker.
    backend : str
        Path of the socket file on which granian listens.
    """

    def __init__(self, answers: PreparedAnswers, backend: str) -> None:
        self.backend = backend
        self.closing = False
        self.loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self._answers = answers
        self._known: dict[bytes, Key] = {}
        self._connections: set[Connection] = set()
        self._second = 0
        self._date = b""
        self._warming: set[Key] = set()
        self._answered: set[int] = set()
        self._warmer = ThreadPoolExecutor(1, "mapsvc-warm")
        self._thread = threading.Thread(target=self._run, name="mapsvc-front", daemon=True)
        self._server: asyncio.Server

    def listen(self, address: str, port: int) -> None:
        """Begin to answer.

        Raises
        ------
        OSError
            Where the port cannot be had.
        """
        listener = listener_on(address, port)
        self._thread.start()
        # On its own thread: the one that calls may have a loop running.
        self._server = asyncio.run_coroutine_threadsafe(self._serve(listener), self.loop).result()

    def close(self) -> None:
        """Answer what is on its way, then end; called from another thread."""
        self.loop.call_soon_threadsafe(self._begin_to_close)
        self._thread.join(_DRAIN_S)
        self._warmer.shutdown(wait=False, cancel_futures=True)

    async def _serve(self, listener: socket.socket) -> asyncio.Server:
        self.loop.call_later(1, self._sweep)
        return await self.loop.create_server(lambda: Connection(self), sock=listener, backlog=_BACKLOG)

    def _run(self) -> None:
        self.loop.run_forever()

    def _begin_to_close(self) -> None:
        self.closing = True
        self._server.close()
        for connection in self._connections:
            if connection.is_idle:
                connection.close()
        self._end_when_empty()

    def _end_when_empty(self) -> None:
        if self._connections:
            self.loop.call_later(0.02, self._end_when_empty)
        else:
            self.loop.stop()

    def _sweep(self) -> None:
        """Close the connections of those who are too slow."""
        now = self.loop.time()
        for connection in [one for one in self._connections if one.is_overdue(now)]:
            connection.abort()
        self.loop.call_later(1, self._sweep)

    # --- What a connection asks ---

    def reply(self, head: bytes) -> bytes | None:
        """Return the whole answer to a request that is known already; None where it is not."""
        key = self._known.get(head)
        return None if key is None else self._answer(key)

    def learn(self, request: Request) -> bytes | None:
        """Return the whole answer to a request that is seen for the first time, if there is one in memory."""
        if request.key is None:
            return None
        reply = self._answer(request.key)
        if reply is not None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[request.head] = request.key
        return reply

    def _answer(self, key: Key) -> bytes | None:
        kept = self._answers.find(key)
        if kept is None:
            return None
        now = int(time.time())
        if now != self._second:
            self._second = now
            self._date = f"date: {formatdate(now, usegmt=True)}\r\n\r\n".encode()
        return b"".join((kept.head, self._date, kept.body))

    def answered_elsewhere(self, request: Request, head: bytes) -> None:
        """Prepare an answer here that another worker gave: all of them take turns behind the same socket file.

        It is prepared when it is given for the second time. Most questions are asked once: to work on each of them twice
        would let everybody wait twice as long.
        """
        key = request.key
        is_public = head.startswith(b"HTTP/1.1 200 ") and _PUBLIC in head.lower()
        if key is None or not is_public or key in self._warming or self._answers.find(key) is not None:
            return
        if hash(key) not in self._answered:
            if len(self._answered) >= _MAX_KNOWN:
                self._answered.clear()
            self._answered.add(hash(key))
            return
        self._warming.add(key)
        self._warmer.submit(self._warm, key)

    def _warm(self, key: Key) -> None:
        path, query, encodings, media_types, host = key
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if encodings is not None:
            environ["HTTP_ACCEPT_ENCODING"] = encodings
        if media_types is not None:
            environ["HTTP_ACCEPT"] = media_types
        try:
            self._answers(environ, lambda *_: None)
        finally:
            self._warming.discard(key)

    def came(self, connection: Connection) -> None:
        """Take note of a client; one too many is sent away."""
        self._connections.add(connection)
        if len(self._connections) > _MAX_CONNECTIONS:
            connection.abort()

    def left(self, connection: Connection) -> None:
        """Forget a client."""
        self._connections.discard(connection)


def listener_on(address: str, port: int) -> socket.socket:
    """Return a socket that listens there beside those of other workers."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    both = address == "::" and socket.has_dualstack_ipv6()
    return socket.create_server(
        (address, port), family=family, backlog=_BACKLOG, reuse_port=True, dualstack_ipv6=both
    )
