"""`mapsvc serve` as it is run: two workers, each with its front, and clients of every kind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from mapsvc.settings import shipped
from mapsvc.sources.durable import sole_writer
from mapsvc.sources.snapshots import About, commit

FEW, MANY = 20, 300


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with running() as (process, port):
        yield port
        assert process.poll() is None


class running:  # noqa: N801 – read as a word
    """A server with two workers."""

    def __init__(self, *options: str) -> None:
        self.options = options

    def __enter__(self) -> tuple[subprocess.Popen, int]:
        command = [sys.executable, "-m", "mapsvc", "serve", "--port", "0", "--workers", "2"]
        command += self.options
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        return self.process, int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    response = connection.getresponse()
    found = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    connection.close()
    return found


def test_an_answer_from_memory_is_the_answer_of_the_application(port):
    # What says that it is conditional goes all the way; what does not comes from memory at the latest after a while.
    status, whole, body = get(port, "/members.geojson?theme=water", **{"If-None-Match": '"other"'})
    assert status == 200
    for _ in range(FEW):
        again = get(port, "/members.geojson?theme=water")
        assert (again[0], again[2]) == (200, body)
        kept = {name: value for name, value in again[1].items() if name not in {"date", "server"}}
        assert kept == {name: value for name, value in whole.items() if name not in {"date", "server"}}
        assert "date" in again[1]
    end = time.monotonic() + 20  # each front prepares it while it is asked for the second time
    while "server" in again[1] and time.monotonic() < end:
        again = get(port, "/members.geojson?theme=water")
    assert (again[0], again[2]) == (200, body)
    assert "server" not in again[1]
    assert get(port, "/members.geojson?theme=water", **{"If-None-Match": whole["etag"]})[0] == 304


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /members.geojson?limit=%00 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", b"405"),
        (b"GET //evil/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", b"404"),
        (
            b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            None,
        ),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_what_is_not_plain_is_answered_as_before(port, sent, status):
    with socket.create_connection(("127.0.0.1", port), timeout=15) as client:
        client.sendall(sent)
        got = client.recv(65536)
    if status is None:
        # A length and chunks at once: one answer or none, and never one to what came after as well.
        assert got.count(b"HTTP/1.1 ") <= 1
    else:
        assert got.startswith(b"HTTP/1.1 " + status)


def test_a_second_request_hidden_in_a_body_is_not_answered(port):
    hidden = b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=15) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden)
        client.settimeout(1)
        got = b""
        try:
            while piece := client.recv(65536):
                got += piece
        except TimeoutError:
            pass
    assert got.count(b"HTTP/1.1 ") == 1


def test_three_hundred_slow_clients_of_each_kind_keep_nobody_waiting(port):
    get(port, "/members.geojson")
    slow = []
    for _ in range(MANY):
        head = socket.create_connection(("127.0.0.1", port))
        head.sendall(b"GET / HTTP/1.1\r\nHo")
        body = socket.create_connection(("127.0.0.1", port))
        body.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", port))
        reader.sendall(b"GET /members.geojson HTTP/1.1\r\nHost: h\r\n\r\n" * 5)
        slow += [head, body, reader]
    start = time.monotonic()
    for _ in range(FEW):
        assert get(port, "/members.geojson")[0] == 200
        assert get(port, "/livez")[0] == 200
    seconds = time.monotonic() - start
    for one in slow:
        one.close()
    # They would wait for five seconds at least, if they waited for the slow ones.
    assert seconds < 4


def _workers(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_worker_that_is_killed_is_replaced_and_the_others_answer_meanwhile():
    with running() as (process, port):
        before = _workers(process.pid)
        assert len(before) >= 2
        os.kill(before[-1], signal.SIGKILL)
        end = time.monotonic() + 20
        answered = refused = 0
        while time.monotonic() < end and (
            len(_workers(process.pid)) < 2 or before[-1] in _workers(process.pid) or answered < FEW
        ):
            try:
                assert get(port, "/livez")[0] == 200
                answered += 1
            except OSError:  # it was in the hands of the one that died
                refused += 1
            time.sleep(0.05)
        assert len(set(_workers(process.pid)) - set(before)) >= 1
        assert answered >= FEW
        assert refused <= 5


def test_a_signal_lets_what_is_on_its_way_arrive():
    with running() as (process, port):
        # A picture that nobody asked for takes a while.
        client = socket.create_connection(("127.0.0.1", port), timeout=30)
        client.sendall(b"GET /map.png?size=a4 HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n")
        time.sleep(0.4)
        process.send_signal(signal.SIGTERM)
        got = b""
        while piece := client.recv(1 << 20):
            got += piece
        client.close()
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert len(body) == int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
        assert process.wait(30) == 128 + signal.SIGTERM


def test_what_is_published_is_taken_up_by_every_worker_and_no_request_is_lost(tmp_path):
    for name in ("network.toml", "themes.csv", "members.csv"):
        shutil.copy(shipped("geodata") / name, tmp_path)
    text = (tmp_path / "members.csv").read_text("utf-8")
    with running("--data", str(tmp_path)) as (_, port):
        for n in range(2):
            with sole_writer(tmp_path):
                commit(tmp_path, text.replace(",Tirana,", f",Tirana {n},").encode(), About())
            in_a_row, end = 0, time.monotonic() + 30
            # Connections go to one worker or the other: all of twenty in a row are of the new one in the end.
            while in_a_row < FEW and time.monotonic() < end:
                status, _, body = get(port, "/members.geojson?country=AL", **{"Accept-Encoding": "identity"})
                assert status == 200
                in_a_row = in_a_row + 1 if f"Tirana {n}".encode() in body else 0
                time.sleep(0.01)
            assert in_a_row == FEW
