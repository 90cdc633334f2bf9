"""members.csv and participation.csv: the import of sources/members_raw.csv and sources/programmes_raw.csv."""

import shutil
from collections import Counter
from pathlib import Path

from mapsvc.model import ValidationReport
from mapsvc.sources.gazetteer import Gazetteer
from mapsvc.sources.importer import import_members, import_participation
from mapsvc.sources.writers import write_table


def build(geodata: Path, gazetteer: Gazetteer | None = None) -> None:
    """Write members.csv and participation.csv into `geodata`, and print what was found.

    Needs ``countries.csv`` and ``themes.csv`` there; ``sources/`` is put there if it is missing.
    """
    sources = geodata / "sources"
    if not sources.is_dir():
        shutil.copytree(Path(__file__).parent / "sources", sources)
    result = import_members(sources / "members_raw.csv", geodata, gazetteer=gazetteer)
    write_table(result.table, geodata / "members.csv")
    print(
        f"members.csv: {len(result.table)} members, {int(result.members.geometry.notna().sum())} with a point"
    )
    _print_findings(result.report)
    participation, report = import_participation(sources / "programmes_raw.csv", result.members, geodata)
    write_table(participation, geodata / "participation.csv")
    print(
        f"participation.csv: {len(participation)} rows, {int((participation['member'] != '').sum())} of members"
    )
    _print_findings(report)


def _print_findings(report: ValidationReport) -> None:
    counts: Counter[tuple[str, str]] = Counter((issue.severity, issue.code) for issue in report.issues)
    for (severity, code), n in sorted(counts.items()):
        print(f"  {severity} {code}: {n}")
