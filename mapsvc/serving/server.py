"""The production server: granian with our application in each worker, checked before it starts to listen."""

import os
import signal
import socket
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from mapsvc.errors import Unavailable
from mapsvc.model import COUNTED_STATUS
from mapsvc.serving import worker
from mapsvc.serving.connection import HEAD_S
from mapsvc.settings import PREFIX, Settings
from mapsvc.starting import uncollected

_THREADS, _WAITING = 4, 512
_PATIENCE_S = 20  # more than the front takes to let its answers arrive


def run(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it.

    The data is loaded here first, so that what is wrong with it is said once, on the terminal, with its exit
    code, before anything listens.

    Raises
    ------
    Unavailable
        Where the port cannot be had.
    MapsvcError
        Where the data or a setting cannot be used.
    """
    with uncollected():
        from mapsvc.web.app import create_app  # noqa: PLC0415 – imported where nothing is collected

        dataset = create_app(settings).extensions["mapsvc"].store.dataset
    address, port = _free_address(host, port)
    with tempfile.TemporaryDirectory(prefix="mapsvc-") as folder:
        backend = Path(folder) / "granian.sock"
        # Workers are new processes: what the command line decided reaches them through the environment.
        os.environ[PREFIX + "DATA"] = settings.data
        os.environ[worker.FRONT] = f"{address} {port} {backend}"
        server = _server(backend, workers)
        n_members = int((dataset.members["status"] == COUNTED_STATUS).sum())
        shown = f"http://{_bracketed(host)}:{port}{urlsplit(settings.base_url).path}/"
        greeting = f"{dataset.network.name}: {n_members} members at {shown}  (Ctrl-C stops)"
        threading.Thread(target=_greet, args=(address, port, greeting), daemon=True).start()
        server.serve()
    if server.ended_by:
        # Requests in flight were answered; the exit code says which signal it was, as shells do.
        sys.exit(128 + server.ended_by)


def _server(backend: Path, workers: int) -> "_Server":
    return _Server(
        f"{worker.__name__}:{worker.application.__name__}",
        factory=True,
        uds=backend,
        uds_permissions=0o600,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=int(HEAD_S * 1000)),
        workers=workers,
        # A request is computed or looked up, never waited for: a few threads keep a slow one from blocking the rest.
        blocking_threads=_THREADS,
        backpressure=_WAITING,
        websockets=False,
        respawn_failed_workers=True,
        # A worker that is told to end while it is still loading may not hear it: it is not waited for without end.
        workers_kill_timeout=_PATIENCE_S,
        log_level=LogLevels.warning,
    )


class _Server(Granian):  # type: ignore[misc,valid-type]
    """Granian, remembering the signal that ended it."""

    ended_by = 0

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 – granian's signature
        """Note the signal and let granian drain its workers."""
        self.ended_by = int(args[0]) if args else int(signal.SIGINT)
        super().signal_handler_interrupt(*args, **kwargs)


def _greet(address: str, port: int, greeting: str) -> None:
    """Print the address when it answers, not before."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 – compared, not listened on
    for _ in range(600):
        connection = HTTPConnection(reached, port, timeout=30)
        try:
            connection.request("GET", "/livez")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            click.echo(greeting)
            return
        finally:
            connection.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free_address(host: str, port: int) -> tuple[str, int]:
    """Return the numeric address of `host`, and `port` if it can be listened on there; a free one for 0."""
    try:
        family, _, _, _, found = socket.getaddrinfo(host or "?", port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise Unavailable(f"there is no address {host!r}", hint="choose another --host") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(found)
        except OSError as error:
            raise Unavailable(
                f"cannot listen on {host}:{port} ({error.strerror})", hint="choose another --host or --port"
            ) from error
        return str(found[0]), int(probe.getsockname()[1])
