"""The command line, a command a function. Every failure is one line on standard error and an exit code of sysexits."""

import os
import sys
from pathlib import Path
from urllib.parse import urlencode

import click

from mapsvc import __version__, cli_members
from mapsvc.commands import (
    FINDINGS,
    data_option,
    explained,
    json_option,
    print_report,
    quiet_option,
    whole_option,
)
from mapsvc.errors import BadQuery
from mapsvc.formats.kinds import KINDS
from mapsvc.settings import Settings, shipped
from mapsvc.starting import uncollected

# What can be exported, as the addresses of files have it.
WHAT = ("members", "countries", "gaps", "urban-centres")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mapsvc")
def main() -> None:
    """Show the world who the members of a network of local governments are."""


@main.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on."
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Number of processes."
)
@explained
def serve(folder: Path | None, host: str, port: int, workers: int) -> None:
    """Serve a network: pages, map and GeoJSON."""
    from mapsvc.serving.server import run  # noqa: PLC0415 – granian is needed by this command alone

    run(_settings(folder), host, port, workers)


@main.command()
@data_option
@json_option
@quiet_option
@whole_option
@explained
def check(folder: Path | None, as_json: bool, quiet: bool, whole: bool) -> None:
    """Check a network's folder and list the findings; exit 1 where some are errors."""
    with uncollected():
        from mapsvc.sources.store import load_dataset  # noqa: PLC0415 – the data frames take a second to import

        report = load_dataset(folder or shipped("geodata")).report
    print_report(report, as_json=as_json, quiet=quiet, whole=whole)
    if report.errors:
        sys.exit(FINDINGS)


@main.command()
@data_option
@click.option("--theme", default="", help="One theme, by its id. [default: all]")
@click.option("--region", default="", help="One region, by its id. [default: the world]")
@click.option("--asof", default="", help="YYYY, YYYY-MM or YYYY-MM-DD. [default: now]")
@click.option("--versus", default="", help="A date to compare with.")
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
@json_option
@quiet_option
@explained
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
@data_option
@click.option(
    "-o",
    "--output",
    default="-",
    type=click.Path(path_type=Path),
    help="File to write. [default: standard output]",
)
@explained
def get(address: str, folder: Path | None, output: Path) -> None:
    """Print what ADDRESS answers, such as '/members.geojson?theme=water', without a server."""
    from mapsvc.inside import Inside  # noqa: PLC0415 – the application takes a second to import

    _put(Inside(_settings(folder)).get(address).body, output)


@main.command()
@data_option
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
@quiet_option
@explained
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
        raise BadQuery(f"there is no format {ending[:20]!r}", parameter="format", allowed=tuple(KINDS))
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


for _command in cli_members.COMMANDS:
    main.add_command(_command)
