"""Servers for the figures, on free ports of this machine, stopped when the figure is taken."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], address: str, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a program until the block ends, and yield its address without the last part, where it answers by then."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, **(environ or {})}, start_new_session=True
    )
    try:
        for _ in range(300):
            try:
                with urlopen(address, timeout=20):
                    break
            except (URLError, TimeoutError):
                if process.poll() is not None:
                    raise RuntimeError(f"{command[0]} ended with {process.returncode}") from None
                time.sleep(0.1)
        yield address.rsplit("/", 1)[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def mapsvc(workers: int = 1, **environ: str) -> Iterator[str]:
    """Run ``mapsvc serve`` on the bundled network, with these settings, and yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "mapsvc", "serve", "--port", str(port), "--workers", str(workers)]
    with running(command, f"http://127.0.0.1:{port}/livez", environ) as address:
        yield address


@contextmanager
def nginx(folder: Path, workers: int = 2) -> Iterator[str]:
    """Run nginx on the files of `folder`, serving ``.gz`` files beside them as they are, and yield its address."""
    port, home = free_port(), Path(tempfile.mkdtemp(prefix="nginx-"))
    folder.chmod(0o755)
    (home / "nginx.conf").write_text(
        f"""
        daemon off; worker_processes {workers}; pid {home}/pid; error_log {home}/error.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
            types {{ application/geo+json geojson; text/html html; text/javascript js; text/css css; }}
            client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home};
            uwsgi_temp_path {home}; scgi_temp_path {home};
            server {{ listen 127.0.0.1:{port}; root {folder}; gzip_static on;
                      add_header Cache-Control "public, max-age=300"; }}
        }}
        """,
        encoding="utf-8",
    )
    (folder / "ready.html").write_text("ok", encoding="utf-8")
    home.chmod(0o755)
    try:
        with running(
            ["nginx", "-c", str(home / "nginx.conf")], f"http://127.0.0.1:{port}/ready.html"
        ) as address:
            yield address
    finally:
        shutil.rmtree(home, ignore_errors=True)
