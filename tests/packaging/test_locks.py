"""The locks pin everything by hash, name no address, and still say what pyproject.toml and package.json ask for."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hatch_build import ASSETS

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("node", "serve", "test")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, list[Requirement]]:
    """The pins of a lock by package; more than one where they differ by Python version."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[Requirement]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pin = Requirement(re.split(r"\s+--hash=", line)[0])
            pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pins


def group(name: str) -> list[Requirement]:
    """The requirements of a dependency group, with those of the groups that it includes."""
    found: list[Requirement] = []
    for entry in PROJECT["dependency-groups"][name]:
        found += group(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_each_line_of_a_lock_is_a_pin_with_hashes_and_no_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9._-]+==[^ ]+( ; [^-]*)?( +--hash=sha256:[0-9a-f]{64})+ *", line), line
    assert "://" not in text


def test_the_locks_satisfy_what_the_project_asks_for():
    run_time = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
    extras = [
        Requirement(text) for texts in PROJECT["project"]["optional-dependencies"].values() for text in texts
    ]
    wanted = {
        "serve": run_time + group("build"),
        "test": run_time + extras + group("dev"),
        "node": group("node"),
    }
    assert set(wanted) == set(LOCKS)
    for name, requirements in wanted.items():
        pins = locked(name)
        for requirement in requirements:
            for pin in pins[canonicalize_name(requirement.name)]:
                (exact,) = pin.specifier
                assert requirement.specifier.contains(exact.version), f"{name}: {requirement} against {pin}"


@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0", "3.14.0"])
@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_what_is_tested_is_what_is_served(python: str, system: str):
    """On each system: a lock may say in another way for whom a pin is."""
    machine = {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": system,
        "platform_system": system.title(),
    }

    def there(name: str) -> dict[str, set[str]]:
        pins = {
            package: {
                str(one.specifier) for one in found if one.marker is None or one.marker.evaluate(machine)
            }
            for package, found in locked(name).items()
        }
        return {package: found for package, found in pins.items() if found}

    serve, test = there("serve"), there("test")
    assert {name: test[name] for name in serve} == serve


def test_the_gazetteers_stay_out_of_what_a_server_installs():
    extra = {Requirement(text).name for text in PROJECT["project"]["optional-dependencies"]["import"]}
    assert extra <= set(locked("test"))
    assert not extra & set(locked("serve"))


def test_the_npm_lock_has_a_hash_for_each_package_and_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [path for path, entry in packages.items() if "resolved" in entry]
    assert all(entry["integrity"].startswith("sha512-") for path, entry in packages.items() if path)
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_what_tests_take_from_npm_stays_out_of_what_a_server_installs():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    served = {
        path.removeprefix("node_modules/")
        for path, entry in packages.items()
        if path and not entry.get("dev")
    }
    # The types come with supercluster.
    assert served == {*ASSETS, "@types/geojson"}
