"""The front before a server that misbehaves, with an application that a person can follow."""

import socket
import socketserver
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from mapsvc.serving import connection
from mapsvc.serving.front import Front
from mapsvc.web.prepared import MARK, PreparedAnswers

BODY = b"x" * 300_000


class Backend(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Notes what it is sent, and answers by the path that is asked for."""

    daemon_threads = True

    def __init__(self, path: str) -> None:
        super().__init__(path, _Handler)
        self.seen: list[bytes] = []


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            head = line
            while (more := self.rfile.readline()) not in {b"\r\n", b""}:
                head += more
            self.server.seen.append(head)
            if b"/chunked" in line:
                self.wfile.write(
                    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                )
            elif b"/broken" in line:
                self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc")
                return
            elif b"/slow" in line:
                time.sleep(0.4)
                self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nslow")
            elif b"/split" in line:
                for piece in (b"HTTP/1.1 200 OK\r\ncont", b"ent-length: 5\r\n\r", b"\nsp", b"lit"):
                    self.wfile.write(piece)
                    time.sleep(0.02)
            else:
                public = b"access-control-allow-origin: *\r\n" if b"/data" in line else b""
                self.wfile.write(b"HTTP/1.1 200 OK\r\n" + public + b"content-length: 5\r\n\r\nother")


def answer(environ, start_response):
    """The application of this worker: one answer, marked as everybody's."""
    environ[MARK] = STORE.dataset
    start_response("200 OK", [("Content-Length", str(len(BODY))), ("Access-Control-Allow-Origin", "*")])
    return [BODY]


STORE = SimpleNamespace(dataset="a snapshot")


@pytest.fixture
def backend(tmp_path):
    with Backend(str(tmp_path / "behind.sock")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def answers():
    return PreparedAnswers(answer, STORE, max_bytes=10_000_000)


@pytest.fixture
def front(backend, answers):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    one = Front(answers, backend.server_address)
    one.listen("127.0.0.1", port)
    one.port = port
    yield one
    one.close()


def ask(client: socket.socket, path: str, *lines: str, method: str = "GET") -> None:
    client.sendall("\r\n".join([f"{method} {path} HTTP/1.1", "Host: h", *lines, "", ""]).encode())


def take(client: socket.socket) -> tuple[bytes, bytes]:
    """Return head and body of the next answer that says how long it is."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = client.recv(1)
        if not piece:
            return got, b""
        got += piece
    length = next(
        (int(one.split(b":")[1]) for one in got.lower().split(b"\r\n") if one.startswith(b"content-length")),
        0,
    )
    body = b""
    while len(body) < length:
        piece = client.recv(length - len(body))
        if not piece:
            break
        body += piece
    return got, body


def client_of(front: Front) -> socket.socket:
    return socket.create_connection(("127.0.0.1", front.port), timeout=10)


def prepare(answers, path="/data.geojson"):
    answers(
        {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "h"}, lambda *_: None
    )


def test_what_is_in_memory_is_answered_without_asking_the_server_behind(front, backend, answers):
    prepare(answers)
    with client_of(front) as client:
        for _ in range(3):
            ask(client, "/data.geojson")
            head, body = take(client)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert head.lower().count(b"\r\ndate: ") == 1
            assert body == BODY
    assert backend.seen == []


def test_a_new_snapshot_is_never_answered_with_the_old_one(front, backend, answers):
    prepare(answers)
    with client_of(front) as client:
        ask(client, "/data.geojson")
        assert take(client)[1] == BODY
        STORE.dataset = "another snapshot"
        ask(client, "/data.geojson")
        assert take(client)[1] == b"other"


def test_an_answer_that_another_worker_gave_is_prepared_here_for_the_next_time(front, backend):
    with client_of(front) as client:
        ask(client, "/data.geojson")
        assert take(client)[1] == b"other"
        end = time.monotonic() + 5
        body = b""
        while body != BODY and time.monotonic() < end:
            ask(client, "/data.geojson")
            body = take(client)[1]
        assert body == BODY


def test_an_answer_that_was_given_once_is_not_worked_on_again(front, backend, monkeypatch):
    warmed = []
    monkeypatch.setattr(front, "_warm", warmed.append)
    with client_of(front) as client:
        for path in ("/data.geojson?one", "/data.geojson?other", "/data.geojson?one"):
            ask(client, path)
            take(client)
            ask(client, "/page")  # the answer before it is noted by the time this one comes
            take(client)
    front._warmer.shutdown(wait=True)
    assert [key[1] for key in warmed] == ["one"]


def test_requests_sent_at_once_are_answered_in_their_order(front, answers):
    prepare(answers)
    with client_of(front) as client:
        for path in ("/data.geojson", "/slow", "/data.geojson", "/split", "/page"):
            ask(client, path)
        bodies = [take(client)[1] for _ in range(5)]
    assert bodies == [BODY, b"slow", BODY, b"split", b"other"]


def test_a_request_that_is_not_plain_is_handed_over_as_it_came(front, backend):
    with client_of(front) as client:
        ask(client, "/page", "Connection: keep-alive", "X-A: 1", "x-a: 2")
        assert take(client)[1] == b"other"
    assert b"X-A: 1\r\nx-a: 2" in backend.seen[0]


def test_an_answer_of_unknown_length_is_carried_to_its_end_and_the_next_request_too(front):
    with client_of(front) as client:
        ask(client, "/chunked")
        got = b""
        while not got.endswith(b"0\r\n\r\n"):
            got += client.recv(100)
        ask(client, "/page")
        assert take(client)[1] == b"other"


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(front):
    with client_of(front) as client:
        ask(client, "/broken")
        head, body = take(client)
        assert (b"content-length: 10" in head, body) == (True, b"abc")
        assert client.recv(1) == b""


def test_where_nobody_is_behind_the_answer_is_503_after_a_while(answers, tmp_path, monkeypatch):
    monkeypatch.setattr(connection, "REACH_S", 0.2)
    lonely = Front(answers, str(tmp_path / "nobody.sock"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        lonely.port = probe.getsockname()[1]
    lonely.listen("127.0.0.1", lonely.port)
    with client_of(lonely) as client:
        ask(client, "/page")
        assert take(client)[0].startswith(b"HTTP/1.1 503 ")
    lonely.close()


def test_a_request_that_comes_before_the_server_behind_waits_for_it(front, backend):
    path = backend.server_address
    backend.socket.close()
    Path(path).unlink()
    with client_of(front) as client:
        ask(client, "/page")
        time.sleep(0.2)
        with Backend(path) as late:
            threading.Thread(target=late.serve_forever, daemon=True).start()
            assert take(client)[1] == b"other"
            late.shutdown()


def test_a_client_that_never_ends_its_head_is_sent_away_and_a_stalled_one_too(front, answers, monkeypatch):
    monkeypatch.setattr(connection, "HEAD_S", 0.2)
    monkeypatch.setattr(connection, "STALLED_S", 0.2)
    prepare(answers)
    slow, stalled = client_of(front), client_of(front)
    slow.sendall(b"GET / HTTP/1.1\r\nHost")
    for _ in range(40):  # twelve megabytes that nobody takes
        ask(stalled, "/data.geojson")
    assert slow.recv(100) == b""
    end = time.monotonic() + 10
    while front._connections and time.monotonic() < end:
        time.sleep(0.05)
    assert not front._connections
    slow.close()
    stalled.close()


def test_a_client_that_takes_its_time_gets_everything(front, answers, monkeypatch):
    monkeypatch.setattr(connection, "STALLED_S", 0.5)
    prepare(answers)
    with client_of(front) as client:
        for _ in range(20):
            ask(client, "/data.geojson")
        n = 0
        while n < 20 * len(BODY):
            piece = client.recv(200_000)
            assert piece, f"broken off after {n} bytes"
            n += len(piece)
            time.sleep(0.02)


def test_a_head_of_megabytes_is_handed_over_and_not_kept(front, backend):
    with client_of(front) as client:
        ask(client, "/page", "X: " + "a" * 100_000)
        assert take(client)[1] == b"other"
    assert len(backend.seen[0]) > 100_000


def test_closing_lets_an_answer_arrive_that_is_on_its_way(front):
    with client_of(front) as client:
        ask(client, "/slow")
        time.sleep(0.1)
        closing = threading.Thread(target=front.close)
        closing.start()
        assert take(client)[1] == b"slow"
        assert client.recv(1) == b""
        closing.join(5)
        assert not closing.is_alive()
