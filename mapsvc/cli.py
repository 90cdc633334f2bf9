"""The command line: serve, import, check, gaps. Every failure is one line on standard error and an exit code of sysexits."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar

import click

from mapsvc import __version__, errors
from mapsvc.model import ValidationReport
from mapsvc.settings import Settings, shipped

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

    settings = Settings.from_env(os.environ)
    run(settings if folder is None else settings.with_data(folder), host, port, workers)


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
@click.option("--allow-drop", is_flag=True, help="Write even if more than a fifth of the members would go.")
@_json_option
@_quiet_option
@_whole_option
@_explained
def import_(
    file: str, folder: Path, *, columns: dict[str, str], layer: str, query: str,
    allow_drop: bool, as_json: bool, quiet: bool, whole: bool,
) -> None:  # fmt: skip
    """Read members from FILE, find their places, and write members.csv of the network.

    FILE is CSV, an Excel workbook (XLSX), GeoJSON, a GeoPackage or GeoParquet, known by its content, or the address
    of a PostgreSQL database (postgresql://user@host/name).

    Places without coordinates are looked up offline in GeoNames. What is wrong or uncertain is listed with its
    row; every row is accepted or listed. What is accepted is written; exit 1 where some findings are errors.
    """
    from mapsvc.sources.importer import import_members, write_members  # noqa: PLC0415 – loads the gazetteer

    result = import_members(file, folder, layer=layer, query=query, columns=columns, atlas=shipped("geodata"))
    write_members(result, folder, allow_drop=allow_drop)
    _print_report(result.report, as_json=as_json, quiet=quiet, whole=whole)
    if result.report.errors:
        sys.exit(FINDINGS)


@main.command()
@_data_option
@_json_option
@_quiet_option
@_whole_option
@_explained
def check(folder: Path | None, as_json: bool, quiet: bool, whole: bool) -> None:
    """Check a network's folder and list the findings; exit 1 where some are errors."""
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


def _print_report(report: ValidationReport, *, as_json: bool, quiet: bool, whole: bool) -> None:
    if as_json:
        counts = {"read": report.n_read, "accepted": report.n_accepted, "rejected": report.n_rejected}
        click.echo(
            json.dumps({"rows": counts, "findings": [vars(issue) for issue in report.issues]}, indent=2)
        )
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
