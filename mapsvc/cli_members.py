"""The commands that bring members in: new, import, history, diff, undo."""

import json
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from mapsvc.commands import FINDINGS, explained, json_option, print_report, quiet_option, whole_option
from mapsvc.settings import shipped

if TYPE_CHECKING:
    from mapsvc.sources.importer import ImportResult


def _mapping(_context: click.Context, _option: click.Parameter, stated: tuple[str, ...]) -> dict[str, str]:
    """Take NAME=COLUMN apart."""
    pairs = [one.partition("=") for one in stated]
    if any(not name.strip() or not column.strip() for name, _, column in pairs):
        raise click.BadParameter("write NAME=COLUMN, as in name=Gemeinde")
    return {name.strip(): column.strip() for name, _, column in pairs}


@click.command("import")
@click.argument("file")
@click.option(
    "--data", "folder", required=True, type=click.Path(path_type=Path), help="Folder of the network."
)
@click.option("--layer", "--sheet", "--table", "layer", default="",
              help="Sheet of a workbook, table of a GeoPackage or a database. [default: the first]")  # fmt: skip
@click.option("--query", default="", help="SQL instead of a table, for a database.")
@click.option("--map", "columns", multiple=True, callback=_mapping, metavar="NAME=COLUMN",
              help="What a column is called in FILE; may repeat.")  # fmt: skip
@click.option("--geocoder", default="", metavar="NAME",
              help="Whom to ask online for places that are not found offline: nominatim, or the address of one. "
              "It is told their names. [default: nobody]")  # fmt: skip
@click.option(
    "--dry-run/--publish",
    default=None,
    help="Only say what would happen, or do it. [default: at a terminal, only say; else do it]",
)
@click.option("-m", "--message", default="", help="What is new, for the history.")
@click.option("--allow-drop", is_flag=True, help="Publish even if more than a fifth of the members would go.")
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    help="Write the findings there: as .csv, the file back with a column of findings; as .html, a page to pass on; as .json, for programs.",
)
@click.option("--watch", is_flag=True, help="FILE is a folder: publish each table that is copied into it.")
@json_option
@quiet_option
@whole_option
@explained
def import_(
    file: str,
    folder: Path,
    *,
    columns: dict[str, str],
    layer: str,
    query: str,
    geocoder: str,
    dry_run: bool | None,
    message: str,
    allow_drop: bool,
    report_path: Path | None,
    watch: bool,
    as_json: bool,
    quiet: bool,
    whole: bool,
) -> None:
    """Read members from FILE, find their places, and publish them as members.csv of the network.

    FILE is CSV, an Excel workbook (XLSX), GeoJSON, a GeoPackage or GeoParquet, known by its content, or the address
    of a PostgreSQL database (postgresql://user@host/name).

    Places without coordinates are looked up offline in GeoNames. What is wrong or uncertain is listed with its
    row; every row is accepted or listed. What is accepted is published, and what was there is kept: see history
    and undo. Exit 1 where some findings are errors.
    """
    how = _How(folder, layer, query, columns, geocoder)
    if watch:
        if dry_run or query or report_path is not None or as_json:
            raise click.UsageError("--watch publishes each file and puts its findings beside it: "
                                   "leave --dry-run, --query, --report and --json out")  # fmt: skip
        _watch(Path(file), how, message=message, allow_drop=allow_drop, quiet=quiet)
    # They load the data frames and the gazetteer.
    from mapsvc.sources.publishing import propose, publish_members  # noqa: PLC0415
    from mapsvc.terminal_history import proposal_text, published_text  # noqa: PLC0415

    only_say = sys.stdin.isatty() and sys.stdout.isatty() if dry_run is None else dry_run
    result = how.read(file)
    if report_path is not None:
        _write_report(report_path, result, file, folder)
    if only_say:
        told = proposal_text(propose(result.members, folder), file, folder)
    else:
        told = published_text(publish_members(result, folder, message=message, allow_drop=allow_drop))
    print_report(result.report, as_json=as_json, quiet=quiet, whole=whole)
    if not quiet and not as_json:
        click.echo(told)
    if result.report.errors:
        sys.exit(FINDINGS)


def _write_report(path: Path, result: "ImportResult", file: str, folder: Path) -> None:
    """Write what was found in the form that the ending asks for."""
    if path.suffix.lower() == ".html":
        from mapsvc.report_page import report_html  # noqa: PLC0415 – loads what pages are made of
        from mapsvc.sources.writers import write_bytes  # noqa: PLC0415

        name = Path(file).name if "://" not in file else "postgresql"
        write_bytes(report_html(result, name, folder, shipped("templates")), path)
        return
    from mapsvc.sources.reports import write_report  # noqa: PLC0415 – as above

    write_report(path, result.raw, result.report)


@dataclass(frozen=True)
class _How:
    """How a file is read, and whom to ask; the same for each file of a watched folder."""

    folder: Path
    layer: str
    query: str
    columns: dict[str, str]
    geocoder: str

    def read(self, file: str | Path) -> "ImportResult":
        """Read members from a file."""
        from mapsvc.sources.importer import import_members  # noqa: PLC0415 – loads the data frames
        from mapsvc.sources.online import OnlineGeocoder  # noqa: PLC0415

        return import_members(
            file, self.folder, layer=self.layer, query=self.query, columns=self.columns, atlas=shipped("geodata"),
            online=OnlineGeocoder(self.geocoder) if self.geocoder else None,
        )  # fmt: skip


def _watch(inbox: Path, how: _How, *, message: str, allow_drop: bool, quiet: bool) -> NoReturn:
    from mapsvc.sources.inbox import Inbox, watch  # noqa: PLC0415 – as above
    from mapsvc.sources.publishing import publish_members  # noqa: PLC0415
    from mapsvc.sources.reports import annotated_csv  # noqa: PLC0415
    from mapsvc.terminal_history import published_text  # noqa: PLC0415

    def say(text: str) -> None:
        is_error = text.startswith("mapsvc: error: ")
        if is_error or not quiet:
            click.echo(text, err=is_error)

    def take(path: Path) -> bytes:
        result = how.read(path)
        published = publish_members(result, how.folder, message=message or path.name, allow_drop=allow_drop)
        say(published_text(published))
        return annotated_csv(result.raw, result.report)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    watched = Inbox(inbox)
    say(f"Watching {inbox}  (Ctrl-C stops)")
    watch(watched, take, say)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@quiet_option
@explained
def new(folder: Path, *, quiet: bool) -> None:
    """Make an empty network in DIR, with files that say what goes where."""
    from mapsvc.sources.scaffold import make_network  # noqa: PLC0415 – needed by this command alone

    written = make_network(folder, datetime.now(UTC).date().isoformat())
    if not quiet:
        click.echo("\n".join(map(str, written)))
        click.echo(f"Say in network.toml who you are, then: mapsvc import table.csv --data {folder}")


_history_option = click.option(
    "--data", "folder", required=True, type=click.Path(path_type=Path), help="Folder of the network."
)


@click.command()
@_history_option
@json_option
@explained
def history(folder: Path, *, as_json: bool) -> None:
    """List what was published, newest first; the running one is marked."""
    from mapsvc.terminal_history import history_text, history_values  # noqa: PLC0415 – loads the data frames

    click.echo(json.dumps(history_values(folder), indent=2) if as_json else history_text(folder))


@click.command()
@click.argument("one")
@click.argument("other")
@_history_option
@json_option
@explained
def diff(folder: Path, *, one: str, other: str, as_json: bool) -> None:
    """Say what changed from snapshot ONE to OTHER: who joined, left, was renamed, moved, or works on other themes."""
    from mapsvc.terminal_history import changes_text, difference  # noqa: PLC0415 – loads the data frames

    changes = difference(folder, one, other)
    click.echo(json.dumps([vars(one) for one in changes], indent=2) if as_json else changes_text(changes))


@click.command()
@_history_option
@click.option(
    "--to", default="", help="A snapshot by its number or id. [default: the one before the running one]"
)
@click.option("-m", "--message", default="", help="Why, for the history.")
@quiet_option
@explained
def undo(folder: Path, *, to: str, message: str, quiet: bool) -> None:
    """Bring back the members of an earlier snapshot; as a new one, so that this can be undone too."""
    from mapsvc.sources.publishing import undo as bring_back  # noqa: PLC0415 – loads the data frames
    from mapsvc.terminal_history import published_text  # noqa: PLC0415

    published = bring_back(folder, to, message=message)
    if not quiet:
        click.echo(published_text(published))


COMMANDS = (import_, new, history, diff, undo)
