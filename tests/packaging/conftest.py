"""A copy of the work tree, the distributions built from it, and environments to install them into.

Environments are made by uv, which links the locked packages from its cache: a truly empty one takes a second.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCE = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "vendor", "dist", "build", ".*cache*", "__pycache__"
)


@dataclass(frozen=True)
class Machine:
    """A computer with an empty PATH: no Node, no npm, no git, and none of this test run's settings."""

    no_programs: Path

    def run(self, command: Sequence[str | Path], folder: Path, **variables: str) -> str:
        """Run `command` in `folder`; return what it printed, or fail with what it said."""
        foreign = ("MAPSVC_", "PYTHON", "PYTEST", "VIRTUAL_ENV", "npm_")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        environ |= {"PATH": str(self.no_programs)} | variables
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def uv(self, *words: str | Path, folder: Path = ROOT, **variables: str) -> str:
        return self.run([uv.find_uv_bin(), *words], folder, **variables)


@dataclass(frozen=True)
class Distributions:
    sdist: Path
    wheel: Path


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("no-programs"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that has nothing to do with the checkout."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The work tree as a clean clone would have it: without assets."""
    return Path(shutil.copytree(ROOT, tmp_path / "checkout", ignore=NOT_SOURCE))


@pytest.fixture(scope="session")
def new_environment(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Make an empty environment with the locked packages of serving, and return its Python."""

    def make(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name) / "venv"
        machine.uv("venv", "--quiet", "--no-project", "--python", sys.executable, folder)
        python = folder / "bin" / "python"
        lock = ROOT / "requirements" / "serve.txt"
        machine.uv("pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock)
        return python

    return make


@pytest.fixture(scope="session")
def locked_python(new_environment: Callable[[str], Path]) -> Path:
    """The Python of an environment that has what mapsvc needs, and not mapsvc."""
    return new_environment("locked")


@pytest.fixture(scope="session")
def distributions(
    machine: Machine, locked_python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Distributions:
    """The sdist from the work tree, on a machine without Node; the wheel from the sdist, without a network too."""
    source = tmp_path_factory.mktemp("source") / "checkout"
    shutil.copytree(ROOT, source, ignore=NOT_SOURCE)
    (source / "passwords.txt").write_text("hunter2")
    (source / "geodata" / "scratch.py").write_text("1 / 0")
    out = tmp_path_factory.mktemp("dist")
    machine.uv("build", "--quiet", "--sdist", "--out-dir", out, source)
    (sdist,) = out.glob("*.tar.gz")
    built_from_sdist = ("build", "--quiet", "--wheel", "--offline", "--no-build-isolation")
    machine.uv(*built_from_sdist, "--python", locked_python, "--out-dir", out, sdist)
    (wheel,) = out.glob("*.whl")
    return Distributions(sdist, wheel)
