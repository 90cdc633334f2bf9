"""The command line, a command a function. Every failure is one line on standard error and an exit code of sysexits."""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar
from urllib.parse import urlencode

import click

from mapsvc import __version__, errors
from mapsvc.formats.kinds import KINDS
from mapsvc.model import ValidationReport
from mapsvc.settings import Settings, shipped
from mapsvc.starting import uncollected

EXIT_CODES: dict[type[errors.MapsvcError], int] = {
    errors.BadData: 65,
    errors.NoInput: 66,
    errors.Unavailable: 69,
    errors.CannotCreate: 73,
    errors.StorageFailure: 74,
    errors.Busy: 75,
    errors.BadConfiguration: 78,
    errors.BadQuery: 2,
}
# What can be exported, as the addresses of files have it.
WHAT = ("members", "countries", "gaps", "urban-centres")
FINDINGS = 1
UNFORESEEN = 70

P = ParamSpec("P")
R = TypeVar("R")


def _explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn our errors into one line and an exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except errors.MapsvcError as error:
            _stop(
                str(error),
                next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), UNFORESEEN),
            )
        except KeyboardInterrupt:
            _stop("interrupted; what was there before is still there", 130)
        except BrokenPipeError:
            # The reader of our output has gone: nothing to say, and nobody to say it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)

    return wrapped


def _stop(message: str, code: int) -> NoReturn:
    one_line = " ".join(message.splitlines())
    click.echo(f"mapsvc: error: {one_line}", err=True)
    sys.exit(code)


_data_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the network. [default: the bundled one]",
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
_quiet_option = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
_whole_option = click.option("--all", "whole", is_flag=True, help="List every remark, not one of each kind.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mapsvc")
def main() -> None:
    """Show the world who the members of a network of local governments are."""


@main.command()
@_data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on."
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of processes."
)
@_explained
def serve(folder: Path | None, host: str, port: int, workers: int) -> None:
    """Serve a network: pages, map and GeoJSON."""
    from mapsvc.serving.server import run  # noqa: PLC0415 – granian is needed by this command alone

    run(_settings(folder), host, port, workers)


def _mapping(_context: click.Context, _option: click.Parameter, stated: tuple[str, ...]) -> dict[str, str]:
    """Take NAME=COLUMN apart."""
    pairs = [one.partition("=") for one in stated]
    if any(not name.strip() or not column.strip() for name, _, column in pairs):
        raise click.BadParameter("write NAME=COLUMN, as in name=Gemeinde")
    return {name.strip(): column.strip() for name, _, column in pairs}


@main.command("import")
@click.argument("file")
@click.option(
    "--data", "folder", required=True, type=click.Path(path_type=Path), help="Folder of the network."
)
@click.option("--layer", "--sheet", "--table", "layer", default="",
              help="Sheet of a workbook, table of a GeoPackage or a database. [default: the first]")  # fmt: skip
@click.option("--query", default="", help="SQL instead of a table, for a database.")
@click.option("--map", "columns", multiple=True, callback=_mapping, metavar="NAME=COLUMN",
              help="What a column is called in FILE; may repeat.")  # fmt: skip
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
    help="Write the findings there: as .csv, the file back with a column of findings; as .json, for programs.",
)
@click.option("--watch", is_flag=True, help="FILE is a folder: publish each table that is copied into it.")
@_json_option
@_quiet_option
@_whole_option
@_explained
def import_(
    file: str,
    folder: Path,
    *,
    columns: dict[str, str],
    layer: str,
    query: str,
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
    if watch:
        _watch(Path(file), folder, allow_drop=allow_drop, quiet=quiet)
    # They load the data frames and the gazetteer.
    from mapsvc.sources.importer import import_members  # noqa: PLC0415
    from mapsvc.sources.publishing import propose, publish_members  # noqa: PLC0415
    from mapsvc.sources.reports import write_report  # noqa: PLC0415
    from mapsvc.terminal_history import proposal_text, published_text  # noqa: PLC0415

    only_say = sys.stdin.isatty() and sys.stdout.isatty() if dry_run is None else dry_run
    result = import_members(file, folder, layer=layer, query=query, columns=columns, atlas=shipped("geodata"))
    if report_path is not None:
        write_report(report_path, result.raw, result.report)
    if only_say:
        told = proposal_text(propose(result.members, folder), file, folder)
    else:
        told = published_text(publish_members(result, folder, message=message, allow_drop=allow_drop))
    _print_report(result.report, as_json=as_json, quiet=quiet, whole=whole)
    if not quiet and not as_json:
        click.echo(told)
    if result.report.errors:
        sys.exit(FINDINGS)


def _watch(inbox: Path, folder: Path, *, allow_drop: bool, quiet: bool) -> NoReturn:
    from mapsvc.sources.importer import import_members  # noqa: PLC0415 – as above
    from mapsvc.sources.inbox import Inbox, watch  # noqa: PLC0415
    from mapsvc.sources.publishing import publish_members  # noqa: PLC0415
    from mapsvc.sources.reports import annotated_csv  # noqa: PLC0415
    from mapsvc.terminal_history import published_text  # noqa: PLC0415

    def say(text: str) -> None:
        is_error = text.startswith("mapsvc: error: ")
        if is_error or not quiet:
            click.echo(text, err=is_error)

    def take(path: Path) -> bytes:
        result = import_members(path, folder, atlas=shipped("geodata"))
        say(published_text(publish_members(result, folder, message=path.name, allow_drop=allow_drop)))
        return annotated_csv(result.raw, result.report)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    watched = Inbox(inbox)
    say(f"Watching {inbox}  (Ctrl-C stops)")
    watch(watched, take, say)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_quiet_option
@_explained
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


@main.command()
@_history_option
@_json_option
@_explained
def history(folder: Path, *, as_json: bool) -> None:
    """List what was published, newest first; the running one is marked."""
    from mapsvc.terminal_history import history_text, history_values  # noqa: PLC0415 – loads the data frames

    click.echo(json.dumps(history_values(folder), indent=2) if as_json else history_text(folder))


@main.command()
@click.argument("one")
@click.argument("other")
@_history_option
@_json_option
@_explained
def diff(folder: Path, *, one: str, other: str, as_json: bool) -> None:
    """Say what changed from snapshot ONE to OTHER: who joined, left, was renamed, moved, or works on other themes."""
    from mapsvc.terminal_history import changes_text, difference  # noqa: PLC0415 – loads the data frames

    changes = difference(folder, one, other)
    click.echo(json.dumps([vars(one) for one in changes], indent=2) if as_json else changes_text(changes))


@main.command()
@_history_option
@click.option(
    "--to", default="", help="A snapshot by its number or id. [default: the one before the running one]"
)
@click.option("-m", "--message", default="", help="Why, for the history.")
@_quiet_option
@_explained
def undo(folder: Path, *, to: str, message: str, quiet: bool) -> None:
    """Bring back the members of an earlier snapshot; as a new one, so that this can be undone too."""
    from mapsvc.sources.publishing import undo as bring_back  # noqa: PLC0415 – loads the data frames
    from mapsvc.terminal_history import published_text  # noqa: PLC0415

    published = bring_back(folder, to, message=message)
    if not quiet:
        click.echo(published_text(published))


@main.command()
@_data_option
@_json_option
@_quiet_option
@_whole_option
@_explained
def check(folder: Path | None, as_json: bool, quiet: bool, whole: bool) -> None:
    """Check a network's folder and list the findings; exit 1 where some are errors."""
    with uncollected():
        from mapsvc.sources.store import load_dataset  # noqa: PLC0415 – the data frames take a second to import

        report = load_dataset(folder or shipped("geodata")).report
    _print_report(report, as_json=as_json, quiet=quiet, whole=whole)
    if report.errors:
        sys.exit(FINDINGS)


@main.command()
@_data_option
@click.option("--theme", default="", help="One theme, by its id. [default: all]")
@click.option("--region", default="", help="One region, by its id. [default: the world]")
@click.option("--asof", default="", help="YYYY, YYYY-MM or YYYY-MM-DD. [default: now]")
@click.option("--threshold", default="", help="Least inhabitants of an urban centre. [default: all of them]")
@click.option("--sort", default="", help="Column to sort by; a minus turns it round. [default: missing]")
@click.option(
    "-n", "--rows", default=20, show_default=True, type=click.IntRange(0), help="Countries to print."
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    help="Exit 1 where fewer per cent of the urban people are covered.",
)
@_json_option
@_quiet_option
@_explained
def gaps(
    folder: Path | None, *, rows: int, fail_under: float | None, as_json: bool, quiet: bool, **asked: str
) -> None:
    """Print where members are missing: coverage by country, with how sure it is."""
    from mapsvc.terminal import coverage_answer  # noqa: PLC0415 – the data frames take a second to import

    answer = coverage_answer(folder or shipped("geodata"), asked, rows)
    if not quiet:
        click.echo(answer.json if as_json else answer.text)
    share = answer.people_share
    if fail_under is not None and (share is None or 100 * share < fail_under):
        said = (
            "no share is known" if share is None else f"{100 * share:.2f} % of the urban people are covered"
        )
        click.echo(f"mapsvc: {said}, which is under {fail_under:g} %", err=True)
        sys.exit(FINDINGS)


@main.command()
@click.argument("address")
@_data_option
@click.option(
    "-o",
    "--output",
    default="-",
    type=click.Path(path_type=Path),
    help="File to write. [default: standard output]",
)
@_explained
def get(address: str, folder: Path | None, output: Path) -> None:
    """Print what ADDRESS answers, such as '/members.geojson?theme=water', without a server."""
    from mapsvc.inside import Inside  # noqa: PLC0415 – the application takes a second to import

    _put(Inside(_settings(folder)).get(address).body, output)


@main.command()
@_data_option
@click.option("--of", default="members", show_default=True, type=click.Choice(WHAT), help="What to write.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(tuple(KINDS)),
    help="File format. [default: as FILE ends, else geojson]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write, - for standard output. [default: named after what is in it]",
)
@click.option("--theme", multiple=True, help="A theme or theme group, by its id; may repeat.")
@click.option("--region", multiple=True, help="A region, by its id; may repeat.")
@click.option("--country", multiple=True, help="ISO 3166-1 alpha-2; may repeat.")
@click.option("--type", "type", multiple=True, help="A type of member; may repeat.")
@click.option("--status", multiple=True, help="A status. [default: member]")
@click.option("--asof", help="YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--q", help="Words of the name.")
@click.option("--crs", help="Such as EPSG:3857, for formats that carry one.")
@click.option("--lang", help="Language of names and notes.")
@_quiet_option
@_explained
def export(
    folder: Path | None,
    of: str,
    kind: str | None,
    output: Path | None,
    *,
    quiet: bool,
    **asked: str | tuple[str, ...] | None,
) -> None:
    """Write a view to a file, as the download of the page has it."""
    from mapsvc.inside import Inside  # noqa: PLC0415 – the application takes a second to import

    ending = kind or (output.suffix.removeprefix(".") if output and output.suffix else "geojson")
    if ending not in KINDS:
        raise errors.BadQuery(f"there is no format {ending[:20]!r}", parameter="format", allowed=tuple(KINDS))
    given = [
        (name, one)
        for name, value in asked.items()
        for one in (value if isinstance(value, tuple) else (value,))
        if one
    ]
    fetched = Inside(_settings(folder)).get(f"/{of}.{ending}?{urlencode([*given, ('dl', '1')])}")
    path = output or Path(fetched.filename)
    _put(fetched.body, path)
    if not quiet and str(path) != "-":
        click.echo(f"{path}: {len(fetched.body)} bytes", err=True)


def _settings(folder: Path | None) -> Settings:
    settings = Settings.from_env(os.environ)
    return settings if folder is None else settings.with_data(folder)


def _put(content: bytes, output: Path) -> None:
    if str(output) == "-":
        click.echo(content, nl=False)
        return
    from mapsvc.sources.writers import write_bytes  # noqa: PLC0415 – see above

    write_bytes(content, output)


def _print_report(report: ValidationReport, *, as_json: bool, quiet: bool, whole: bool) -> None:
    if as_json:
        from mapsvc.sources.reports import report_json  # noqa: PLC0415 – loads the data frames

        click.echo(report_json(report).decode())
        return
    remarks = [issue for issue in report.issues if issue.severity == "info"]
    for issue in report.issues:
        if issue.severity == "error" or (not quiet and (whole or issue.severity == "warning")):
            click.echo(str(issue), err=issue.severity == "error")
    if quiet:
        return
    if not whole:
        for code, n in Counter(issue.code for issue in remarks).items():
            first = next(issue for issue in remarks if issue.code == code)
            click.echo(str(first) + (f"  (and {n - 1} more like this: --all)" if n > 1 else ""))
    click.echo(
        f"{report.n_read} rows read, {report.n_accepted} accepted, {report.n_rejected} rejected; "
        f"{len(report.errors)} errors, {len(report.issues) - len(report.errors) - len(remarks)} warnings, "
        f"{len(remarks)} remarks"
    )
