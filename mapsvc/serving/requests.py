"""What the front understands of HTTP: one plain form of a request without a body, and where an answer ends.

Everything that is not of this form is passed on as it came, byte for byte: what is not interpreted cannot be misread.
"""

import re
from typing import NamedTuple

MAX_HEAD_BYTES = 16 * 1024
END = b"\r\n\r\n"

# RFC 9112: a method, an origin-form target, HTTP/1.1, and header lines without folding. No percent signs in the target:
# what they stand for is the application's to say.
_REQUEST = re.compile(
    rb"(GET|HEAD) (/[!-$&-~]*) HTTP/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+)\r\n"
)
# What gives a request a body, another protocol or another end.
_FRAMING = frozenset({
    b"connection", b"content-length", b"expect", b"http2-settings", b"keep-alive", b"proxy-connection",
    b"te", b"trailer", b"transfer-encoding", b"upgrade",
})  # fmt: skip
# What makes an answer depend on what the client has already.
_CONDITIONS = frozenset({
    b"if-match", b"if-modified-since", b"if-none-match", b"if-range", b"if-unmodified-since", b"range",
})  # fmt: skip
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_LENGTH = re.compile(rb"(?<=\r\n)content-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_BODILESS = frozenset({204, 304})


class Request(NamedTuple):
    """A request in the plain form.

    Attributes
    ----------
    key : tuple or None
        Path, query, accepted encodings and media types, and host, as `PreparedAnswers.find` has them; None where the
        answer depends on more than these: on the method, or on what the client has already.
    """

    head: bytes
    is_head: bool
    key: tuple[str, str, str | None, str | None, str] | None


def read_request(head: bytes) -> Request | None:
    r"""Return the request if it is of the plain form, else None.

    Parameters
    ----------
    head : bytes
        Up to and including the empty line.

    Examples
    --------
    >>> read_request(b"GET /members.geojson?theme=water HTTP/1.1\r\nHost: example.org\r\n\r\n").key
    ('/members.geojson', 'theme=water', None, None, 'example.org')
    >>> read_request(b"GET / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 5\r\n\r\n") is None
    True
    """
    found = _REQUEST.fullmatch(head)
    if found is None:
        return None
    method, target, lines = found.groups()
    names: dict[bytes, bytes] = {}
    for line in lines.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        name, value = name.lower(), value.strip(b" \t")
        is_usual = name == b"connection" and value.lower() == b"keep-alive"
        if name in names or (name in _FRAMING and not is_usual):
            return None
        names[name] = value
    if b"host" not in names:
        return None
    is_head = method == b"HEAD"
    if is_head or not _CONDITIONS.isdisjoint(names):
        return Request(head, is_head, None)
    path, _, query = target.decode("ascii").partition("?")
    encodings, media_types = (names.get(name) for name in (b"accept-encoding", b"accept"))
    return Request(
        head,
        is_head,
        (
            path,
            query,
            None if encodings is None else encodings.decode("latin-1"),
            None if media_types is None else media_types.decode("latin-1"),
            names[b"host"].decode("latin-1"),
        ),
    )


def body_length(head: bytes, *, is_head: bool) -> int | None:
    r"""Return how many bytes follow the head of an answer of our own server; None where it does not say.

    Examples
    --------
    >>> body_length(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n", is_head=False)
    12
    """
    status = _STATUS.match(head)
    if status is None:
        return None
    if is_head or int(status[1]) in _BODILESS:
        return 0
    lengths = _LENGTH.findall(head)
    return int(lengths[0]) if len(lengths) == 1 else None
