"""pygeoapi on a GeoJSON file, for comparison: in an environment of its own below ``.cache``, served by gunicorn."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import servers

PACKAGES = ("pygeoapi==0.21.0", "gunicorn==27.0.1")
_HOME = Path(__file__).resolve().parents[1] / ".cache" / "pygeoapi"
_CONTACT = {"name": "nobody", "url": "http://localhost"}


@contextmanager
def pygeoapi(file: Path, workers: int = 2) -> Iterator[str]:
    """Run pygeoapi on the features of `file`, as the collection ``members``, and yield its address."""
    programs, port = _programs(), servers.free_port()
    root = f"http://127.0.0.1:{port}"
    config, definition = file.with_name("pygeoapi.json"), file.with_name("openapi.yml")
    config.write_text(json.dumps(_config(file, root, port)), encoding="utf-8")  # JSON is YAML
    environ = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(definition)}
    subprocess.run(
        [programs / "pygeoapi", "openapi", "generate", config, "--output-file", definition],
        env=environ, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    command = [
        str(programs / "gunicorn"),
        "--workers",
        str(workers),
        "--timeout",
        "300",
        "--log-level",
        "critical",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"]
    with servers.running(command, f"{root}/conformance", environ) as address:
        yield address


def _programs() -> Path:
    """Return the folder of its programs; they are installed when they are needed for the first time."""
    programs, done = _HOME / "bin", _HOME / "installed"
    if not done.is_file() or done.read_text(encoding="ascii") != " ".join(PACKAGES):
        print("installing pygeoapi below .cache …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", _HOME], check=True)
        subprocess.run([programs / "pip", "install", "--quiet", *PACKAGES], check=True)
        done.write_text(" ".join(PACKAGES), encoding="ascii")
    return programs


def _config(file: Path, root: str, port: int) -> dict[str, object]:
    box = {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    named = {"title": "Members", "description": "Members", "keywords": ["members"]}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": root,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "http://localhost/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**named, "keywords_type": "theme", "terms_of_service": "", "url": root},
            "license": {"name": "none", "url": root},
            "provider": _CONTACT,
            "contact": _CONTACT,
        },
        "resources": {
            "members": {
                "type": "collection",
                **named,
                "links": [],
                "extents": {"spatial": box},
                "providers": [
                    {"type": "feature", "name": "GeoJSON", "data": str(file), "id_field": "id"},
                ],
            }
        },
    }
