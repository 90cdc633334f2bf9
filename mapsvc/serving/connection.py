"""One client of the front: its requests are answered from memory, exchanged one by one with the server behind, or handed over.

An *exchange* is a request of the plain form: the front knows where its answer ends, and listens to the client again
after it. A *hand-over* is everything else: from there on the front only carries bytes, until one side has had enough.
"""

import asyncio
import math
from typing import Protocol, cast

from mapsvc.serving.requests import END, MAX_HEAD_BYTES, Request, body_length, read_request

# Seconds. Who is slower than this with the head of a request, or with taking an answer, is not a visitor.
HEAD_S, IDLE_S, STALLED_S = 5.0, 60.0, 30.0
# How long a request waits for a server that does not listen yet.
REACH_S = 5.0
_MAX_ANSWER_HEAD = 64 * 1024
_UNAVAILABLE = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\n"
    b"cache-control: no-store\r\nconnection: close\r\n\r\n"
)


class Desk(Protocol):
    """What a connection needs of the front."""

    loop: asyncio.AbstractEventLoop
    backend: str
    closing: bool

    def reply(self, head: bytes) -> bytes | None:
        """Return the whole answer to a request that is known already; None where it is not."""

    def learn(self, request: Request) -> bytes | None:
        """Return the whole answer to a request that is seen for the first time, if there is one in memory."""

    def answered_elsewhere(self, request: Request, head: bytes) -> None:
        """Take note of what the server behind answered."""

    def came(self, connection: "Connection") -> None:
        """Take note of a client."""

    def left(self, connection: "Connection") -> None:
        """Forget a client."""


class Connection(asyncio.Protocol):
    """The client's side."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._transport: asyncio.Transport
        self._waiting = b""  # what was read and not yet understood
        self._upstream: Upstream | None = None
        self._handed_over = False
        self._stalled = False
        self._ended = False  # the client will send nothing more
        self._deadline = math.inf
        self._unsent = 0  # bytes that a stalled client had yet to take when they were last counted

    # --- What asyncio calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request, not for long."""
        self._transport = cast("asyncio.Transport", transport)
        self._deadline = self._desk.loop.time() + HEAD_S
        self._desk.came(self)

    def data_received(self, data: bytes) -> None:
        """Answer, exchange or hand over; what is not whole yet waits."""
        if self._upstream is not None:
            if self._handed_over:
                self._upstream.send(data)
            else:
                # The next request came before the answer to this one: it waits its turn, and what is behind it outside.
                self._waiting += data
                self._transport.pause_reading()
            return
        self._advance(self._waiting + data if self._waiting else data)

    def eof_received(self) -> bool:
        """Let an answer that is on its way arrive before the connection is closed."""
        self._ended = True
        if self._handed_over and self._upstream is not None:
            self._upstream.end()
        return self._upstream is not None or self._stalled

    def pause_writing(self) -> None:
        """Read nothing more from anybody for a client that takes nothing."""
        self._stalled = True
        self._unsent = self._transport.get_write_buffer_size()
        self._deadline = self._desk.loop.time() + STALLED_S
        self._transport.pause_reading()
        if self._upstream is not None:
            self._upstream.pause()

    def resume_writing(self) -> None:
        """Go on where it stopped."""
        self._stalled = False
        self._deadline = math.inf
        if self._upstream is not None:
            self._upstream.resume()
            if self._handed_over:
                self._transport.resume_reading()
        else:
            self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 – asyncio's signature
        """Let the server behind know that nobody waits."""
        self._desk.left(self)
        if self._upstream is not None:
            self._upstream.abort()

    # --- What the front and the other side call ---

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it is on its way, in neither direction."""
        return self._upstream is None and not self._stalled

    @property
    def is_closing(self) -> bool:
        """Whether the front is about to end."""
        return self._desk.closing

    def is_overdue(self, now: float) -> bool:
        """Return whether the client is too slow: it is given time as long as it takes anything."""
        if now < self._deadline:
            return False
        unsent = self._transport.get_write_buffer_size()
        if self._stalled and unsent < self._unsent:
            self._unsent = unsent
            self._deadline = now + STALLED_S
            return False
        return True

    def close(self) -> None:
        """Close it when all that was written has gone out."""
        self._transport.close()

    def abort(self) -> None:
        """Close it now."""
        self._transport.abort()

    def forward(self, data: bytes) -> None:
        """Pass on a piece of an answer."""
        self._transport.write(data)

    def hold(self) -> None:
        """Take nothing more from the client: the server behind does not keep up."""
        self._transport.pause_reading()

    def release(self) -> None:
        """Take from the client again."""
        if not self._stalled:
            self._transport.resume_reading()

    def exchanged(self, request: Request, head: bytes) -> None:
        """Go on with the next request: this one is answered."""
        self._upstream = None
        self._desk.answered_elsewhere(request, head)
        if not self._stalled:
            self._go_on()

    def hand_over(self) -> bytes:
        """Carry bytes from now on; return those that were read already."""
        self._handed_over = True
        waiting, self._waiting = self._waiting, b""
        self.release()
        return waiting

    def upstream_lost(self, *, is_reached: bool) -> None:
        """Close as the server behind did; an answer that breaks off is too short for its length, and so not valid."""
        self._upstream = None
        if not is_reached:
            self._transport.write(_UNAVAILABLE)
        self._transport.close()

    # --- Requests ---

    def _go_on(self) -> None:
        self._transport.resume_reading()
        waiting, self._waiting = self._waiting, b""
        self._advance(waiting)

    def _advance(self, data: bytes) -> None:
        """Go through the requests in `data`, in their order, until one has to wait."""
        while data and not self._stalled:
            reply = self._desk.reply(data)
            if reply is not None:
                self._transport.write(reply)
                data = b""
                break
            end = data.find(END) + len(END)
            if end < len(END):
                if len(data) > MAX_HEAD_BYTES:
                    self._connect(data, None)
                    return
                break
            head = data[:end]
            request = read_request(head)
            if request is None:
                self._connect(data, None)
                return
            data = data[end:]
            reply = self._desk.reply(head) or self._desk.learn(request)
            if reply is None:
                self._waiting = data
                self._connect(head, request)
                return
            self._transport.write(reply)
        self._waiting = data
        if self._stalled:
            return
        if self._ended or (self._desk.closing and not data):
            self._transport.close()
        self._deadline = self._desk.loop.time() + (HEAD_S if data else IDLE_S)

    def _connect(self, first: bytes, request: Request | None) -> None:
        self._deadline = math.inf
        self._handed_over = request is None
        self._upstream = Upstream(self, self._desk.loop, first, request)
        self._upstream.connect(self._desk.backend)


class Upstream(asyncio.Protocol):
    """The server's side of one exchange or hand-over."""

    def __init__(
        self, client: Connection, loop: asyncio.AbstractEventLoop, first: bytes, request: Request | None
    ) -> None:
        self._client: Connection | None = client
        self._loop = loop
        self._unsent = first
        self._request = request  # None once it is handed over
        self._transport: asyncio.Transport | None = None
        self._ends = False
        self._head = b""
        self._left = -1  # bytes of the body still to come; -1 before its head is whole
        self._task: asyncio.Task[None] | None = None

    def connect(self, path: str) -> None:
        """Reach the server behind."""
        self._task = self._loop.create_task(self._connected(path))

    async def _connected(self, path: str) -> None:
        """Wait for the server behind where it is only about to listen: at the start, or while its workers change."""
        end = self._loop.time() + REACH_S
        while self._client is not None:
            try:
                await self._loop.create_unix_connection(lambda: self, path)
            except OSError:
                if self._loop.time() > end or self._client.is_closing:
                    self._lost(is_reached=False)
                    return
                await asyncio.sleep(0.05)
            else:
                return

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send what the client sent meanwhile."""
        self._transport = cast("asyncio.Transport", transport)
        if self._client is None:
            self._transport.abort()
            return
        self._transport.write(self._unsent)
        self._unsent = b""
        if self._request is None:
            self._client.release()
        if self._ends:
            self._transport.write_eof()

    def data_received(self, data: bytes) -> None:
        """Pass on what comes, and look for the end of the answer."""
        if self._client is None:
            return
        self._client.forward(data)
        if self._request is not None:
            self._follow(self._request, data)

    def _follow(self, request: Request, data: bytes) -> None:
        """Count an answer that says how long it is; carry on without counting where it does not."""
        if self._left < 0:
            self._head += data
            end = self._head.find(END) + len(END)
            if end < len(END) and len(self._head) < _MAX_ANSWER_HEAD:
                return
            data, self._head = self._head[end:], self._head[:end]
            length = body_length(self._head, is_head=request.is_head)
            if length is None or len(data) > length:
                self._request = None
                if self._client is not None:
                    self.send(self._client.hand_over())
                return
            self._left = length
        self._left -= len(data)
        if self._left <= 0 and self._client is not None:
            client, self._client = self._client, None
            if self._transport is not None:
                self._transport.close()
            client.exchanged(request, self._head)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 – asyncio's signature
        """Let the client know."""
        self._lost(is_reached=True)

    def _lost(self, *, is_reached: bool) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.upstream_lost(is_reached=is_reached)

    def pause_writing(self) -> None:
        """Let the client wait."""
        if self._client is not None:
            self._client.hold()

    def resume_writing(self) -> None:
        """Let the client go on."""
        if self._client is not None:
            self._client.release()

    # --- What the client's side calls ---

    def send(self, data: bytes) -> None:
        """Pass on what the client sent."""
        if self._transport is not None:
            self._transport.write(data)
            return
        self._unsent += data
        if self._client is not None and len(self._unsent) > MAX_HEAD_BYTES:
            self._client.hold()  # until it is connected, see `connection_made`

    def end(self) -> None:
        """Pass on that the client will send nothing more."""
        self._ends = True
        if self._transport is not None:
            self._transport.write_eof()

    def pause(self) -> None:
        """Read nothing more of the answer."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None:
            self._transport.resume_reading()

    def abort(self) -> None:
        """Close it: nobody waits for the answer."""
        self._client = None
        if self._transport is not None:
            self._transport.abort()
