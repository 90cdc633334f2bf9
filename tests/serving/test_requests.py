"""What the front takes for a plain request, and what it leaves to the server behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsvc.serving.requests import body_length, read_request


def head(*lines: str, start: str = "GET /members.geojson?theme=water HTTP/1.1") -> bytes:
    return "\r\n".join([start, "Host: example.org", *lines, "", ""]).encode("latin-1")


def test_a_plain_request_is_known_by_path_query_what_is_accepted_and_host():
    request = read_request(head("Accept-Encoding:  gzip ", "Connection: keep-alive"))
    assert request.key == ("/members.geojson", "theme=water", "gzip", None, "example.org")
    assert not request.is_head


def test_a_head_request_has_no_body_in_its_answer_and_none_from_memory():
    request = read_request(head(start="HEAD / HTTP/1.1"))
    assert (request.is_head, request.key) == (True, None)


@pytest.mark.parametrize("line", ['If-None-Match: "a"', "Range: bytes=0-1", "if-modified-since: now"])
def test_a_conditional_request_is_exchanged_and_never_answered_from_memory(line):
    assert read_request(head(line)).key is None


@pytest.mark.parametrize(
    "raw",
    [
        head("Content-Length: 5"),
        head("Transfer-Encoding: chunked"),
        head("Transfer-Encoding : chunked"),
        head("Connection: close"),
        head("Connection: Upgrade", "Upgrade: h2c"),
        head("Expect: 100-continue"),
        head("X: a", " folded"),
        head("X: a", "x: b"),
        head("X: a\x00b"),
        head("X: a\nContent-Length: 5"),
        head("X: a\rY: b"),
        head("(: a"),
        head("no colon"),
        head(start="POST / HTTP/1.1"),
        head(start="GET / HTTP/1.0"),
        head(start="GET  / HTTP/1.1"),
        head(start="GET http://example.org/ HTTP/1.1"),
        head(start="GET /%6dembers.geojson HTTP/1.1"),
        head(start="GET /a b HTTP/1.1"),
        b"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n",
        b"GET / HTTP/1.1\n\nHost: example.org\r\n\r\n",
        b"\r\n" + head(),
    ],
)
def test_whatever_is_not_plain_is_left_alone(raw):
    assert read_request(raw) is None


@given(st.binary(max_size=200))
def test_any_bytes_after_a_plain_request_line_are_read_or_left_and_never_fail(rest):
    raw = b"GET / HTTP/1.1\r\nHost: h\r\n" + rest + b"\r\n\r\n"
    request = read_request(raw)
    if request is not None:
        # One head and no more: nothing in it can be taken for a second request.
        assert request.head.index(b"\r\n\r\n") == len(raw) - 4
        assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("answer", "is_head", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", False, 12),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", True, 0),
        (b"HTTP/1.1 304 Not Modified\r\ncontent-length: 12\r\n\r\n", False, 0),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", False, None),
        (b"HTTP/1.1 200 OK\r\nx-content-length: 12\r\n\r\n", False, None),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", False, None),
        (b"nonsense\r\n\r\n", False, None),
    ],
)
def test_the_end_of_an_answer_is_where_it_says(answer, is_head, length):
    assert body_length(answer, is_head=is_head) == length
